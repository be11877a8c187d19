package dev.kite.http.server;

import dev.kite.api.http.BodyTooLargeException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A request's body that refuses to be read past the server's bound. */
final class LimitedBody extends FilterInputStream {
    private final long limit;
    private final boolean declaredTooLarge;
    private long read;
    private boolean ended;

    LimitedBody(InputStream body, long declaredLength, long limit) {
        super(body);
        this.limit = limit;
        this.declaredTooLarge = declaredLength > limit;
    }

    /** Tells whether all of the body has been read. */
    boolean ended() {
        return ended;
    }

    @Override
    public int read() throws IOException {
        requireWithin();
        int b = super.read();
        count(b < 0 ? -1 : 1);
        return b;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        requireWithin();
        int count = super.read(into, offset, length);
        count(count);
        return count;
    }

    @Override
    public long skip(long count) throws IOException {
        requireWithin();
        long skipped = super.skip(count);
        count(skipped);
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void count(long more) throws IOException {
        if (more < 0) {
            ended = true;
            return;
        }
        read += more;
        if (read > limit) {
            throw new BodyTooLargeException(limit);
        }
    }

    private void requireWithin() throws IOException {
        if (declaredTooLarge || read > limit) {
            throw new BodyTooLargeException(limit);
        }
    }
}
