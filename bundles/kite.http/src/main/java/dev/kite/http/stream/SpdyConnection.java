package dev.kite.http.stream;

import dev.kite.api.http.Duplex;
import dev.kite.api.http.Headers;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SPDY/3.1 over an upgraded connection, either side, as Kubernetes' clients and containerd's streaming server speak it: streams with headers and data both ways,
 * ping, reset, go-away. Those peers neither send window updates nor heed them, so windows are not kept: a stream that is not read stops
 * the connection. A virtual thread reads; any thread opens streams and writes to them.
 */
public final class SpdyConnection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SpdyConnection.class);

    /** Streams that a peer may have open: a port-forward session takes two for each connection. */
    private static final int MAX_STREAMS = 2000;

    /** Compressed header blocks beyond this are an attack. */
    private static final int HEADER_LIMIT = 64 * 1024;

    private static final int STEP = 32 * 1024;

    private final Duplex connection;
    private final boolean client;
    private final DataInputStream in;
    private final SpdyWriter writer;
    private final SpdyHeaders.Decoder decoder = new SpdyHeaders.Decoder();
    private final Map<Integer, SpdyStream> streams = new ConcurrentHashMap<>();
    private final LinkedBlockingQueue<Optional<SpdyStream>> accepted = new LinkedBlockingQueue<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicBoolean closed = new AtomicBoolean();
    private int nextId;
    private int lastPeerId;
    private volatile boolean goingAway;

    private SpdyConnection(Duplex connection, boolean client) {
        this.connection = connection;
        this.client = client;
        this.in = new DataInputStream(new BufferedInputStream(connection.input(), 16 * 1024));
        this.writer = new SpdyWriter(connection.output());
        this.nextId = client ? 1 : 2;
    }

    /**
     * Speaks as the side that asked for the upgrade.
     *
     * @param connection the connection, closed with this
     * @return the session
     */
    public static SpdyConnection client(Duplex connection) {
        return start(new SpdyConnection(connection, true));
    }

    /**
     * Speaks as the side that granted the upgrade.
     *
     * @param connection the connection, closed with this
     * @return the session
     */
    public static SpdyConnection server(Duplex connection) {
        return start(new SpdyConnection(connection, false));
    }

    private static SpdyConnection start(SpdyConnection session) {
        Thread.ofVirtual().name("spdy").start(session::readAll);
        return session;
    }

    /**
     * Opens a stream and waits until the peer agrees.
     *
     * @param headers the stream's headers
     * @param within how long to wait
     * @return the stream
     * @throws IOException if the peer refuses, does not answer in time, or the connection ends
     */
    public SpdyStream open(Headers headers, Duration within) throws IOException {
        SpdyStream stream;
        synchronized (writer) {
            if (goingAway || ended.getCount() == 0) {
                throw new IOException("The SPDY connection takes no more streams");
            }
            stream = new SpdyStream(nextId, headers, this);
            nextId += 2;
            streams.put(stream.id(), stream);
            writer.synStream(stream.id(), headers);
        }
        if (ended.getCount() == 0) {
            stream.connectionEnded(new EOFException("The SPDY connection has ended"));
        }
        stream.awaitReply(within);
        return stream;
    }

    /**
     * Waits for the peer to open a stream; it has been agreed to.
     *
     * @param within how long to wait
     * @return the stream, null if the connection has ended or the time is up ({@link #ended()} tells)
     * @throws InterruptedIOException if the thread is interrupted
     */
    public @Nullable SpdyStream accept(Duration within) throws InterruptedIOException {
        try {
            Optional<SpdyStream> next = accepted.poll(within.toNanos(), TimeUnit.NANOSECONDS);
            if (next != null && next.isEmpty()) {
                // Leave the mark for others who wait.
                accepted.add(next);
            }
            return next == null ? null : next.orElse(null);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while waiting for a SPDY stream");
        }
    }

    /** @return whether the peer has closed the connection or it has broken */
    public boolean ended() {
        return ended.getCount() == 0;
    }

    /**
     * Says good-bye, waits until the peer has closed its side, so that it reads all that was sent, then closes.
     *
     * @param linger how long to wait for the peer
     */
    public void close(Duration linger) {
        if (closed.compareAndSet(false, true)) {
            try {
                writer.goAway(lastPeerId);
                connection.output().close();
                if (!ended.await(linger.toNanos(), TimeUnit.NANOSECONDS)) {
                    LOG.debug("The SPDY peer lingers");
                }
            } catch (IOException gone) {
                LOG.debug("The SPDY peer left first", gone);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            abort();
        }
    }

    /** Closes at once. */
    @Override
    public void close() {
        close(Duration.ZERO);
    }

    private void abort() {
        try {
            connection.close();
        } catch (IOException already) {
            LOG.debug("The SPDY connection did not close cleanly", already);
        }
    }

    SpdyWriter writer() {
        return writer;
    }

    void forget(SpdyStream stream) {
        streams.remove(stream.id());
    }

    private void readAll() {
        IOException cause = null;
        try {
            while (readFrame()) {
                // Until the peer closes.
            }
        } catch (IOException broken) {
            LOG.debug("The SPDY connection ends", broken);
            cause = broken;
        } finally {
            end(cause);
        }
    }

    private void end(@Nullable IOException cause) {
        ended.countDown();
        streams.values().forEach(stream -> stream.connectionEnded(cause));
        streams.clear();
        accepted.add(Optional.empty());
        decoder.close();
        writer.end();
        if (cause != null) {
            abort();
        }
    }

    /** Reads one frame (SPDY/3 draft, 2.2); false at the end of stream between frames. */
    private boolean readFrame() throws IOException {
        int first = in.read();
        if (first < 0) {
            return false;
        }
        int word = (first << 24) | (in.readUnsignedByte() << 16) | in.readUnsignedShort();
        int flagsAndLength = in.readInt();
        int flags = flagsAndLength >>> 24;
        int length = flagsAndLength & 0xffffff;
        if (word >= 0) {
            data(word, (flags & SpdyWriter.FIN) != 0, length);
            return true;
        }
        int version = (word >>> 16) & 0x7fff;
        if (version != SpdyWriter.VERSION) {
            throw new IOException("The peer speaks SPDY version " + version);
        }
        control(word & 0xffff, flags, length);
        return true;
    }

    private void data(int id, boolean last, int length) throws IOException {
        SpdyStream stream = streams.get(id);
        byte[] buffer = new byte[Math.min(length, STEP)];
        int left = length;
        while (left > 0) {
            int count = Math.min(left, buffer.length);
            in.readFully(buffer, 0, count);
            left -= count;
            if (stream != null) {
                stream.received(buffer, count);
            }
        }
        if (stream != null && last) {
            stream.remoteEnded();
        }
    }

    private void control(int type, int flags, int length) throws IOException {
        switch (type) {
            case SpdyWriter.SYN_STREAM -> synStream((flags & SpdyWriter.FIN) != 0, block(length, 10));
            case SpdyWriter.SYN_REPLY -> synReply((flags & SpdyWriter.FIN) != 0, block(length, 4));
            case SpdyWriter.HEADERS -> decoder.decode(block(length, 4).rest());
            case SpdyWriter.RST_STREAM -> reset(block(length, 8));
            case SpdyWriter.PING -> ping(block(length, 4));
            case SpdyWriter.GOAWAY -> {
                in.skipNBytes(length);
                goingAway = true;
            }
            // Settings and window updates say nothing that matters here; what is unknown is to be ignored (2.2.1).
            default -> in.skipNBytes(length);
        }
    }

    /** A control frame's bytes: a stream or ping id, then what its type has. */
    private record Block(int id, byte[] payload, int fixed) {
        byte[] rest() {
            return Arrays.copyOfRange(payload, fixed, payload.length);
        }
    }

    private Block block(int length, int fixed) throws IOException {
        if (length < fixed || length > HEADER_LIMIT) {
            throw new IOException("A SPDY control frame has the length " + length);
        }
        byte[] payload = new byte[length];
        in.readFully(payload);
        int id = ByteBuffer.wrap(payload).getInt() & 0x7fffffff;
        return new Block(id, payload, fixed);
    }

    private void synStream(boolean last, Block block) throws IOException {
        Headers headers = decoder.decode(block.rest());
        boolean ofPeer = block.id() % 2 == (client ? 0 : 1);
        if (!ofPeer || block.id() <= lastPeerId) {
            throw new IOException("The peer opened the SPDY stream " + block.id() + " out of order");
        }
        lastPeerId = block.id();
        if (streams.size() >= MAX_STREAMS || closed.get()) {
            writer.reset(block.id(), SpdyWriter.REFUSED_STREAM);
            return;
        }
        var stream = new SpdyStream(block.id(), headers, this);
        streams.put(stream.id(), stream);
        writer.synReply(stream.id());
        if (last) {
            stream.remoteEnded();
        }
        accepted.add(Optional.of(stream));
    }

    private void synReply(boolean last, Block block) throws IOException {
        decoder.decode(block.rest());
        SpdyStream stream = streams.get(block.id());
        if (stream != null) {
            stream.replied();
            if (last) {
                stream.remoteEnded();
            }
        }
    }

    private void reset(Block block) {
        SpdyStream stream = streams.remove(block.id());
        if (stream != null) {
            stream.remoteReset(block.payload()[7]);
        }
    }

    private void ping(Block block) throws IOException {
        boolean ofPeer = block.id() % 2 == (client ? 0 : 1);
        if (ofPeer) {
            writer.ping(block.id());
        }
    }
}
