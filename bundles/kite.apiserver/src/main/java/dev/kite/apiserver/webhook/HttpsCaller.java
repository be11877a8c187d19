package dev.kite.apiserver.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Lookups;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import dev.kite.http.ClientTls;
import dev.kite.http.HttpClient;
import dev.kite.http.HttpClientFactory;
import dev.kite.http.HttpClientOptions;
import dev.kite.http.HttpClientRequest;
import dev.kite.http.HttpClientResponse;
import dev.kite.http.MachineAuthorities;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Calls webhooks by HTTPS, at their URL or at their Service's address, trusting the authority that their configuration names. */
public final class HttpsCaller implements WebhookCaller {
    private static final long DEFAULT_SECONDS = 10;
    private static final long MOST_SECONDS = 30;
    private static final int MOST_BYTES = 3 * 1024 * 1024;

    private final HttpClientFactory clients;
    private final Lookups lookups;
    private final long conversionSeconds;

    /**
     * A caller.
     *
     * @param clients makes clients
     * @param lookups finds Services
     */
    public HttpsCaller(HttpClientFactory clients, Lookups lookups) {
        this(clients, lookups, MOST_SECONDS);
    }

    /**
     * A caller with a time for conversions.
     *
     * @param clients makes clients
     * @param lookups finds Services
     * @param conversionSeconds how long a conversion may take, for definitions say nothing of it
     */
    public HttpsCaller(HttpClientFactory clients, Lookups lookups, long conversionSeconds) {
        this.conversionSeconds = conversionSeconds;
        this.clients = clients;
        this.lookups = lookups;
    }

    /**
     * Where a webhook is.
     *
     * @param uri where it is reached
     * @param name as what its certificate must know it
     * @param host the Host header, empty for the URI's
     * @param shown where it is in words
     */
    private record Target(URI uri, ClientTls.ServerName name, String host, String shown) {}

    @Override
    public ObjectNode call(ObjectNode webhook, ObjectNode review) throws FailedException {
        long asked = Tree.number(webhook, "timeoutSeconds");
        long seconds = asked <= 0 ? DEFAULT_SECONDS : Math.min(asked, MOST_SECONDS);
        return call(Tree.text(webhook, "name"), webhook, seconds, review);
    }

    @Override
    public ObjectNode convert(String name, ObjectNode webhook, ObjectNode review) throws FailedException {
        return call(name, webhook, conversionSeconds, review);
    }

    private ObjectNode call(String name, ObjectNode webhook, long seconds, ObjectNode review) throws FailedException {
        Target target = target(Tree.object(webhook, "clientConfig"), "timeout=" + seconds + "s");
        ClientTls tls = ClientTls.of(authorities(webhook), null, target.name());
        Duration timeout = Duration.ofSeconds(seconds);
        HttpClientOptions options = HttpClientOptions.of("webhook", tls).timeouts(timeout, timeout, timeout);
        FutureTask<ObjectNode> call = new FutureTask<>(() -> post(options, target, review));
        // The time is that of the whole call: a webhook that answers a byte a second must not hold a write for ever.
        Thread thread = Thread.ofVirtual().name("webhook " + name).start(call);
        try {
            return call.get(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException _) {
            throw failed(target.shown(), "context deadline exceeded");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw failed(target.shown(), "context canceled");
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case FailedException failed -> throw failed;
                case SocketTimeoutException _ -> throw failed(target.shown(), "context deadline exceeded");
                case IOException io -> throw failed(target.shown(), String.valueOf(io.getMessage()));
                case null, default -> throw new IllegalStateException("a webhook can't be called", e.getCause());
            }
        } finally {
            thread.interrupt();
        }
    }

    private ObjectNode post(HttpClientOptions options, Target target, ObjectNode review)
            throws IOException, FailedException {
        HttpClientRequest request = HttpClientRequest.of("POST", target.uri(), "application/json", Trees.write(review));
        request.header("Accept", "application/json, */*");
        if (!target.host().isEmpty()) {
            request.header("Host", target.host());
        }
        // A client a call: webhooks are rare, and their authorities change.
        try (HttpClient client = clients.open(options);
                HttpClientResponse response = client.send(request)) {
            // Redirects are answers as others: who a webhook is, is its configuration's to say.
            String type = response.headers().first("Content-Type");
            return WebhookAnswer.read(response.status(), type == null ? "" : type, response.bytes(MOST_BYTES));
        }
    }

    private Target target(@Nullable ObjectNode config, String query) throws FailedException {
        String url = Tree.text(config, "url");
        if (!url.isEmpty()) {
            URI given = uri(url);
            URI uri = URI.create(given + (given.getRawQuery() == null ? "?" : "&") + query);
            return new Target(uri, new ClientTls.ServerName.OfUri(), "", uri.toString());
        }
        String namespace = Tree.text(config, "service", "namespace");
        String name = Tree.text(config, "service", "name");
        long port = Tree.has(config, "service", "port") ? Tree.number(config, "service", "port") : 443;
        String path = Tree.text(config, "service", "path");
        String dns = name + "." + namespace + ".svc";
        String rest = ":" + port + (path.startsWith("/") ? "" : "/") + path + "?" + query;
        String shown = "https://" + dns + rest;
        ObjectNode service = lookups.find("", "services", namespace, name);
        if (service == null) {
            throw failed(shown, "service \"" + name + "\" not found");
        }
        String address = Tree.text(service, "spec", "clusterIP");
        if (address.isEmpty() || address.equals("None")) {
            throw failed(shown, "service \"" + name + "\" has no cluster IP");
        }
        String host = address.indexOf(':') >= 0 ? "[" + address + "]" : address;
        return new Target(
                URI.create("https://" + host + rest), new ClientTls.ServerName.Fixed(dns), dns + ":" + port, shown);
    }

    private static FailedException failed(String shown, String why) {
        return new FailedException("Post \"" + shown + "\": " + why);
    }

    private static URI uri(String url) throws FailedException {
        try {
            URI uri = URI.create(url);
            if ("https".equals(uri.getScheme()) && uri.getHost() != null && uri.getRawUserInfo() == null) {
                return uri;
            }
        } catch (IllegalArgumentException _) {
            // said below
        }
        throw new FailedException("Unparsable URL: " + url);
    }

    private static List<X509Certificate> authorities(ObjectNode webhook) throws FailedException {
        String bundle = Tree.text(webhook, "clientConfig", "caBundle");
        List<X509Certificate> all = new ArrayList<>();
        try {
            if (bundle.isBlank()) {
                return MachineAuthorities.all();
            }
            byte[] pem = Base64.getDecoder().decode(bundle);
            for (Certificate one :
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem))) {
                all.add((X509Certificate) one);
            }
            return all;
        } catch (IllegalArgumentException | IOException | CertificateException e) {
            throw new FailedException("unable to load root certificates: " + e.getMessage());
        }
    }
}
