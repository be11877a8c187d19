package dev.kite.http.stream;

import dev.kite.api.http.Duplex;
import dev.kite.api.http.Headers;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A stream of a SPDY connection. Closing its output ends this side; the peer's bytes still come. One thread reads, one writes. */
public final class SpdyStream implements Duplex {
    private static final Logger LOG = LoggerFactory.getLogger(SpdyStream.class);

    private final int id;
    private final Headers headers;
    private final SpdyConnection connection;
    private final BytePipe input = new BytePipe();
    private final Output output = new Output();
    private final CompletableFuture<Void> reply = new CompletableFuture<>();
    private boolean remoteEnded;
    private boolean localEnded;

    SpdyStream(int id, Headers headers, SpdyConnection connection) {
        this.id = id;
        this.headers = headers;
        this.connection = connection;
    }

    /** @return the stream's number */
    public int id() {
        return id;
    }

    /** @return what the one who opened the stream said about it */
    public Headers headers() {
        return headers;
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return output;
    }

    /** Ends this side and drops what the peer still sends. */
    @Override
    public void close() throws IOException {
        input.close();
        output.close();
    }

    /** Breaks the stream off; the peer reads it as ended, as spdystream's cancelled streams are. */
    public void reset() {
        reset(SpdyWriter.CANCEL);
    }

    /** Breaks off a stream that should not have been opened; the peer's reads fail. */
    public void refuse() {
        reset(SpdyWriter.REFUSED_STREAM);
    }

    private void reset(int status) {
        input.close();
        boolean ours = endLocal();
        boolean theirs = endRemote();
        if (ours || theirs) {
            try {
                connection.writer().reset(id, status);
            } catch (IOException gone) {
                LOG.debug("The SPDY connection ended before a stream's reset", gone);
            }
        }
    }

    void awaitReply(Duration within) throws IOException {
        try {
            reply.get(within.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while opening a SPDY stream");
        } catch (TimeoutException late) {
            reset();
            throw new IOException("The peer did not answer a SPDY stream in time", late);
        } catch (ExecutionException refused) {
            throw new IOException("The peer refused a SPDY stream", refused.getCause());
        }
    }

    void replied() {
        reply.complete(null);
    }

    void received(byte[] bytes, int length) throws InterruptedIOException {
        input.put(bytes, 0, length);
    }

    void remoteEnded() {
        input.end();
        endRemote();
    }

    void remoteReset(int status) {
        var cause = new IOException("The peer reset a SPDY stream with status " + status);
        reply.completeExceptionally(cause);
        // spdystream, which containerd and kubectl use, cancels the streams of a session that has ended well: what came
        // before counts.
        if (status == SpdyWriter.CANCEL) {
            input.end();
        } else {
            input.fail(cause);
        }
        endLocal();
        endRemote();
    }

    void connectionEnded(@Nullable IOException cause) {
        reply.completeExceptionally(cause == null ? new IOException("The peer closed the SPDY connection") : cause);
        if (cause == null) {
            input.end();
        } else {
            input.fail(cause);
        }
        endLocal();
        endRemote();
    }

    private boolean endRemote() {
        synchronized (this) {
            if (remoteEnded) {
                return false;
            }
            remoteEnded = true;
            if (!localEnded) {
                return true;
            }
        }
        connection.forget(this);
        return true;
    }

    private boolean endLocal() {
        synchronized (this) {
            if (localEnded) {
                return false;
            }
            localEnded = true;
            if (!remoteEnded) {
                return true;
            }
        }
        connection.forget(this);
        return true;
    }

    private synchronized boolean localEnded() {
        return localEnded;
    }

    /** Sends data frames. */
    private final class Output extends OutputStream {
        private static final int FRAME = 32 * 1024;

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            for (int sent = 0; sent < length; ) {
                if (localEnded()) {
                    throw new IOException("The SPDY stream's output is closed");
                }
                int count = Math.min(FRAME, length - sent);
                connection.writer().data(id, false, bytes, offset + sent, count);
                sent += count;
            }
        }

        @Override
        public void close() throws IOException {
            if (endLocal()) {
                connection.writer().data(id, true, new byte[0], 0, 0);
            }
        }
    }
}
