package dev.kite.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.api.http.Duplex;
import dev.kite.api.http.Headers;
import dev.kite.http.ClientTls;
import dev.kite.http.HttpClient;
import dev.kite.http.HttpClientOptions;
import dev.kite.http.HttpClientRequest;
import dev.kite.http.HttpClientResponse;
import dev.kite.http.HttpServer;
import dev.kite.http.HttpServerOptions;
import dev.kite.http.ServerTls;
import dev.kite.http.TestCertificates;
import dev.kite.http.TlsIdentity;
import dev.kite.http.UpgradeResponse;
import dev.kite.http.server.JettyServers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PooledClientTest {
    private final TestCertificates authority = new TestCertificates("test-ca");
    private final JettyServers servers;
    private final HttpServer server;
    private final Set<Integer> clientPorts = ConcurrentHashMap.newKeySet();

    PooledClientTest() throws Exception {
        servers = new JettyServers();
        TlsIdentity identity = authority.server("node-1");
        ServerTls tls = new ServerTls() {
            @Override
            public TlsIdentity identity(String serverName) {
                return identity;
            }

            @Override
            public List<X509Certificate> clientAuthorities() {
                return List.of(authority.certificate());
            }
        };
        server = servers.start(HttpServerOptions.of("test", this::answer).secure(tls));
    }

    private void answer(dev.kite.api.http.HttpExchange e) throws IOException {
        clientPorts.add(e.remoteAddress().getPort());
        switch (e.path()) {
            case "/echo" -> {
                e.responseHeaders().set("X-Method", e.method());
                e.requestBody().transferTo(e.responseBody());
            }
            case "/who" -> {
                String who = e.peerCertificates().isEmpty()
                        ? "nobody"
                        : e.peerCertificates()
                                .getFirst()
                                .getSubjectX500Principal()
                                .getName();
                e.respond(200, "text/plain", who.getBytes(StandardCharsets.UTF_8));
            }
            case "/up" -> {
                e.responseHeaders().set("Connection", "Upgrade").set("Upgrade", "echo");
                try (Duplex duplex = e.upgrade()) {
                    duplex.input().transferTo(duplex.output());
                }
            }
            default -> e.respond(404, "text/plain", "no".getBytes(StandardCharsets.UTF_8));
        }
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        servers.stop();
    }

    private URI uri(String path) {
        return URI.create("https://127.0.0.1:" + server.port() + path);
    }

    private HttpClient client(ClientTls tls) {
        return new Clients().open(HttpClientOptions.of("test", tls));
    }

    @Test
    void sendsBodiesOfKnownAndUnknownLengthOverOneConnection() throws Exception {
        try (HttpClient client = client(ClientTls.trusting(List.of(authority.certificate())))) {
            byte[] body = new byte[300_000];
            for (int i = 0; i < 5; i++) {
                for (long length : new long[] {body.length, -1}) {
                    var request = new HttpClientRequest(
                            "POST", uri("/echo"), new Headers(), new ByteArrayInputStream(body), length);
                    try (HttpClientResponse response = client.send(request)) {
                        assertThat(response.status()).isEqualTo(200);
                        assertThat(response.headers().first("X-Method")).isEqualTo("POST");
                        assertThat(response.bytes(1_000_000)).hasSize(body.length);
                    }
                }
            }
            assertThat(clientPorts).hasSize(1);
        }
    }

    @Test
    void bodiesLargerThanTheCallerTakesAreRefused() throws Exception {
        try (HttpClient client = client(ClientTls.trusting(List.of(authority.certificate())));
                HttpClientResponse response =
                        client.send(HttpClientRequest.of("POST", uri("/echo"), "text/plain", new byte[100]))) {
            assertThatThrownBy(() -> response.bytes(99))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("99");
        }
    }

    @Test
    void presentsItsCertificate() throws Exception {
        ClientTls tls = ClientTls.of(
                List.of(authority.certificate()), authority.client("alice"), new ClientTls.ServerName.OfUri());
        try (HttpClient client = client(tls);
                HttpClientResponse response = client.send(HttpClientRequest.of("GET", uri("/who")))) {
            assertThat(response.bytes(100)).asString().isEqualTo("CN=alice");
            assertThat(response.serverCertificates()).hasSize(1);
        }
    }

    @Test
    void takesAnyServerWhereItIsToldNotToVerify() throws Exception {
        try (HttpClient client = client(ClientTls.unverified(authority.client("alice")));
                HttpClientResponse response = client.send(HttpClientRequest.of("GET", uri("/who")))) {
            assertThat(response.bytes(100)).asString().isEqualTo("CN=alice");
        }
    }

    @Test
    void trustsItsAuthoritiesOnlyAndChecksTheNameAsTold() throws Exception {
        List<X509Certificate> own = List.of(authority.certificate());
        assertThatThrownBy(() -> who(ClientTls.trusting(List.of(new TestCertificates("test-ca").certificate()))))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> who(ClientTls.of(own, null, new ClientTls.ServerName.Fixed("node-2"))))
                .isInstanceOf(IOException.class);
        assertThat(who(ClientTls.of(own, null, new ClientTls.ServerName.Fixed("node-1"))))
                .isEqualTo("nobody");
        assertThat(who(ClientTls.of(own, null, new ClientTls.ServerName.Any()))).isEqualTo("nobody");
    }

    private String who(ClientTls tls) throws IOException {
        try (HttpClient client = client(tls);
                HttpClientResponse response = client.send(HttpClientRequest.of("GET", uri("/who")))) {
            return new String(response.bytes(100), StandardCharsets.UTF_8);
        }
    }

    @Test
    void upgradesOrTellsTheRefusal() throws Exception {
        try (HttpClient client = client(ClientTls.trusting(List.of(authority.certificate())))) {
            try (UpgradeResponse response =
                    client.upgrade(HttpClientRequest.of("GET", uri("/up")).header("Upgrade", "echo"))) {
                assertThat(response.upgraded()).isTrue();
                assertThat(response.headers().first("Upgrade")).isEqualTo("echo");
                Duplex duplex = response.require();
                duplex.output().write("hello".getBytes(StandardCharsets.UTF_8));
                duplex.output().flush();
                assertThat(duplex.input().readNBytes(5)).asString().isEqualTo("hello");
            }
            UpgradeResponse refused =
                    client.upgrade(HttpClientRequest.of("GET", uri("/nowhere")).header("Upgrade", "echo"));
            assertThat(refused.status()).isEqualTo(404);
            assertThatThrownBy(refused::require).hasMessageContaining("404").hasMessageContaining("no");
        }
    }

    @Test
    void closingEndsReadersInOtherThreads() throws Exception {
        HttpClient client = client(ClientTls.trusting(List.of(authority.certificate())));
        UpgradeResponse response =
                client.upgrade(HttpClientRequest.of("GET", uri("/up")).header("Upgrade", "echo"));
        Thread closer = Thread.ofVirtual().start(() -> {
            try {
                Thread.sleep(200);
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
            client.close();
        });
        assertThatThrownBy(() -> response.require().input().read()).isInstanceOf(IOException.class);
        closer.join();
    }

    @Test
    void hostileAnswersAreRefused() throws Exception {
        List<String> hostile = List.of(
                "SSH-2.0-OpenSSH\r\n\r\n",
                "HTTP/1.1 2x0 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabcd\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\nX: " + "a".repeat(70_000) + "\r\n\r\n",
                "HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(2000) + "\r\n",
                "HTTP/1.1 101 Switching\r\n\r\n",
                "");
        for (String answer : hostile) {
            try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    HttpClient client = client(null)) {
                Thread.ofVirtual().start(() -> {
                    try (Socket socket = listener.accept()) {
                        socket.getInputStream().read(new byte[1000]);
                        socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
                    } catch (IOException gone) {
                        // The client leaves as soon as it has seen enough.
                    }
                });
                URI uri = URI.create("http://127.0.0.1:" + listener.getLocalPort() + "/");
                assertThatThrownBy(() -> {
                            try (HttpClientResponse response = client.send(HttpClientRequest.of("GET", uri))) {
                                response.bytes(1000);
                            }
                        })
                        .as(answer.substring(0, Math.min(60, answer.length())))
                        .isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void silentServersTimeOut() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                HttpClient client = new Clients()
                        .open(HttpClientOptions.of("test", null)
                                .timeouts(Duration.ofSeconds(1), Duration.ofMillis(200), Duration.ZERO))) {
            URI uri = URI.create("http://127.0.0.1:" + listener.getLocalPort() + "/");
            assertThatThrownBy(() -> client.send(HttpClientRequest.of("GET", uri)))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void idleConnectionsThatTheServerClosedAreReplaced() throws Exception {
        Set<Integer> ports = new HashSet<>();
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                HttpClient client = client(null)) {
            Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 3; i++) {
                        try (Socket socket = listener.accept()) {
                            InputStream in = socket.getInputStream();
                            in.read(new byte[1000]);
                            socket.getOutputStream()
                                    .write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
                                            .getBytes(StandardCharsets.UTF_8));
                        }
                    }
                } catch (IOException ended) {
                    // The listener is closed with the test.
                }
            });
            for (int i = 0; i < 3; i++) {
                URI uri = URI.create("http://127.0.0.1:" + listener.getLocalPort() + "/" + i);
                try (HttpClientResponse response = client.send(HttpClientRequest.of("GET", uri))) {
                    assertThat(response.bytes(10)).asString().isEqualTo("ok");
                }
                Thread.sleep(50);
                ports.add(i);
            }
        }
        assertThat(ports).hasSize(3);
    }
}
