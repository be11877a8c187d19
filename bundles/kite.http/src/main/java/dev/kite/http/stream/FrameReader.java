package dev.kite.http.stream;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Reads WebSocket frames (RFC 6455, 5.2) and refuses what the peer must not send. */
final class FrameReader {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private static final int CONTROL_LIMIT = 125;
    private static final int STEP = 64 * 1024;

    private final InputStream in;
    private final boolean expectMask;
    private final int limit;

    /**
     * Reads from a connection.
     *
     * @param in its bytes, buffered
     * @param expectMask whether the peer is a client, which must mask
     * @param limit the largest frame taken, in bytes
     */
    FrameReader(InputStream in, boolean expectMask, int limit) {
        this.in = in;
        this.expectMask = expectMask;
        this.limit = limit;
    }

    /** One frame, unmasked. */
    record Frame(int opcode, boolean last, byte[] payload) {
        boolean control() {
            return opcode >= CLOSE;
        }
    }

    /** Reads the next frame; an end of stream amid it is an {@link EOFException}. */
    Frame read() throws IOException {
        int first = byteOrEnd();
        int second = byteOrEnd();
        boolean last = (first & 0x80) != 0;
        int opcode = first & 0x0f;
        if ((first & 0x70) != 0) {
            throw new WebSocketException(1002, "Reserved bits are set");
        }
        if ((opcode > BINARY && opcode < CLOSE) || opcode > PONG) {
            throw new WebSocketException(1002, "Unknown opcode " + opcode);
        }
        if (((second & 0x80) != 0) != expectMask) {
            throw new WebSocketException(1002, expectMask ? "A client must mask" : "A server must not mask");
        }
        long length = length(second & 0x7f);
        if (opcode >= CLOSE && (!last || length > CONTROL_LIMIT)) {
            throw new WebSocketException(1002, "A control frame is fragmented or too long");
        }
        if (length < 0 || length > limit) {
            throw new WebSocketException(1009, "A frame is larger than " + limit + " bytes");
        }
        byte[] mask = expectMask ? exactly(4) : new byte[0];
        byte[] payload = exactly((int) length);
        if (expectMask) {
            for (int i = 0; i < payload.length; i++) {
                payload[i] ^= mask[i & 3];
            }
        }
        return new Frame(opcode, last, payload);
    }

    private long length(int seven) throws IOException {
        if (seven < 126) {
            return seven;
        }
        long length = 0;
        int bytes = seven == 126 ? 2 : 8;
        for (int i = 0; i < bytes; i++) {
            length = (length << 8) | byteOrEnd();
        }
        if (length >= 0 && length < (bytes == 2 ? 126 : 65536)) {
            throw new WebSocketException(1002, "A length is not in its shortest form");
        }
        return length;
    }

    private int byteOrEnd() throws IOException {
        int b = in.read();
        if (b < 0) {
            throw new EOFException("The peer closed the connection without a close frame");
        }
        return b;
    }

    /** Allocates as bytes come, not as they are announced. */
    private byte[] exactly(int count) throws IOException {
        byte[] bytes = in.readNBytes(Math.min(count, STEP));
        while (bytes.length < count) {
            int before = bytes.length;
            byte[] more = in.readNBytes(Math.min(count - before, before + STEP));
            if (more.length == 0) {
                throw new EOFException("The peer closed the connection amid a frame");
            }
            bytes = Arrays.copyOf(bytes, before + more.length);
            System.arraycopy(more, 0, bytes, before, more.length);
        }
        return bytes;
    }
}
