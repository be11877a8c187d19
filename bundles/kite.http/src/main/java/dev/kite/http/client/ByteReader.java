package dev.kite.http.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** A connection's bytes with a buffer that outlives the message: header lines, then body bytes, then the next message. */
final class ByteReader extends InputStream {
    private static final int SIZE = 8 * 1024;

    /** The longest header line taken. */
    private static final int LINE = 64 * 1024;

    private final InputStream in;
    private final byte[] buffer = new byte[SIZE];
    private int position;
    private int limit;

    ByteReader(InputStream in) {
        this.in = in;
    }

    private boolean fill() throws IOException {
        if (position < limit) {
            return true;
        }
        int count = in.read(buffer, 0, SIZE);
        position = 0;
        limit = Math.max(count, 0);
        return count > 0;
    }

    /** Reads a line without its end, which is CR LF or LF alone. */
    String line() throws IOException {
        var line = new StringBuilder(80);
        while (true) {
            if (!fill()) {
                throw new EOFException("The server closed the connection amid a message's header");
            }
            int start = position;
            while (position < limit && buffer[position] != '\n') {
                position++;
            }
            line.append(new String(buffer, start, position - start, StandardCharsets.ISO_8859_1));
            if (line.length() > LINE) {
                throw new IOException("The server sent a header line of more than " + LINE + " bytes");
            }
            if (position < limit) {
                position++;
                int length = line.length();
                if (length > 0 && line.charAt(length - 1) == '\r') {
                    line.setLength(length - 1);
                }
                return line.toString();
            }
        }
    }

    @Override
    public int read() throws IOException {
        return fill() ? buffer[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (position == limit && length >= SIZE) {
            return in.read(into, offset, length);
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, limit - position);
        System.arraycopy(buffer, position, into, offset, count);
        position += count;
        return count;
    }

    @Override
    public int available() throws IOException {
        return limit - position;
    }
}
