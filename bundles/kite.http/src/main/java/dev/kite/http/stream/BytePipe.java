package dev.kite.http.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Bytes on their way from a connection's reader to the one who reads a stream of it. Bounded: a slow reader stops the connection, as TCP alone gives these protocols
 * their back-pressure.
 */
final class BytePipe extends InputStream {
    private static final int BOUND = 256 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<byte[]> chunks = new ArrayDeque<>(4);
    private int position;
    private int queued;
    private boolean ended;
    private boolean closed;
    private @Nullable IOException failure;

    /** Adds bytes, which are copied; waits while too many are unread; drops them once the reader has closed. */
    void put(byte[] bytes, int offset, int length) throws InterruptedIOException {
        if (length == 0) {
            return;
        }
        lock.lock();
        try {
            while (queued > 0 && queued + length > BOUND && !closed && !ended) {
                changed.await();
            }
            if (!closed && !ended) {
                chunks.add(Arrays.copyOfRange(bytes, offset, offset + length));
                queued += length;
                changed.signalAll();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while waiting for a stream's reader");
        } finally {
            lock.unlock();
        }
    }

    /** No more bytes come: the reader reads what there is, then the end. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The stream broke: the reader reads what there is, then fails; without effect after the end. */
    void fail(IOException cause) {
        lock.lock();
        try {
            if (!ended) {
                ended = true;
                failure = cause;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        lock.lock();
        try {
            while (chunks.isEmpty()) {
                if (closed) {
                    throw new IOException("The stream is closed");
                }
                if (ended) {
                    if (failure != null) {
                        throw new IOException(failure.getMessage(), failure);
                    }
                    return -1;
                }
                changed.await();
            }
            return take(into, offset, length);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while reading a stream");
        } finally {
            lock.unlock();
        }
    }

    private int take(byte[] into, int offset, int length) {
        byte[] chunk = chunks.getFirst();
        int count = Math.min(length, chunk.length - position);
        System.arraycopy(chunk, position, into, offset, count);
        position += count;
        if (position == chunk.length) {
            chunks.removeFirst();
            position = 0;
        }
        queued -= count;
        changed.signalAll();
        return count;
    }

    @Override
    public int available() {
        lock.lock();
        try {
            return queued;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            chunks.clear();
            queued = 0;
            position = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
