package dev.kite.http.server;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.eclipse.jetty.server.Response;

/** A response's body: gathers small writes, sends large ones as they are. */
final class ResponseStream extends OutputStream {
    private static final int SIZE = 16 * 1024;

    private final Response response;
    private final Runnable commit;
    private byte[] buffer = new byte[0];
    private int count;
    private long sent;
    private boolean closed;

    ResponseStream(Response response, Runnable commit) {
        this.response = response;
        this.commit = commit;
    }

    @Override
    public void write(int b) throws IOException {
        ensure(1);
        buffer[count++] = (byte) b;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (length >= SIZE) {
            send(false);
            send(ByteBuffer.wrap(bytes, offset, length), false);
            return;
        }
        ensure(length);
        System.arraycopy(bytes, offset, buffer, count, length);
        count += length;
    }

    private void ensure(int more) throws IOException {
        if (closed) {
            throw new IOException("The response's body is closed");
        }
        if (count + more > SIZE) {
            send(false);
        }
        if (count + more > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.min(SIZE, Math.max(1024, 2 * (count + more))));
        }
    }

    @Override
    public void flush() throws IOException {
        if (closed) {
            return;
        }
        commit.run();
        send(ByteBuffer.wrap(buffer, 0, count), false);
        count = 0;
    }

    /** What was written so far, sent or not. */
    long written() {
        return sent + count;
    }

    /** Sends a body of known length after the commit, and the end. */
    void whole(byte[] body) throws IOException {
        if (closed) {
            throw new IOException("The response's body is closed");
        }
        closed = true;
        send(ByteBuffer.wrap(body), true);
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            send(true);
        }
    }

    private void send(boolean last) throws IOException {
        if (last || count > 0) {
            ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
            count = 0;
            send(bytes, last);
        }
    }

    private void send(ByteBuffer bytes, boolean last) throws IOException {
        commit.run();
        sent += bytes.remaining();
        var done = new BlockingCallback();
        response.write(last, bytes, done);
        done.await();
    }
}
