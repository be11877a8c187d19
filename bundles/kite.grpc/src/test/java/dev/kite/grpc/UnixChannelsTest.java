package dev.kite.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallOptions;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.stub.ClientCalls;
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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnixChannelsTest {
    @TempDir
    Path folder;

    private static final MethodDescriptor.Marshaller<String> TEXT = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(String value) {
            return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    private static final MethodDescriptor<String, String> ECHO = MethodDescriptor.<String, String>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("test.Echo/Echo")
            .setRequestMarshaller(TEXT)
            .setResponseMarshaller(TEXT)
            .build();

    /** A gRPC server on loopback with a unix socket before it. */
    private static final class EchoServer implements AutoCloseable {
        private final Server server = OkHttpServerBuilder.forPort(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), InsecureServerCredentials.create())
                .addService(ServerServiceDefinition.builder("test.Echo")
                        .addMethod(ECHO, ServerCalls.asyncUnaryCall((request, observer) -> {
                            observer.onNext(request.equals("much") ? "x".repeat(9 << 20) : "echo " + request);
                            observer.onCompleted();
                        }))
                        .build())
                .maxInboundMessageSize(32 << 20)
                .build()
                .start();
        private final ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        private final Path socket;

        EchoServer(Path socket) throws IOException {
            this.socket = socket;
            listener.bind(UnixDomainSocketAddress.of(socket));
            Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        SocketChannel near = listener.accept();
                        SocketChannel far = SocketChannel.open(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()));
                        pump(near, far);
                        pump(far, near);
                    }
                } catch (IOException e) {
                    // closed
                }
            });
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
        public void close() throws Exception {
            listener.close();
            Files.deleteIfExists(socket);
            server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
    }

    private static String echo(ManagedChannel channel, String text) {
        return ClientCalls.blockingUnaryCall(
                channel, ECHO, CallOptions.DEFAULT.withWaitForReady().withDeadlineAfter(10, TimeUnit.SECONDS), text);
    }

    @Test
    void callsCrossAUnixSocketAndGoOnAfterTheServerCameBack() throws Exception {
        Path socket = folder.resolve("s.sock");
        ManagedChannel channel = UnixChannels.open(socket);
        try {
            assertThatThrownBy(() -> ClientCalls.blockingUnaryCall(channel, ECHO, CallOptions.DEFAULT, "nobody"))
                    .isInstanceOf(StatusRuntimeException.class)
                    .hasMessageContaining("UNAVAILABLE");
            try (EchoServer server = new EchoServer(socket)) {
                channel.resetConnectBackoff();
                assertThat(echo(channel, "one")).isEqualTo("echo one");
                String large = "x".repeat(300_000);
                assertThat(echo(channel, large)).isEqualTo("echo " + large);
                assertThat(echo(channel, "much")).hasSize(9 << 20);
                assertThat(server.socket).exists();
            }
            try (EchoServer server = new EchoServer(socket)) {
                String answer = null;
                for (int attempt = 0; attempt < 50 && answer == null; attempt++) {
                    try {
                        answer = echo(channel, "two");
                    } catch (StatusRuntimeException e) {
                        channel.resetConnectBackoff();
                        Thread.sleep(20);
                    }
                }
                assertThat(answer).isEqualTo("echo two");
                assertThat(server.socket).exists();
            }
        } finally {
            channel.shutdownNow();
            assertThat(channel.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
        }
    }
}
