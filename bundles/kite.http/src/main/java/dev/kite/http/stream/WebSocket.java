package dev.kite.http.stream;

import dev.kite.api.http.Duplex;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A WebSocket connection (RFC 6455), either side. One thread receives, any thread sends. Pings are answered while receiving.
 */
public final class WebSocket implements AutoCloseable {
    /** The largest message taken by default, in bytes; as upstream's server. */
    public static final int DEFAULT_LIMIT = 32 * 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(WebSocket.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int NO_STATUS = 1005;
    private static final int ABNORMAL = 1006;

    private final Duplex connection;
    private final boolean client;
    private final String protocol;
    private final int limit;
    private final FrameReader frames;
    private final ReentrantLock sending = new ReentrantLock();
    private boolean closeSent;
    private volatile int closeCode = ABNORMAL;
    private volatile boolean ended;

    /**
     * Speaks WebSocket over a connection after the handshake; see {@link WebSocketHandshake}.
     *
     * @param connection the connection, closed with this
     * @param client whether this is the client's side, which masks
     * @param protocol the subprotocol agreed on, empty for none
     * @param limit the largest message taken, in bytes
     */
    public WebSocket(Duplex connection, boolean client, String protocol, int limit) {
        this.connection = connection;
        this.client = client;
        this.protocol = protocol;
        this.limit = limit;
        this.frames = new FrameReader(new BufferedInputStream(connection.input(), 16 * 1024), !client, limit);
    }

    /** A message. Its bytes are the receiver's to keep or change. */
    public static final class Message {
        private final boolean text;
        private final byte[] bytes;

        private Message(boolean text, byte[] bytes) {
            this.text = text;
            this.bytes = bytes;
        }

        /** @return whether it is text, then its bytes are valid UTF-8 */
        public boolean text() {
            return text;
        }

        /** @return its bytes, not copied */
        public byte[] bytes() {
            return bytes;
        }
    }

    /** @return the subprotocol agreed on, empty for none */
    public String protocol() {
        return protocol;
    }

    /**
     * Returns why the peer closed.
     *
     * @return its close code, 1005 where it gave none, 1006 where it has not closed properly
     */
    public int closeCode() {
        return closeCode;
    }

    /**
     * Waits for the next message.
     *
     * @return the message, null once the peer has closed
     * @throws WebSocketException if the peer breaks the protocol or a bound; it has been told the code
     * @throws IOException if the connection breaks
     */
    public @Nullable Message receive() throws IOException {
        if (ended) {
            return null;
        }
        try {
            return nextMessage();
        } catch (WebSocketException broken) {
            ended = true;
            close(broken.code(), String.valueOf(broken.getMessage()));
            throw broken;
        } catch (EOFException gone) {
            ended = true;
            if (closeSent()) {
                return null;
            }
            throw gone;
        }
    }

    private @Nullable Message nextMessage() throws IOException {
        ByteArrayOutputStream assembled = null;
        boolean text = false;
        while (true) {
            FrameReader.Frame frame = frames.read();
            if (frame.control()) {
                if (!control(frame)) {
                    return null;
                }
                continue;
            }
            if ((frame.opcode() == FrameReader.CONTINUATION) != (assembled != null)) {
                throw new WebSocketException(1002, "A fragment is out of order");
            }
            if (assembled == null) {
                text = frame.opcode() == FrameReader.TEXT;
                if (frame.last()) {
                    return message(text, frame.payload());
                }
                assembled = new ByteArrayOutputStream(2 * frame.payload().length);
            }
            if (assembled.size() + frame.payload().length > limit) {
                throw new WebSocketException(1009, "A message is larger than " + limit + " bytes");
            }
            assembled.write(frame.payload());
            if (frame.last()) {
                return message(text, assembled.toByteArray());
            }
        }
    }

    private static Message message(boolean text, byte[] payload) throws WebSocketException {
        if (text) {
            requireUtf8(ByteBuffer.wrap(payload));
        }
        return new Message(text, payload);
    }

    private static void requireUtf8(ByteBuffer bytes) throws WebSocketException {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(bytes);
        } catch (CharacterCodingException malformed) {
            throw new WebSocketException(1007, "Text is not UTF-8");
        }
    }

    /** Handles a control frame; false when the peer has closed. */
    private boolean control(FrameReader.Frame frame) throws IOException {
        switch (frame.opcode()) {
            case FrameReader.PING -> send(FrameReader.PONG, frame.payload(), 0, frame.payload().length);
            case FrameReader.PONG -> LOG.trace("Pong");
            default -> {
                closeCode = parseClose(frame.payload());
                ended = true;
                close(closeCode == NO_STATUS ? 1000 : closeCode, "");
                return false;
            }
        }
        return true;
    }

    private static int parseClose(byte[] payload) throws WebSocketException {
        if (payload.length == 0) {
            return NO_STATUS;
        }
        int code = payload.length == 1 ? 0 : ((payload[0] & 0xff) << 8) | (payload[1] & 0xff);
        boolean known =
                (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code < 5000);
        if (!known) {
            throw new WebSocketException(1002, "A close frame has the code " + code);
        }
        requireUtf8(ByteBuffer.wrap(payload, 2, payload.length - 2));
        return code;
    }

    /**
     * Sends a binary message.
     *
     * @param bytes holds its bytes
     * @param offset where they begin
     * @param length how many they are
     * @throws IOException if the connection is closed or breaks
     */
    public void sendBinary(byte[] bytes, int offset, int length) throws IOException {
        send(FrameReader.BINARY, bytes, offset, length);
    }

    /**
     * Sends a text message.
     *
     * @param text the text
     * @throws IOException if the connection is closed or breaks
     */
    public void sendText(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        send(FrameReader.TEXT, bytes, 0, bytes.length);
    }

    /**
     * Asks the peer for a sign of life.
     *
     * @throws IOException if the connection is closed or breaks
     */
    public void ping() throws IOException {
        send(FrameReader.PING, new byte[0], 0, 0);
    }

    private void send(int opcode, byte[] bytes, int offset, int length) throws IOException {
        byte[] frame = frame(opcode, bytes, offset, length);
        sending.lock();
        try {
            if (closeSent) {
                if (opcode == FrameReader.PONG) {
                    return;
                }
                throw new IOException("The WebSocket is closed");
            }
            closeSent = opcode == FrameReader.CLOSE;
            connection.output().write(frame);
            connection.output().flush();
        } finally {
            sending.unlock();
        }
    }

    private byte[] frame(int opcode, byte[] bytes, int offset, int length) {
        int extended = length < 126 ? 0 : length < 65536 ? 2 : 8;
        int maskAt = 2 + extended;
        int start = maskAt + (client ? 4 : 0);
        byte[] frame = new byte[start + length];
        frame[0] = (byte) (0x80 | opcode);
        frame[1] = (byte) ((client ? 0x80 : 0) | (extended == 0 ? length : extended == 2 ? 126 : 127));
        for (int i = 0; i < extended; i++) {
            frame[2 + i] = (byte) ((long) length >>> (8 * (extended - 1 - i)));
        }
        System.arraycopy(bytes, offset, frame, start, length);
        if (client) {
            byte[] mask = new byte[4];
            RANDOM.nextBytes(mask);
            System.arraycopy(mask, 0, frame, maskAt, 4);
            for (int i = 0; i < length; i++) {
                frame[start + i] ^= mask[i & 3];
            }
        }
        return frame;
    }

    private boolean closeSent() {
        sending.lock();
        try {
            return closeSent;
        } finally {
            sending.unlock();
        }
    }

    /**
     * Sends a close frame, if none has been sent. The connection stays until the peer answers or {@link #close()}.
     *
     * @param code the close code
     * @param reason a word for people, cut to 120 bytes
     */
    public void close(int code, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(120, text.length);
        while (length > 0 && length < text.length && (text[length] & 0xc0) == 0x80) {
            length--;
        }
        byte[] payload = new byte[2 + length];
        payload[0] = (byte) (code >>> 8);
        payload[1] = (byte) code;
        System.arraycopy(text, 0, payload, 2, length);
        try {
            if (!closeSent()) {
                send(FrameReader.CLOSE, payload, 0, payload.length);
            }
        } catch (IOException gone) {
            LOG.debug("The peer left before the close frame", gone);
        }
    }

    /** Closes normally and ends the connection. */
    @Override
    public void close() throws IOException {
        close(1000, "");
        connection.close();
    }
}
