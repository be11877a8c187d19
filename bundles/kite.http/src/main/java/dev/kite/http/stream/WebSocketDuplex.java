package dev.kite.http.stream;

import dev.kite.api.http.Duplex;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Bytes inside the binary messages of a WebSocket, whose borders mean nothing. */
final class WebSocketDuplex implements Duplex {
    private final WebSocket socket;
    private final Input input = new Input();
    private final Output output = new Output();

    WebSocketDuplex(WebSocket socket) {
        this.socket = socket;
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
        socket.close();
    }

    /** The messages' bytes, one after the other. */
    private final class Input extends InputStream {
        private byte[] message = new byte[0];
        private int position;

        private boolean fill() throws IOException {
            while (position == message.length) {
                WebSocket.Message next = socket.receive();
                if (next == null) {
                    return false;
                }
                message = next.bytes();
                position = 0;
            }
            return true;
        }

        @Override
        public int read() throws IOException {
            return fill() ? message[position++] & 0xff : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!fill()) {
                return -1;
            }
            int count = Math.min(length, message.length - position);
            System.arraycopy(message, position, into, offset, count);
            position += count;
            return count;
        }
    }

    /** A message for each write. */
    private final class Output extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            socket.sendBinary(bytes, offset, length);
        }

        @Override
        public void close() {
            socket.close(1000, "");
        }
    }
}
