package dev.kite.apiserver.watch;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Counts what passes. Used by one thread. */
final class CountedStream extends FilterOutputStream {
    private long written;

    CountedStream(OutputStream out) {
        super(out);
    }

    long written() {
        return written;
    }

    @Override
    public void write(int one) throws IOException {
        written++;
        out.write(one);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        written += length;
        out.write(bytes, offset, length);
    }
}
