package dev.kite.http.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Copies a stream's bytes as they come, on a virtual thread. */
final class Copying {
    private static final Logger LOG = LoggerFactory.getLogger(Copying.class);
    private static final int SIZE = 32 * 1024;

    private Copying() {}

    /** Starts to copy; the thread ends with the input's end, when it has closed the output, or with a failure of either. */
    static Thread start(String what, InputStream from, OutputStream to) {
        return Thread.ofVirtual().name(what).start(() -> {
            try {
                copy(from, to);
                to.close();
            } catch (IOException broken) {
                LOG.debug("{} breaks off", what, broken);
                close(from);
            }
        });
    }

    /** Copies until the input ends; each read is flushed. */
    static void copy(InputStream from, OutputStream to) throws IOException {
        byte[] buffer = new byte[SIZE];
        for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
            to.write(buffer, 0, count);
            to.flush();
        }
    }

    static void join(Thread thread) throws IOException {
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while streams are copied");
        }
    }

    static void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception already) {
            LOG.debug("A stream did not close cleanly", already);
        }
    }
}
