package dev.kite.http;

import dev.kite.api.http.Headers;
import java.io.IOException;
import java.io.InputStream;

/** The response to an {@link InProcessExchange} while it is made. One thread reads it; any may close it. */
public interface InProcessResponse extends AutoCloseable {
    /** @return the status code */
    int status();

    /** @return the header fields */
    Headers headers();

    /** @return the body as it comes; a read throws what the handler failed with after the commit; closing it is closing the response */
    InputStream body();

    /**
     * Reads the rest of the body. A body that the handler gave whole is returned without copying it, and must not be changed.
     *
     * @return the body
     * @throws IOException if the handler failed after the commit
     */
    byte[] bytes() throws IOException;

    /** Ends the response: what the handler writes from then on fails, and its {@code onClose} actions run on this thread. */
    @Override
    void close();
}
