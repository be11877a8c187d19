package dev.kite.client;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** How requests reach a server: within the process or over HTTPS. Thread-safe. */
interface Transport extends AutoCloseable {
    /**
     * A request.
     *
     * @param method the method in upper case
     * @param path the percent-encoded path
     * @param query the encoded query, empty for none
     * @param headers the header fields
     * @param body the body, empty for none
     * @param streaming whether the answer is read while it is made, as a watch is
     */
    // Calls are sent, never compared.
    @SuppressWarnings("ArrayRecordComponent")
    record Call(
            String method, String path, String query, Map<String, String> headers, byte[] body, boolean streaming) {}

    /** An answer whose body is read as it comes; closing it tells the server that nobody listens. */
    interface Answer extends AutoCloseable {
        /** @return the HTTP status code */
        int status();

        /** @return the body */
        InputStream body();

        @Override
        void close();
    }

    /**
     * Sends a request.
     *
     * @param call the request
     * @return the answer, once its status is known
     * @throws IOException if there is none
     */
    Answer send(Call call) throws IOException;

    @Override
    void close();
}
