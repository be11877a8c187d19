package dev.kite.security.encryption;

import dev.kite.grpc.UnixChannels;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A KMS v2 plugin on its unix socket. */
final class KmsClient implements KmsService {
    /** A seed, its key's name and 32 KiB of annotations fit many times over. */
    private static final int LARGEST_MESSAGE = 256 << 10;

    private final String name;
    private final ManagedChannel channel;
    private final Duration timeout;

    KmsClient(String name, Path socket, Duration timeout) {
        this.name = name;
        this.channel = UnixChannels.open(socket);
        this.timeout = timeout;
    }

    @Override
    public Status status() {
        String[] fields = {"", "", "", ""};
        Wire.read(call("Status", new byte[0]), new Texts() {
            @Override
            public void bytes(int field, byte[] value) {
                if (field > 0 && field < fields.length) {
                    fields[field] = new String(value, StandardCharsets.UTF_8);
                }
            }
        });
        return new Status(fields[1], fields[2], fields[3]);
    }

    @Override
    public Encrypted encrypt(byte[] plain, String uid) {
        byte[] answer =
                call("Encrypt", new Wire.Writer().bytes(1, plain).text(2, uid).done());
        byte[][] ciphertext = {new byte[0]};
        String[] keyId = {""};
        Map<String, byte[]> annotations = new LinkedHashMap<>();
        Wire.read(answer, new Texts() {
            @Override
            public void bytes(int field, byte[] value) {
                switch (field) {
                    case 1 -> ciphertext[0] = value;
                    case 2 -> keyId[0] = new String(value, StandardCharsets.UTF_8);
                    case 3 -> Wire.entry(value, annotations);
                    default -> {
                        // A field of a later version.
                    }
                }
            }
        });
        return new Encrypted(ciphertext[0], keyId[0], annotations);
    }

    @Override
    public byte[] decrypt(Encrypted encrypted, String uid) {
        byte[] answer = call(
                "Decrypt",
                new Wire.Writer()
                        .bytes(1, encrypted.ciphertext())
                        .text(2, uid)
                        .text(3, encrypted.keyId())
                        .map(4, encrypted.annotations())
                        .done());
        byte[][] plain = {new byte[0]};
        Wire.read(answer, new Texts() {
            @Override
            public void bytes(int field, byte[] value) {
                if (field == 1) {
                    plain[0] = value;
                }
            }
        });
        return plain[0];
    }

    private byte[] call(String method, byte[] request) {
        MethodDescriptor<byte[], byte[]> descriptor = MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName("v2.KeyManagementService/" + method)
                .setRequestMarshaller(Raw.INSTANCE)
                .setResponseMarshaller(Raw.INSTANCE)
                .build();
        CallOptions options = CallOptions.DEFAULT
                .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .withMaxInboundMessageSize(LARGEST_MESSAGE);
        try {
            return ClientCalls.blockingUnaryCall(channel, descriptor, options, request);
        } catch (StatusRuntimeException e) {
            throw new IllegalStateException("the KMS " + name + " refuses " + method + ": " + why(e.getStatus()), e);
        }
    }

    /** One line: gRPC's own text holds the whole stack of a cause. */
    private static String why(io.grpc.Status status) {
        Throwable cause = status.getCause();
        String more = status.getDescription() != null
                ? status.getDescription()
                : cause == null || cause.getMessage() == null ? "" : cause.getMessage();
        return (status.getCode() + " " + more).lines().findFirst().orElse("").strip();
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    /** Answers hold no numbers; what a later version adds is skipped. */
    private abstract static class Texts implements Wire.Fields {
        @Override
        public void number(int field, long value) {
            // Of a later version.
        }
    }

    /** Messages are already bytes. */
    private enum Raw implements MethodDescriptor.Marshaller<byte[]> {
        INSTANCE;

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
    }
}
