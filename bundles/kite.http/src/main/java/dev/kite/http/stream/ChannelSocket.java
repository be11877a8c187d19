package dev.kite.http.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kubernetes' channel protocols on a WebSocket: each message begins with its channel's number, as a byte, or in the base64 forms as a digit with the rest in
 * base64. In the fifth version channel 255 tells that the channel whose number follows has ended.
 */
final class ChannelSocket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChannelSocket.class);
    private static final int CLOSE_CHANNEL = 255;

    /** As much of a stream as one message carries, so that others get their turn. */
    private static final int MESSAGE = 32 * 1024;

    private static final long LINGER_SECONDS = 5;

    private final WebSocket socket;
    private final boolean base64;
    private final boolean closeSignal;
    private final Map<Integer, BytePipe> readable = new HashMap<>();
    private final CountDownLatch ended = new CountDownLatch(1);

    /** Takes a connection over; {@link #start} begins to read it. */
    ChannelSocket(WebSocket socket, Set<Integer> readableChannels) {
        this.socket = socket;
        this.base64 = socket.protocol().contains("base64");
        this.closeSignal = socket.protocol().startsWith("v5.");
        readableChannels.forEach(channel -> readable.put(channel, new BytePipe()));
    }

    /** Begins to read; {@code atEnd} runs when the client has gone. */
    void start(Runnable atEnd) {
        Thread.ofVirtual().name("channels").start(() -> {
            try {
                for (WebSocket.Message m = socket.receive(); m != null; m = socket.receive()) {
                    received(m.bytes());
                }
            } catch (IOException broken) {
                LOG.debug("The client's WebSocket breaks off", broken);
            } finally {
                readable.values().forEach(BytePipe::end);
                ended.countDown();
                atEnd.run();
            }
        });
    }

    private void received(byte[] message) throws IOException {
        if (message.length == 0) {
            return;
        }
        int channel = base64 ? message[0] - '0' : message[0] & 0xff;
        if (channel == CLOSE_CHANNEL && closeSignal) {
            BytePipe pipe = message.length < 2 ? null : readable.get(message[1] & 0xff);
            if (pipe != null) {
                pipe.end();
            }
            return;
        }
        // What comes on a channel that is not the client's to write is dropped, as upstream.
        BytePipe pipe = readable.get(channel);
        if (pipe != null) {
            put(pipe, message);
        }
    }

    private void put(BytePipe pipe, byte[] message) throws IOException {
        if (!base64) {
            pipe.put(message, 1, message.length - 1);
            return;
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(Arrays.copyOfRange(message, 1, message.length));
            pipe.put(bytes, 0, bytes.length);
        } catch (IllegalArgumentException malformed) {
            throw new WebSocketException(1007, "A message is not base64");
        }
    }

    /** Returns what the client writes on a readable channel. */
    InputStream input(int channel) {
        BytePipe pipe = readable.get(channel);
        if (pipe == null) {
            throw new IllegalArgumentException("Channel " + channel + " is not readable");
        }
        return pipe;
    }

    /** Returns a channel to write on; closing it tells nothing. */
    OutputStream output(int channel) {
        return new Output(channel);
    }

    void send(int channel, byte[] bytes, int offset, int length) throws IOException {
        if (base64) {
            byte[] payload = Base64.getEncoder().encode(Arrays.copyOfRange(bytes, offset, offset + length));
            socket.sendText((char) ('0' + channel) + new String(payload, StandardCharsets.US_ASCII));
            return;
        }
        byte[] message = new byte[1 + length];
        message[0] = (byte) channel;
        System.arraycopy(bytes, offset, message, 1, length);
        socket.sendBinary(message, 0, message.length);
    }

    /** Closes normally: waits a little for the client's answer, so that it reads all that was sent. */
    @Override
    public void close() throws IOException {
        socket.close(1000, "");
        try {
            if (!ended.await(LINGER_SECONDS, TimeUnit.SECONDS)) {
                LOG.debug("The client does not answer the close frame");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while closing a WebSocket");
        } finally {
            socket.close();
        }
    }

    /** Sends messages. */
    private final class Output extends OutputStream {
        private final int channel;

        Output(int channel) {
            this.channel = channel;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            for (int sent = 0; sent < length; sent += MESSAGE) {
                send(channel, bytes, offset + sent, Math.min(MESSAGE, length - sent));
            }
        }
    }
}
