package dev.kite.security.hook;

import dev.kite.http.ClientTls;
import dev.kite.http.HttpClient;
import dev.kite.http.HttpClientOptions;
import dev.kite.http.HttpClientRequest;
import dev.kite.http.HttpClientResponse;
import dev.kite.http.MachineAuthorities;
import dev.kite.http.TlsIdentity;
import dev.kite.security.Kubeconfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A client for one server: no redirects, a bound on the answer's size, and on the time of the whole exchange. Its client is made with the first request. Thread-safe. */
public final class Https implements AutoCloseable {
    private static final Duration CONNECTING = Duration.ofSeconds(10);

    private final Supplier<ClientTls> tls;
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

    private Https(Supplier<ClientTls> tls, @Nullable String authorization, int largestAnswer) {
        this.tls = tls;
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
        return new Https(() -> ClientTls.trusting(orMachines(authorities)), null, largestAnswer);
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
        return new Https(() -> tls(config), authorization, largestAnswer);
    }

    private static ClientTls tls(Kubeconfig config) {
        TlsIdentity identity = config.client()
                .map(own -> new TlsIdentity(own.key(), own.chain()))
                .orElse(null);
        if (config.insecure()) {
            return ClientTls.unverified(identity);
        }
        ClientTls.ServerName name = config.serverName()
                .<ClientTls.ServerName>map(ClientTls.ServerName.Fixed::new)
                .orElseGet(ClientTls.ServerName.OfUri::new);
        return ClientTls.of(orMachines(config.authorities()), identity, name);
    }

    private static List<X509Certificate> orMachines(List<X509Certificate> authorities) {
        try {
            return authorities.isEmpty() ? MachineAuthorities.all() : authorities;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized HttpClient client() throws IOException {
        HttpClient known = client;
        if (known == null) {
            try {
                known = HttpClient.of(
                        HttpClientOptions.of("webhook", tls.get()).timeouts(CONNECTING, Duration.ZERO, Duration.ZERO));
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
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
        return send(HttpClientRequest.of("GET", uri), patience);
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
        return send(HttpClientRequest.of("POST", uri, "application/json", json), patience);
    }

    private Answer send(HttpClientRequest request, Duration patience) throws IOException {
        request.header("Accept", "application/json");
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        FutureTask<Answer> exchange = new FutureTask<>(() -> exchange(request));
        String host = request.uri().getHost();
        // The time is that of the whole exchange: a server that answers a byte a second must not hold a request for
        // ever.
        Thread thread = Thread.ofVirtual().name("ask " + host).start(exchange);
        try {
            return exchange.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException(host + " did not answer within " + patience.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            throw new IOException(host + ": " + why(e.getCause()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + host, e);
        } finally {
            thread.interrupt();
        }
    }

    private Answer exchange(HttpClientRequest request) throws IOException {
        try (HttpClientResponse response = client().send(request)) {
            return new Answer(response.status(), response.bytes(largestAnswer));
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
            client.close();
            client = null;
        }
    }
}
