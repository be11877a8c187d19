package dev.kite.grpc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import javax.net.SocketFactory;

/** Connects to one unix socket, whatever address is asked for. */
final class UnixSocketFactory extends SocketFactory {
    private final Path socket;

    UnixSocketFactory(Path socket) {
        this.socket = socket;
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return UnixSocket.connect(socket);
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return UnixSocket.connect(socket);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return UnixSocket.connect(socket);
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        return UnixSocket.connect(socket);
    }
}
