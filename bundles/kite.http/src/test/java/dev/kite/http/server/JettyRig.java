package dev.kite.http.server;

import dev.kite.api.http.HttpHandler;
import dev.kite.http.HttpServer;
import dev.kite.http.HttpServerOptions;
import dev.kite.http.ServerTls;
import dev.kite.http.TestCertificates;
import dev.kite.http.TlsIdentity;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;

/** A server with certificates, and clients that trust it. */
abstract class JettyRig {
    final TestCertificates authority = new TestCertificates("test-ca");
    final AtomicReference<TlsIdentity> identity = new AtomicReference<>(authority.server("one"));
    final JettyServers servers;
    HttpServer server;

    JettyRig() throws Exception {
        servers = new JettyServers();
    }

    @AfterEach
    void stop() throws Exception {
        if (server != null) {
            server.close();
        }
        servers.stop();
    }

    final ServerTls tls = new ServerTls() {
        @Override
        public TlsIdentity identity(String serverName) {
            return identity.get();
        }

        @Override
        public List<X509Certificate> clientAuthorities() {
            return List.of(authority.certificate());
        }
    };

    void serve(HttpHandler handler) throws Exception {
        server = servers.start(HttpServerOptions.of("test", handler).secure(tls));
    }

    void servePlain(HttpHandler handler) throws Exception {
        server = servers.start(
                HttpServerOptions.of("test", handler).timeouts(Duration.ofSeconds(1), Duration.ofSeconds(2)));
    }

    URI uri(String path) {
        return URI.create("https://127.0.0.1:" + server.port() + path);
    }

    SSLContext trust(TlsIdentity client) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", authority.certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        KeyStore own = KeyStore.getInstance(KeyStore.getDefaultType());
        own.load(null, null);
        if (client != null) {
            own.setKeyEntry("me", client.key(), new char[0], client.chain().toArray(X509Certificate[]::new));
        }
        keys.init(own, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), new SecureRandom());
        return context;
    }

    HttpResponse<String> get(String path, HttpClient.Version version, TlsIdentity client) throws Exception {
        try (HttpClient http = HttpClient.newBuilder()
                .version(version)
                .sslContext(trust(client))
                .build()) {
            return http.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
