package dev.kite.security.hook;

import dev.kite.security.Identity;
import dev.kite.security.Kubeconfig;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** A client for one server: no redirects, a bound on the answer's size, and on the time of the whole exchange. Its client is made with the first request. Thread-safe. */
public final class Https implements AutoCloseable {
    private final SSLContext trust;
    private final @Nullable String authorization;
    private final int largestAnswer;
    private @Nullable HttpClient client;

    /**
     * An answer.
     *
     * @param status its code
     * @param body its body
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Answer(int status, byte[] body) {}

    private Https(SSLContext trust, @Nullable String authorization, int largestAnswer) {
        this.trust = trust;
        this.authorization = authorization;
        this.largestAnswer = largestAnswer;
    }

    /**
     * Trusts these authorities, or the machine's.
     *
     * @param authorities none for the machine's
     * @param largestAnswer bytes
     * @return the client
     */
    public static Https trusting(List<X509Certificate> authorities, int largestAnswer) {
        return new Https(context(authorities, null, false), null, largestAnswer);
    }

    /**
     * A webhook's server, as its kubeconfig says.
     *
     * @param config the kubeconfig
     * @param largestAnswer bytes
     * @return the client
     */
    public static Https of(Kubeconfig config, int largestAnswer) {
        String authorization =
                config.bearerToken().map(token -> "Bearer " + token).orElse(null);
        if (config.username().isPresent()) {
            String pair = config.username().get() + ":" + config.password().orElse("");
            authorization = "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        }
        return new Https(
                context(config.authorities(), config.client().orElse(null), config.insecure()),
                authorization,
                largestAnswer);
    }

    private static SSLContext context(
            List<X509Certificate> authorities, @Nullable Identity identity, boolean insecure) {
        try {
            KeyManager[] keys = null;
            if (identity != null) {
                KeyStore store = KeyStore.getInstance("PKCS12");
                store.load(null, null);
                store.setKeyEntry(
                        "client", identity.key(), new char[0], identity.chain().toArray(new X509Certificate[0]));
                KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                factory.init(store, new char[0]);
                keys = factory.getKeyManagers();
            }
            TrustManager[] managers = null;
            if (insecure) {
                managers = new TrustManager[] {new TrustsAll()};
            } else if (!authorities.isEmpty()) {
                KeyStore store = KeyStore.getInstance("PKCS12");
                store.load(null, null);
                for (X509Certificate authority : authorities) {
                    store.setCertificateEntry("ca-" + store.size(), authority);
                }
                TrustManagerFactory factory =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                factory.init(store);
                managers = factory.getTrustManagers();
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, managers, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("its certificates cannot be used: " + e.getMessage(), e);
        }
    }

    private synchronized HttpClient client() {
        HttpClient known = client;
        if (known == null) {
            known = HttpClient.newBuilder()
                    .sslContext(trust)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(Duration.ofSeconds(10))
                    .build();
            client = known;
        }
        return known;
    }

    /**
     * Reads a document.
     *
     * @param uri where
     * @param patience for all of it
     * @return the answer, whatever its code
     * @throws IOException if there is none in time, or it is too large
     */
    public Answer get(URI uri, Duration patience) throws IOException {
        return send(request(uri).header("Accept", "application/json").GET().build(), patience);
    }

    /**
     * Sends JSON.
     *
     * @param uri where
     * @param json the body
     * @param patience for all of it
     * @return the answer, whatever its code
     * @throws IOException if there is none in time, or it is too large
     */
    public Answer post(URI uri, byte[] json, Duration patience) throws IOException {
        return send(
                request(uri)
                        .header("Content-Type", "application/json")
                        .header("Accept", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(json))
                        .build(),
                patience);
    }

    private HttpRequest.Builder request(URI uri) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri);
        if (authorization != null) {
            builder.header("Authorization", authorization);
        }
        return builder;
    }

    private Answer send(HttpRequest request, Duration patience) throws IOException {
        CompletableFuture<HttpResponse<byte[]>> sent =
                client().sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), largestAnswer));
        try {
            HttpResponse<byte[]> response = sent.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return new Answer(response.statusCode(), response.body());
        } catch (TimeoutException e) {
            throw new IOException(request.uri().getHost() + " did not answer within " + patience.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            throw new IOException(request.uri().getHost() + ": " + why(e.getCause()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(
                    "interrupted while waiting for " + request.uri().getHost(), e);
        } finally {
            sent.cancel(true);
        }
    }

    private static String why(@Nullable Throwable cause) {
        return cause == null
                ? "no answer"
                : String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.shutdownNow();
            client = null;
        }
    }

    /** For insecure-skip-tls-verify: an extended one is not asked for names either. */
    private static final class TrustsAll extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
