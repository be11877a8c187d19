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
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

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
        Target target = target(Tree.object(webhook, "clientConfig"));
        long asked = Tree.number(webhook, "timeoutSeconds");
        Duration timeout = Duration.ofSeconds(asked <= 0 ? DEFAULT_SECONDS : Math.min(asked, MOST_SECONDS));
        ClientTls tls = ClientTls.of(authorities(webhook), null, target.name());
        HttpClientOptions options = HttpClientOptions.of("webhook", tls).timeouts(timeout, timeout, timeout);
        HttpClientRequest request = HttpClientRequest.of("POST", target.uri(), "application/json", Trees.write(review));
        request.header("Accept", "application/json, */*");
        if (!target.host().isEmpty()) {
            request.header("Host", target.host());
        }
        // A client a call: webhooks are rare, and their authorities change.
        try (HttpClient client = clients.open(options);
                HttpClientResponse response = client.send(request)) {
            byte[] body = response.bytes(MOST_BYTES);
            if (response.status() != 200) {
                throw new FailedException("the server answered with status " + response.status());
            }
            if (Trees.mapper().readTree(body) instanceof ObjectNode answer) {
                return answer;
            }
            throw new FailedException("the answer is no object");
        } catch (IOException e) {
            throw new FailedException("Post \"" + target.uri() + "\": " + e.getMessage());
        }
    }

    private Target target(@org.jspecify.annotations.Nullable ObjectNode config) throws FailedException {
        String url = Tree.text(config, "url");
        if (!url.isEmpty()) {
            return new Target(URI.create(url), new ClientTls.ServerName.OfUri(), "");
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
