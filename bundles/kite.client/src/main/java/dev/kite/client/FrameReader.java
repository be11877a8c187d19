package dev.kite.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Splits a watch's stream into its frames, a line each (JSON text holds no raw line feed). One thread. */
final class FrameReader {
    private final InputStream in;
    private final int limit;
    private final byte[] buffer = new byte[16 * 1024];
    private int position;
    private int filled;

    /**
     * Reads from a stream.
     *
     * @param in the stream, which somebody else closes
     * @param limit the longest frame in bytes
     */
    FrameReader(InputStream in, int limit) {
        this.in = in;
        this.limit = limit;
    }

    /**
     * Waits for the next frame.
     *
     * @return the frame without its line feed, or null at the end of the stream
     * @throws IOException if the stream breaks, or a frame is too long
     */
    byte @Nullable [] next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        while (true) {
            if (position == filled) {
                filled = in.read(buffer);
                position = 0;
                if (filled < 0) {
                    filled = 0;
                    // The last frame may lack its line feed; half a frame is found out by whoever parses it.
                    return line.size() == 0 ? null : line.toByteArray();
                }
            }
            int start = position;
            while (position < filled && buffer[position] != '\n') {
                position++;
            }
            line.write(buffer, start, position - start);
            if (line.size() > limit) {
                throw new IOException("a watch frame is longer than " + limit + " bytes");
            }
            if (position < filled) {
                position++;
                if (line.size() > 0) {
                    return line.toByteArray();
                }
            }
        }
    }
}
