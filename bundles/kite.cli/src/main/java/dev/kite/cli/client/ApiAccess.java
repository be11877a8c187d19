package dev.kite.cli.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An API server under a kubeconfig's identity. Thread-safe. */
public final class ApiAccess {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final URI server;
    private final @Nullable String token;
    private final HttpClient client;

    private ApiAccess(URI server, @Nullable String token, HttpClient client) {
        this.server = server;
        this.token = token;
        this.client = client;
    }

    /**
     * Reads a kubeconfig.
     *
     * @param kubeconfig the file
     * @return access by its current context
     * @throws IOException if the file can't be read or lacks something: the message says what
     */
    public static ApiAccess of(Path kubeconfig) throws IOException {
        Kubeconfig config = Kubeconfig.read(kubeconfig);
        HttpClient client = HttpClient.newBuilder()
                .sslContext(config.sslContext())
                .connectTimeout(Duration.ofSeconds(10))
                .build();
        return new ApiAccess(config.server(), config.token(), client);
    }

    /** @return the API's address */
    public URI server() {
        return server;
    }

    /** @return the client, for callers with needs of their own */
    public HttpClient client() {
        return client;
    }

    /**
     * Starts a request.
     *
     * @param path the path with its query
     * @return a builder with address and identity
     */
    public HttpRequest.Builder request(String path) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(server.resolve(path));
        if (token != null) {
            builder.header("Authorization", "Bearer " + token);
        }
        return builder;
    }

    /**
     * Reads.
     *
     * @param path the path with its query
     * @return the answer, whatever its code
     * @throws IOException if there is none
     * @throws InterruptedException if the thread is interrupted
     */
    public HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return client.send(request(path).timeout(TIMEOUT).GET().build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    /**
     * Sends a body.
     *
     * @param method the method
     * @param path the path with its query
     * @param contentType the body's media type
     * @param body the body
     * @return the answer, whatever its code
     * @throws IOException if there is none
     * @throws InterruptedException if the thread is interrupted
     */
    public HttpResponse<byte[]> send(String method, String path, String contentType, byte[] body)
            throws IOException, InterruptedException {
        HttpRequest request = request(path)
                .timeout(TIMEOUT)
                .header("Content-Type", contentType)
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }
}
