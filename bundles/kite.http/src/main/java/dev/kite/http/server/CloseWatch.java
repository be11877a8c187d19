package dev.kite.http.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Notices that an HTTP/1.1 client goes away while its request is worked on: once the request has been read, Jetty reads nothing until the response is sent, so a
 * watch of a quiet resource would outlive its client. HTTP/2 needs no such help. What a client sends ahead (a pipelined request) is given back to Jetty.
 */
final class CloseWatch {
    private static final int AHEAD = 4 * 1024;

    private final EndPoint endPoint;
    private final Runnable gone;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable ByteBuffer ahead;
    private boolean armed;
    private boolean stopped;

    CloseWatch(EndPoint endPoint, Runnable gone) {
        this.endPoint = endPoint;
        this.gone = gone;
    }

    /** Starts to look; the request must have been read to its end. */
    void start() {
        lock.lock();
        try {
            if (!armed && !stopped && ahead == null) {
                armed = endPoint.tryFillInterested(new Wakeup());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Stops to look and gives back what was read ahead; must be called before the exchange completes. */
    void stop() {
        boolean interested;
        lock.lock();
        try {
            if (stopped) {
                return;
            }
            stopped = true;
            interested = armed;
            if (ahead != null && endPoint.getConnection() instanceof Connection.UpgradeTo parser) {
                parser.onUpgradeTo(ahead);
            }
        } finally {
            lock.unlock();
        }
        if (interested && endPoint instanceof AbstractEndPoint filled) {
            filled.getFillInterest().onFail(new CancellationException("The response is complete"));
        }
    }

    private void readable() {
        boolean closed;
        lock.lock();
        try {
            armed = false;
            if (stopped) {
                return;
            }
            closed = look();
        } finally {
            lock.unlock();
        }
        if (closed) {
            gone.run();
        }
    }

    private boolean look() {
        ByteBuffer bytes = BufferUtil.allocate(AHEAD);
        try {
            int count = endPoint.fill(bytes);
            if (count == 0) {
                armed = endPoint.tryFillInterested(new Wakeup());
            } else if (count > 0) {
                ahead = bytes;
            }
            return count < 0;
        } catch (IOException broken) {
            return true;
        }
    }

    /** Is called when there is something to read, the end of stream included. */
    private final class Wakeup implements Callback {
        @Override
        public void succeeded() {
            readable();
        }

        @Override
        public void failed(Throwable cause) {
            lock.lock();
            try {
                armed = false;
                if (stopped) {
                    return;
                }
            } finally {
                lock.unlock();
            }
            gone.run();
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }
}
