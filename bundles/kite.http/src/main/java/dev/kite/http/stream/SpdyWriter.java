package dev.kite.http.stream;

import dev.kite.api.http.Headers;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;

/** Writes SPDY frames, each whole and at once. Thread-safe. */
final class SpdyWriter {
    static final int VERSION = 3;
    static final int FIN = 1;
    static final int SYN_STREAM = 1;
    static final int SYN_REPLY = 2;
    static final int RST_STREAM = 3;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int HEADERS = 8;
    static final int REFUSED_STREAM = 3;
    static final int CANCEL = 5;

    private final OutputStream out;
    private final SpdyHeaders.Encoder encoder = new SpdyHeaders.Encoder();
    private final ReentrantLock lock = new ReentrantLock();
    private boolean ended;

    SpdyWriter(OutputStream out) {
        this.out = out;
    }

    void synStream(int id, Headers headers) throws IOException {
        lock.lock();
        try {
            requireOpen();
            byte[] block = encoder.encode(headers);
            ByteBuffer frame = control(SYN_STREAM, 0, 10 + block.length);
            // Stream, no associated stream, priority and slot zero.
            frame.putInt(id).putInt(0).putShort((short) 0).put(block);
            send(frame);
        } finally {
            lock.unlock();
        }
    }

    void synReply(int id) throws IOException {
        lock.lock();
        try {
            requireOpen();
            byte[] block = encoder.encode(new Headers());
            send(control(SYN_REPLY, 0, 4 + block.length).putInt(id).put(block));
        } finally {
            lock.unlock();
        }
    }

    void data(int id, boolean last, byte[] bytes, int offset, int length) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(8 + length);
        frame.putInt(id).putInt((last ? FIN << 24 : 0) | length).put(bytes, offset, length);
        locked(frame);
    }

    void reset(int id, int status) throws IOException {
        locked(control(RST_STREAM, 0, 8).putInt(id).putInt(status));
    }

    void ping(int id) throws IOException {
        locked(control(PING, 0, 4).putInt(id));
    }

    void goAway(int lastGood) throws IOException {
        locked(control(GOAWAY, 0, 8).putInt(lastGood).putInt(0));
    }

    /** Frees the compression; writes fail from then on. */
    void end() {
        lock.lock();
        try {
            if (!ended) {
                ended = true;
                encoder.close();
            }
        } finally {
            lock.unlock();
        }
    }

    private static ByteBuffer control(int type, int flags, int length) {
        return ByteBuffer.allocate(8 + length)
                .putInt(0x80000000 | VERSION << 16 | type)
                .putInt((flags << 24) | length);
    }

    private void locked(ByteBuffer frame) throws IOException {
        lock.lock();
        try {
            requireOpen();
            send(frame);
        } finally {
            lock.unlock();
        }
    }

    private void requireOpen() throws IOException {
        if (ended) {
            throw new IOException("The SPDY connection has ended");
        }
    }

    private void send(ByteBuffer frame) throws IOException {
        out.write(frame.array(), frame.arrayOffset(), frame.limit());
        out.flush();
    }
}
