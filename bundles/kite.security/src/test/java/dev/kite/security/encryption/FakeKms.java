package dev.kite.security.encryption;

import io.grpc.InsecureServerCredentials;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A KMS v2 plugin on a unix socket: "encrypts" by turning each byte round, under a key that can be changed. */
final class FakeKms implements AutoCloseable {
    private final Path socket;
    private final Server server;
    private final ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    final AtomicInteger encrypts = new AtomicInteger();
    final AtomicInteger decrypts = new AtomicInteger();
    volatile String keyId = "key-1";
    volatile String health = "ok";
    volatile String version = "v2";
    volatile boolean hangs;
    volatile byte[] garbage = new byte[0];

    private interface Method {
        byte[] answer(byte[] request);
    }

    FakeKms(Path socket) throws IOException {
        this.socket = socket;
        server = OkHttpServerBuilder.forPort(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), InsecureServerCredentials.create())
                .addService(ServerServiceDefinition.builder("v2.KeyManagementService")
                        .addMethod(method("Status"), ServerCalls.asyncUnaryCall((request, observer) -> {
                            pause();
                            observer.onNext(
                                    garbage.length > 0
                                            ? garbage
                                            : new Wire.Writer()
                                                    .text(1, version)
                                                    .text(2, health)
                                                    .text(3, keyId)
                                                    .done());
                            observer.onCompleted();
                        }))
                        .addMethod(method("Encrypt"), ServerCalls.asyncUnaryCall((request, observer) -> {
                            encrypts.incrementAndGet();
                            observer.onNext(encrypt(request));
                            observer.onCompleted();
                        }))
                        .addMethod(method("Decrypt"), ServerCalls.asyncUnaryCall((request, observer) -> {
                            decrypts.incrementAndGet();
                            pause();
                            observer.onNext(decrypt(request));
                            observer.onCompleted();
                        }))
                        .build())
                .build()
                .start();
        listener.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofVirtual().start(this::accept);
    }

    private void pause() {
        if (hangs) {
            try {
                Thread.sleep(3_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private byte[] encrypt(byte[] request) {
        Map<String, byte[]> annotations = new LinkedHashMap<>();
        annotations.put("kms.example.org", "a".getBytes(StandardCharsets.UTF_8));
        return new Wire.Writer()
                .bytes(1, turned(field(request, 1)))
                .text(2, keyId)
                .map(3, annotations)
                .done();
    }

    private static byte[] decrypt(byte[] request) {
        Map<String, byte[]> annotations = new LinkedHashMap<>();
        Wire.entry(field(request, 4), annotations);
        if (!annotations.containsKey("kms.example.org") || field(request, 3).length == 0) {
            throw new IllegalStateException("the annotation or the key_id did not come back");
        }
        return new Wire.Writer().bytes(1, turned(field(request, 1))).done();
    }

    private static byte[] field(byte[] message, int wanted) {
        byte[][] found = {new byte[0]};
        Wire.read(message, new Wire.Fields() {
            @Override
            public void bytes(int field, byte[] value) {
                if (field == wanted) {
                    found[0] = value;
                }
            }

            @Override
            public void number(int field, long value) {
                throw new IllegalStateException("no numbers here");
            }
        });
        return found[0];
    }

    private static byte[] turned(byte[] bytes) {
        byte[] turned = bytes.clone();
        for (int i = 0; i < turned.length; i++) {
            turned[i] = (byte) ~turned[i];
        }
        return turned;
    }

    private static MethodDescriptor<byte[], byte[]> method(String name) {
        MethodDescriptor.Marshaller<byte[]> raw = new MethodDescriptor.Marshaller<>() {
            @Override
            public InputStream stream(byte[] value) {
                return new ByteArrayInputStream(value);
            }

            @Override
            public byte[] parse(InputStream stream) {
                try {
                    return stream.readAllBytes();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
        return MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName("v2.KeyManagementService/" + name)
                .setRequestMarshaller(raw)
                .setResponseMarshaller(raw)
                .build();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel near = listener.accept();
                SocketChannel far =
                        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()));
                pump(near, far);
                pump(far, near);
            }
        } catch (IOException e) {
            // closed
        }
    }

    private static void pump(SocketChannel from, SocketChannel to) {
        Thread.ofVirtual().start(() -> {
            try (from;
                    to) {
                Channels.newInputStream(from).transferTo(Channels.newOutputStream(to));
            } catch (IOException e) {
                // closed
            }
        });
    }

    @Override
    public void close() throws IOException {
        listener.close();
        Files.deleteIfExists(socket);
        server.shutdownNow();
        try {
            server.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
