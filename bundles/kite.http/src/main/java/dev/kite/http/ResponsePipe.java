package dev.kite.http;

import dev.kite.api.http.Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What lies between a handler that writes a response and the client in this process that reads it: status, header and up to {@value #BOUND} bytes of
 * body. Chunks change hands without being copied again.
 */
final class ResponsePipe implements InProcessResponse {
    /** How much may wait for the reader before the writer does: several list pages or hundreds of watch events. */
    static final int BOUND = 256 * 1024;

    private static final int CHUNK = 8 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<byte[]> chunks = new ArrayDeque<>(4);
    private final List<Runnable> closeActions = new ArrayList<>(1);
    private final Reader reader = new Reader();
    private int queued;
    private long passed;
    private boolean committed;
    private boolean ended;
    private boolean closed;
    private boolean ending;
    private @Nullable Throwable failure;
    private int status;
    private Headers headers = new Headers();

    OutputStream writer(Runnable commit) {
        return new Writer(commit);
    }

    /** Makes status and header known to the reader; later calls change nothing. */
    void commit(int withStatus, Headers withHeaders) {
        lock.lock();
        try {
            if (committed) {
                return;
            }
            committed = true;
            status = withStatus;
            withHeaders.forEach(headers::add);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Gives a body whole: one chunk of any size, then the end. */
    void whole(byte[] body) throws IOException {
        lock.lock();
        try {
            requireOpen();
            if (body.length > 0) {
                chunks.add(body);
                queued += body.length;
                passed += body.length;
            }
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the response by a failure, seen by the reader after what was written. */
    void fail(Throwable cause) {
        lock.lock();
        try {
            failure = cause;
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What of the body was passed to the reader so far. */
    long passed() {
        lock.lock();
        try {
            return passed;
        } finally {
            lock.unlock();
        }
    }

    boolean committed() {
        lock.lock();
        try {
            return committed;
        } finally {
            lock.unlock();
        }
    }

    boolean closed() {
        lock.lock();
        try {
            return closed || ending;
        } finally {
            lock.unlock();
        }
    }

    void onClose(Runnable action) {
        lock.lock();
        try {
            if (!closed && !ending) {
                closeActions.add(action);
                return;
            }
        } finally {
            lock.unlock();
        }
        action.run();
    }

    /** What serves the exchange stops: its close actions run, while its response may still be written. */
    void endSoon() {
        List<Runnable> actions;
        lock.lock();
        try {
            ending = true;
            actions = List.copyOf(closeActions);
            closeActions.clear();
        } finally {
            lock.unlock();
        }
        actions.forEach(Runnable::run);
    }

    InProcessResponse awaitResponse() throws IOException {
        lock.lock();
        try {
            while (!committed && !ended) {
                pause();
            }
            if (!committed) {
                throw failed();
            }
            return this;
        } catch (IOException gone) {
            lock.unlock();
            try {
                close();
            } finally {
                lock.lock();
            }
            throw gone;
        } finally {
            lock.unlock();
        }
    }

    private IOException failed() {
        Throwable cause = failure;
        return cause == null
                ? new IOException("The request ended without a response")
                : new IOException("The request failed: " + cause.getMessage(), cause);
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("The client in this process has closed the response");
        }
        if (ended) {
            throw new IOException("The response has ended");
        }
    }

    @SuppressWarnings("WaitNotInLoop")
    private void pause() throws InterruptedIOException {
        try {
            // Each caller looks again in a loop of its own.
            changed.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while waiting for the other side");
        }
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public Headers headers() {
        return headers;
    }

    @Override
    public InputStream body() {
        return reader;
    }

    @Override
    public byte[] bytes() throws IOException {
        byte[] first = reader.takeRest();
        if (first.length == 0) {
            return first;
        }
        byte[] second = reader.takeRest();
        if (second.length == 0) {
            return first;
        }
        var all = new ByteArrayOutputStream(2 * (first.length + second.length));
        all.write(first);
        while (second.length > 0) {
            all.write(second);
            second = reader.takeRest();
        }
        return all.toByteArray();
    }

    @Override
    public void close() {
        List<Runnable> actions;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            actions = ended ? List.of() : List.copyOf(closeActions);
            chunks.clear();
            queued = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        actions.forEach(Runnable::run);
    }

    private void put(byte[] chunk) throws IOException {
        lock.lock();
        try {
            requireOpen();
            while (queued > 0 && queued + chunk.length > BOUND) {
                pause();
                requireOpen();
            }
            chunks.add(chunk);
            queued += chunk.length;
            passed += chunk.length;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private byte @Nullable [] take() throws IOException {
        lock.lock();
        try {
            while (chunks.isEmpty()) {
                if (closed) {
                    throw new IOException("The response is closed");
                }
                if (ended) {
                    if (failure != null) {
                        throw failed();
                    }
                    return null;
                }
                pause();
            }
            byte[] chunk = chunks.remove();
            queued -= chunk.length;
            changed.signalAll();
            return chunk;
        } finally {
            lock.unlock();
        }
    }

    /** The handler's side. */
    private final class Writer extends OutputStream {
        private final Runnable commit;
        private byte[] buffer = new byte[0];
        private int count;
        private boolean writerClosed;

        Writer(Runnable commit) {
            this.commit = commit;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (writerClosed) {
                throw new IOException("The response's body is closed");
            }
            if (count + length > CHUNK) {
                pass();
            }
            if (length >= CHUNK) {
                commit.run();
                put(Arrays.copyOfRange(bytes, offset, offset + length));
                return;
            }
            if (count + length > buffer.length) {
                buffer = Arrays.copyOf(
                        buffer, Math.min(CHUNK, Math.max(512, Integer.highestOneBit(count + length) * 2)));
            }
            System.arraycopy(bytes, offset, buffer, count, length);
            count += length;
        }

        private void pass() throws IOException {
            commit.run();
            if (count == 0) {
                return;
            }
            byte[] full;
            if (count == buffer.length) {
                full = buffer;
                buffer = new byte[0];
            } else {
                full = Arrays.copyOf(buffer, count);
            }
            count = 0;
            put(full);
        }

        @Override
        public void flush() throws IOException {
            pass();
        }

        @Override
        public void close() throws IOException {
            if (writerClosed) {
                return;
            }
            writerClosed = true;
            if (ended()) {
                return;
            }
            try {
                pass();
            } finally {
                end();
            }
        }

        private boolean ended() {
            lock.lock();
            try {
                return ended;
            } finally {
                lock.unlock();
            }
        }
    }

    /** The client's side. */
    private final class Reader extends InputStream {
        private byte[] chunk = new byte[0];
        private int position;

        private boolean fill() throws IOException {
            if (position < chunk.length) {
                return true;
            }
            byte[] next = take();
            if (next == null) {
                return false;
            }
            chunk = next;
            position = 0;
            return true;
        }

        private byte[] takeRest() throws IOException {
            if (!fill()) {
                return new byte[0];
            }
            byte[] rest = position == 0 ? chunk : Arrays.copyOfRange(chunk, position, chunk.length);
            chunk = new byte[0];
            position = 0;
            return rest;
        }

        @Override
        public int read() throws IOException {
            return fill() ? chunk[position++] & 0xff : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!fill()) {
                return -1;
            }
            int count = Math.min(length, chunk.length - position);
            System.arraycopy(chunk, position, into, offset, count);
            position += count;
            return count;
        }

        @Override
        public int available() {
            return chunk.length - position;
        }

        @Override
        public void close() {
            ResponsePipe.this.close();
        }
    }
}
