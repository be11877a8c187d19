package dev.kite.apiserver.aggregation;

import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.HttpHandler;
import dev.kite.http.HttpServer;
import dev.kite.http.HttpServerOptions;
import dev.kite.http.ServerTls;
import dev.kite.http.TlsIdentity;
import dev.kite.http.server.JettyServers;
import dev.kite.security.Authority;
import dev.kite.security.CertificateSpec;
import dev.kite.security.ClusterCertificates;
import dev.kite.security.Identity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** An extension API server of HTTPS on loopback: answers by what tests set for its paths, and remembers what it was asked. */
final class ExtensionServer implements AutoCloseable {
    private final JettyServers servers = new JettyServers();
    private final Map<String, HttpHandler> handlers = new ConcurrentHashMap<>();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final HttpServer http;

    /** A request as it came. */
    record Seen(String method, String target, String user, String uid, List<String> groups, String extra, String by) {}

    ExtensionServer(ClusterCertificates certificates, String name) throws IOException {
        Identity own =
                certificates.issue(Authority.SERVER, CertificateSpec.server("extension", List.of(name, "127.0.0.1")));
        ServerTls tls = new ServerTls() {
            @Override
            public TlsIdentity identity(@Nullable String serverName) {
                return new TlsIdentity(own.key(), own.chain());
            }

            @Override
            public List<X509Certificate> clientAuthorities() {
                return certificates.authority(Authority.REQUEST_HEADER);
            }
        };
        http = servers.start(HttpServerOptions.of("extension", this::handle)
                .secure(tls)
                .timeouts(Duration.ofMinutes(1), Duration.ofMillis(100)));
    }

    int port() {
        return http.port();
    }

    List<Seen> seen() {
        return seen;
    }

    void on(String path, HttpHandler handler) {
        handlers.put(path, handler);
    }

    void json(String path, String body) {
        on(path, exchange -> exchange.respond(200, "application/json", body.getBytes(StandardCharsets.UTF_8)));
    }

    private void handle(HttpExchange exchange) throws IOException {
        String query = exchange.rawQuery().isEmpty() ? "" : "?" + exchange.rawQuery();
        seen.add(new Seen(
                exchange.method(),
                exchange.rawPath() + query,
                String.join(",", exchange.requestHeaders().all("X-Remote-User")),
                String.join(",", exchange.requestHeaders().all("X-Remote-Uid")),
                exchange.requestHeaders().all("X-Remote-Group"),
                String.join(",", exchange.requestHeaders().all("X-Remote-Extra-Scopes%2Fx")),
                exchange.peerCertificates().isEmpty()
                        ? ""
                        : exchange.peerCertificates()
                                .getFirst()
                                .getSubjectX500Principal()
                                .getName()));
        HttpHandler handler = handlers.get(exchange.path());
        if (handler == null) {
            exchange.respond(404, "text/plain", new byte[0]);
        } else {
            handler.handle(exchange);
        }
    }

    @Override
    public void close() throws Exception {
        http.close();
        servers.stop();
    }
}
