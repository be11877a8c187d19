package dev.kite.apiserver.audit;

import dev.kite.http.ClientTls;
import dev.kite.http.HttpClient;
import dev.kite.http.HttpClientFactory;
import dev.kite.http.HttpClientOptions;
import dev.kite.http.HttpClientRequest;
import dev.kite.http.HttpClientResponse;
import dev.kite.http.TlsIdentity;
import dev.kite.security.Kubeconfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Posts to the server of a kubeconfig, within the 30 seconds that upstream gives a webhook. Thread-safe. */
final class HttpsPoster implements WebhookSink.Poster {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration CONNECT = Duration.ofSeconds(10);

    /** What an answer may hold; nobody looks at it. */
    private static final int ANSWER = 64 * 1024;

    private final HttpClient client;
    private final Kubeconfig config;
    private final @Nullable String authorization;

    private HttpsPoster(HttpClient client, Kubeconfig config, @Nullable String authorization) {
        this.client = client;
        this.config = config;
        this.authorization = authorization;
    }

    static HttpsPoster of(Kubeconfig config, HttpClientFactory clients) throws IOException {
        boolean tls = "https".equals(config.server().getScheme());
        HttpClientOptions options =
                HttpClientOptions.of("audit", tls ? tls(config) : null).timeouts(CONNECT, PATIENCE, PATIENCE);
        return new HttpsPoster(clients.open(options), config, authorization(config));
    }

    private static @Nullable String authorization(Kubeconfig config) {
        if (config.username().isPresent()) {
            String pair = config.username().get() + ":" + config.password().orElse("");
            return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        }
        return config.bearerToken().map(token -> "Bearer " + token).orElse(null);
    }

    private static ClientTls tls(Kubeconfig config) throws IOException {
        TlsIdentity identity = config.client()
                .map(own -> new TlsIdentity(own.key(), own.chain()))
                .orElse(null);
        if (config.insecure()) {
            return ClientTls.unverified(identity);
        }
        List<X509Certificate> trusted = config.authorities().isEmpty() ? machine() : config.authorities();
        return ClientTls.of(
                trusted,
                identity,
                config.serverName()
                        .<ClientTls.ServerName>map(ClientTls.ServerName.Fixed::new)
                        .orElseGet(ClientTls.ServerName.OfUri::new));
    }

    private static List<X509Certificate> machine() throws IOException {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            return Arrays.stream(factory.getTrustManagers())
                    .filter(X509TrustManager.class::isInstance)
                    .flatMap(manager -> Arrays.stream(((X509TrustManager) manager).getAcceptedIssuers()))
                    .toList();
        } catch (GeneralSecurityException e) {
            throw new IOException("this machine's authorities can't be read: " + e.getMessage(), e);
        }
    }

    @Override
    public int post(byte[] json) throws IOException {
        HttpClientRequest request = HttpClientRequest.of("POST", config.server(), "application/json", json);
        request.header("Accept", "application/json, */*");
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        try (HttpClientResponse response = client.send(request)) {
            response.body().readNBytes(ANSWER);
            return response.status();
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
