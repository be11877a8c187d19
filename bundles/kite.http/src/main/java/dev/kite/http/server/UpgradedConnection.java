package dev.kite.http.server;

import dev.kite.api.http.Duplex;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/** The bytes of a connection that has left HTTP. One thread reads while another writes; idle time is unbounded, as exec sessions need. */
final class UpgradedConnection extends AbstractConnection implements Connection.UpgradeTo, Duplex {
    private final BlockingCallback opened = new BlockingCallback();
    private final Runnable onClose;
    private final Input input = new Input();
    private final Output output = new Output();
    private ByteBuffer received = BufferUtil.EMPTY_BUFFER;

    UpgradedConnection(EndPoint endPoint, Executor executor, Runnable onClose) {
        super(endPoint, executor);
        this.onClose = onClose;
    }

    /** Waits until the response 101 is sent and this has taken the connection over. */
    void awaitOpen() throws IOException {
        opened.await();
    }

    /** The response could not be sent. */
    void refuse(Throwable cause) {
        opened.failed(cause);
    }

    @Override
    public void onUpgradeTo(@Nullable ByteBuffer ahead) {
        if (ahead != null) {
            received = ahead;
        }
    }

    @Override
    public void onOpen() {
        super.onOpen();
        getEndPoint().setIdleTimeout(0);
        opened.succeeded();
    }

    @Override
    public void onClose(Throwable cause) {
        super.onClose(cause);
        onClose.run();
    }

    @Override
    public void onFillable() {
        throw new IllegalStateException("Reads of this connection carry their own callback");
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return output;
    }

    /** What the peer sends. */
    private final class Input extends InputStream {
        private final byte[] one = new byte[1];

        @Override
        public int read() throws IOException {
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (received.hasRemaining()) {
                int count = Math.min(length, received.remaining());
                received.get(into, offset, count);
                return count;
            }
            ByteBuffer target = ByteBuffer.wrap(into, offset, length).slice();
            while (true) {
                // Jetty's buffers are kept ready to be read from: position and limit start equal.
                target.position(0).limit(0);
                int count = getEndPoint().fill(target);
                if (count != 0) {
                    return count;
                }
                var readable = new BlockingCallback();
                getEndPoint().fillInterested(readable);
                readable.await();
            }
        }

        @Override
        public int available() {
            return received.remaining();
        }

        @Override
        public void close() {
            UpgradedConnection.this.close();
        }
    }

    /** What is sent to the peer, at once. */
    private final class Output extends OutputStream {
        private final ReentrantLock writing = new ReentrantLock();

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            writing.lock();
            try {
                var sent = new BlockingCallback();
                getEndPoint().write(sent, ByteBuffer.wrap(bytes, offset, length));
                sent.await();
            } finally {
                writing.unlock();
            }
        }

        @Override
        public void close() {
            // Half-closing: the peer reads the end while its own bytes still come.
            getEndPoint().shutdownOutput();
        }
    }
}
