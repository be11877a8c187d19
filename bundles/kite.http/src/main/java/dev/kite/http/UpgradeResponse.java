package dev.kite.http;

import dev.kite.api.http.Duplex;
import dev.kite.api.http.Headers;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What came of asking for an upgrade.
 *
 * @param status 101, or the status of the refusal
 * @param headers the response's header fields
 * @param connection the connection's bytes where the status is 101, else null
 * @param refusal the refusal's body as UTF-8 text (up to 64 KiB), empty where the status is 101
 */
public record UpgradeResponse(
        int status, Headers headers, @Nullable Duplex connection, String refusal) implements AutoCloseable {
    /** @return whether the server switched protocols */
    public boolean upgraded() {
        return connection != null;
    }

    /**
     * Returns the connection.
     *
     * @return the connection
     * @throws IOException if the server refused, with its status
     */
    public Duplex require() throws IOException {
        if (connection == null) {
            throw new IOException("The server refused the upgrade with status " + status + ": " + refusal);
        }
        return connection;
    }

    @Override
    public void close() throws IOException {
        if (connection != null) {
            connection.close();
        }
    }
}
