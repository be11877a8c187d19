package dev.kite.http.server;

import dev.kite.api.http.BodyTooLargeException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A request's body that refuses to be read past the server's bound. */
final class LimitedBody extends FilterInputStream {
    private static final int DRAINED_LIMITS = 3;

    private final long limit;
    private final boolean declaredTooLarge;
    private long read;
    private boolean ended;
    private boolean drained;

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
            throw tooLarge();
        }
    }

    private void requireWithin() throws IOException {
        if (declaredTooLarge || read > limit) {
            throw tooLarge();
        }
    }

    /** Reads on for some more bytes: many clients look at the answer only when all is sent, and would see a reset instead. */
    private BodyTooLargeException tooLarge() throws IOException {
        if (!drained) {
            drained = true;
            byte[] buffer = new byte[16_384];
            long left = DRAINED_LIMITS * limit;
            while (left > 0 && !ended) {
                int count = in.read(buffer);
                ended = count < 0;
                left -= Math.max(0, count);
            }
        }
        return new BodyTooLargeException(limit);
    }
}
