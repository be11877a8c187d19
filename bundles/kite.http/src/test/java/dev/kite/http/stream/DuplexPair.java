package dev.kite.http.stream;

import dev.kite.api.http.Duplex;
import dev.kite.http.SocketDuplex;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Two ends of one connection on loopback. */
record DuplexPair(Duplex client, Duplex server) implements AutoCloseable {
    static DuplexPair open() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Socket client = new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort());
            return new DuplexPair(new SocketDuplex(client), new SocketDuplex(listener.accept()));
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
        server.close();
    }
}
