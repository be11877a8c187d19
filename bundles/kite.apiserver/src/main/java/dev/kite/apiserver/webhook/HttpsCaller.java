package dev.kite.apiserver.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
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

/** Calls webhooks by HTTPS, at their URL or at their Service's address, trusting the authority that their configuration names. */
public final class HttpsCaller implements WebhookCaller {
    private static final long DEFAULT_SECONDS = 10;
    private static final long MOST_SECONDS = 30;
    private static final int MOST_BYTES = 3 * 1024 * 1024;

    private final HttpClientFactory clients;
    private final Lookups lookups;

    /**
     * A caller.
     *
     * @param clients makes clients
     * @param lookups finds Services
     */
    public HttpsCaller(HttpClientFactory clients, Lookups lookups) {
        this.clients = clients;
        this.lookups = lookups;
    }

    private record Target(URI uri, ClientTls.ServerName name, String host) {}

    @Override
    public ObjectNode call(ObjectNode webhook, ObjectNode review) throws FailedException {
        long asked = Tree.number(webhook, "timeoutSeconds");
        long seconds = asked <= 0 ? DEFAULT_SECONDS : Math.min(asked, MOST_SECONDS);
        Target target = target(Tree.object(webhook, "clientConfig"));
        URI uri = URI.create(
                target.uri() + (target.uri().getRawQuery() == null ? "?" : "&") + "timeout=" + seconds + "s");
        return call(Tree.text(webhook, "name"), webhook, target, uri, seconds, review);
    }

    @Override
    public ObjectNode convert(String name, ObjectNode webhook, ObjectNode review) throws FailedException {
        Target target = target(Tree.object(webhook, "clientConfig"));
        return call(name, webhook, target, target.uri(), MOST_SECONDS, review);
    }

    private ObjectNode call(String name, ObjectNode webhook, Target target, URI uri, long seconds, ObjectNode review)
            throws FailedException {
        ClientTls tls = ClientTls.of(authorities(webhook), null, target.name());
        Duration timeout = Duration.ofSeconds(seconds);
        HttpClientOptions options = HttpClientOptions.of("webhook", tls).timeouts(timeout, timeout, timeout);
        FutureTask<ObjectNode> call = new FutureTask<>(() -> post(options, uri, target, review));
        // The time is that of the whole call: a webhook that answers a byte a second must not hold a write for ever.
        Thread thread = Thread.ofVirtual().name("webhook " + name).start(call);
        try {
            return call.get(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException _) {
            throw new FailedException("Post \"" + uri + "\": context deadline exceeded");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new FailedException("Post \"" + uri + "\": context canceled");
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case FailedException failed -> throw failed;
                case SocketTimeoutException _ ->
                    throw new FailedException("Post \"" + uri + "\": context deadline exceeded");
                case IOException io -> throw new FailedException("Post \"" + uri + "\": " + io.getMessage());
                case null, default -> throw new IllegalStateException("a webhook can't be called", e.getCause());
            }
        } finally {
            thread.interrupt();
        }
    }

    private ObjectNode post(HttpClientOptions options, URI uri, Target target, ObjectNode review)
            throws IOException, FailedException {
        HttpClientRequest request = HttpClientRequest.of("POST", uri, "application/json", Trees.write(review));
        request.header("Accept", "application/json, */*");
        if (!target.host().isEmpty()) {
            request.header("Host", target.host());
        }
        // A client a call: webhooks are rare, and their authorities change.
        try (HttpClient client = clients.open(options);
                HttpClientResponse response = client.send(request)) {
            // Redirects are answers as others: who a webhook is, is its configuration's to say.
            if (response.status() < 200 || response.status() > 206) {
                throw new FailedException("the server rejected our request: status " + response.status());
            }
            byte[] body = response.bytes(MOST_BYTES);
            try {
                if (Trees.mapper().readTree(body) instanceof ObjectNode answer) {
                    return answer;
                }
            } catch (JsonProcessingException e) {
                throw new FailedException("the answer can't be read: " + e.getOriginalMessage());
            }
            throw new FailedException("the answer is no object");
        }
    }

    private Target target(@org.jspecify.annotations.Nullable ObjectNode config) throws FailedException {
        String url = Tree.text(config, "url");
        if (!url.isEmpty()) {
            return new Target(uri(url), new ClientTls.ServerName.OfUri(), "");
        }
        String namespace = Tree.text(config, "service", "namespace");
        String name = Tree.text(config, "service", "name");
        long port = Tree.has(config, "service", "port") ? Tree.number(config, "service", "port") : 443;
        ObjectNode service = lookups.find("", "services", namespace, name);
        if (service == null) {
            throw new FailedException("service \"" + name + "\" not found");
        }
        String address = Tree.text(service, "spec", "clusterIP");
        if (address.isEmpty() || address.equals("None")) {
            throw new FailedException("service \"" + name + "\" has no cluster IP");
        }
        String path = Tree.text(config, "service", "path");
        String host = address.indexOf(':') >= 0 ? "[" + address + "]" : address;
        String dns = name + "." + namespace + ".svc";
        String slash = path.startsWith("/") ? "" : "/";
        return new Target(
                URI.create("https://" + host + ":" + port + slash + path),
                new ClientTls.ServerName.Fixed(dns),
                dns + ":" + port);
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
        if (bundle.isEmpty()) {
            return all;
        }
        try {
            byte[] pem = Base64.getDecoder().decode(bundle);
            for (Certificate one :
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem))) {
                all.add((X509Certificate) one);
            }
            return all;
        } catch (IllegalArgumentException | CertificateException e) {
            throw new FailedException("unable to load root certificates: " + e.getMessage());
        }
    }
}
