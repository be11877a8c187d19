package dev.kite.http;

import dev.kite.api.http.Duplex;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** A socket as a {@link Duplex}. Closing its output half-closes: the peer reads the end while its own bytes still come. */
public final class SocketDuplex implements Duplex {
    private final Socket socket;
    private final Socket transport;
    private final InputStream input;
    private final OutputStream output;

    /**
     * Wraps a connected socket.
     *
     * @param socket the socket, closed with this
     * @throws IOException if it is not connected
     */
    public SocketDuplex(Socket socket) throws IOException {
        this(socket, socket, socket.getInputStream());
    }

    /**
     * Wraps a socket of which some bytes have been read already.
     *
     * @param socket the socket
     * @param transport the TCP socket below TLS, or the same: closing it cannot block on a handshake or a lock
     * @param input what was read ahead, then the socket's bytes
     * @throws IOException if it is not connected
     */
    public SocketDuplex(Socket socket, Socket transport, InputStream input) throws IOException {
        this.socket = socket;
        this.transport = transport;
        this.input = new Input(input);
        this.output = new Output(socket.getOutputStream());
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return output;
    }

    @Override
    public void close() throws IOException {
        transport.close();
    }

    /** Closes all: a stream that nobody reads is of no use. */
    private final class Input extends FilterInputStream {
        Input(InputStream in) {
            super(in);
        }

        @Override
        public void close() throws IOException {
            SocketDuplex.this.close();
        }
    }

    /** Half-closes. */
    private final class Output extends FilterOutputStream {
        Output(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            if (!socket.isClosed() && !socket.isOutputShutdown()) {
                socket.shutdownOutput();
            }
        }
    }
}
