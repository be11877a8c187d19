package dev.kite.http.client;

import dev.kite.api.http.Headers;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** A response's body by its framing (RFC 9112, 6.3): chunks, a length, or up to the connection's end. */
final class BodyReader extends InputStream {
    private final ByteReader in;
    private final Runnable atEnd;
    private final boolean chunked;
    private final boolean untilClose;
    private long left;
    private boolean firstChunk = true;
    private boolean ended;

    private BodyReader(ByteReader in, boolean chunked, long length, Runnable atEnd) {
        this.in = in;
        this.atEnd = atEnd;
        this.chunked = chunked;
        this.untilClose = !chunked && length < 0;
        this.left = chunked ? 0 : length;
    }

    /** Makes the reader; {@code atEnd} runs once, when the body was read to its end. */
    static BodyReader of(ByteReader in, String method, ResponseHeader header, Runnable atEnd) throws IOException {
        int status = header.status();
        if (method.equals("HEAD") || status == 204 || status == 304 || status < 200) {
            return ended(new BodyReader(in, false, 0, atEnd));
        }
        Headers headers = header.headers();
        if (headers.first("Transfer-Encoding") != null) {
            if (!headers.hasToken("Transfer-Encoding", "chunked")) {
                throw new IOException("The server uses an unknown transfer encoding");
            }
            return new BodyReader(in, true, 0, atEnd);
        }
        String length = headers.first("Content-Length");
        if (length == null) {
            return new BodyReader(in, false, -1, atEnd);
        }
        long bytes = parseLength(length);
        var reader = new BodyReader(in, false, bytes, atEnd);
        return bytes == 0 ? ended(reader) : reader;
    }

    private static BodyReader ended(BodyReader reader) {
        reader.end();
        return reader;
    }

    private static long parseLength(String text) throws IOException {
        try {
            long length = Long.parseLong(text);
            if (length >= 0) {
                return length;
            }
        } catch (NumberFormatException malformed) {
            throw new IOException("The server sent a malformed Content-Length", malformed);
        }
        throw new IOException("The server sent a negative Content-Length");
    }

    /** Tells whether the connection must end with this body. */
    boolean untilClose() {
        return untilClose;
    }

    private void end() {
        if (!ended) {
            ended = true;
            atEnd.run();
        }
    }

    private boolean more() throws IOException {
        if (ended) {
            return false;
        }
        if (chunked && left == 0) {
            nextChunk();
        }
        return !ended;
    }

    private void nextChunk() throws IOException {
        if (!firstChunk && !in.line().isEmpty()) {
            throw new IOException("The server's chunk is longer than it said");
        }
        firstChunk = false;
        left = chunkSize(in.line());
        if (left == 0) {
            String trailer = in.line();
            for (int i = 0; !trailer.isEmpty(); i++) {
                if (i > 100) {
                    throw new IOException("The server's trailer is too large");
                }
                trailer = in.line();
            }
            end();
        }
    }

    private static long chunkSize(String line) throws IOException {
        int semicolon = line.indexOf(';');
        String digits = (semicolon < 0 ? line : line.substring(0, semicolon)).strip();
        if (digits.isEmpty() || digits.length() > 15 || !digits.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
            throw new IOException("The server sent a malformed chunk size");
        }
        return Long.parseLong(digits, 16);
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
        if (!more()) {
            return -1;
        }
        int count = in.read(into, offset, untilClose ? length : (int) Math.min(length, left));
        if (count < 0) {
            if (untilClose) {
                end();
                return -1;
            }
            throw new EOFException("The server closed the connection amid a body");
        }
        if (!untilClose) {
            left -= count;
            if (left == 0 && !chunked) {
                end();
            }
        }
        return count;
    }

    @Override
    public int available() throws IOException {
        return ended ? 0 : untilClose ? in.available() : (int) Math.min(left, in.available());
    }
}
