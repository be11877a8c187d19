package dev.kite.grpc;

import io.grpc.ManagedChannel;
import io.grpc.okhttp.OkHttpChannelBuilder;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Channels to gRPC servers on unix sockets, without TLS: the socket file's permissions are the protection. A channel connects when it is first used and again
 * after the server went away.
 */
public final class UnixChannels {
    /** containerd answers image and log lists larger than gRPC's default of 4 MiB. */
    private static final int LARGEST_MESSAGE = 16 << 20;

    private UnixChannels() {}

    /**
     * Makes a channel.
     *
     * @param socket the server's socket
     * @return the channel, to be shut down by the caller; its calls run on virtual threads
     */
    public static ManagedChannel open(Path socket) {
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("grpc-" + socket.getFileName() + "-", 0).factory());
        // The address is never connected to: the socket factory knows where to go. A literal, so that nothing is
        // resolved.
        return OkHttpChannelBuilder.forAddress("127.0.0.1", 1)
                .usePlaintext()
                .overrideAuthority("localhost")
                .socketFactory(new UnixSocketFactory(socket))
                .proxyDetector(target -> null)
                .disableServiceConfigLookUp()
                .executor(threads)
                .transportExecutor(threads)
                .maxInboundMessageSize(LARGEST_MESSAGE)
                .build();
    }
}
