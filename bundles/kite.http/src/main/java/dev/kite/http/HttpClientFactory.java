package dev.kite.http;

/** Makes clients. A service of this bundle. Thread-safe. */
public interface HttpClientFactory {
    /**
     * Makes a client; it connects when it is first used.
     *
     * @param options how it connects
     * @return the client, which the caller closes
     */
    HttpClient open(HttpClientOptions options);
}
