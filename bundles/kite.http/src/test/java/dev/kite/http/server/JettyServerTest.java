package dev.kite.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.api.http.Duplex;
import dev.kite.api.http.HttpHandler;
import dev.kite.http.HttpServer;
import dev.kite.http.HttpServerOptions;
import dev.kite.http.ServerTls;
import dev.kite.http.TestCertificates;
import dev.kite.http.TlsIdentity;
import dev.kite.http.TlsPolicy;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class JettyServerTest {
    private final TestCertificates authority = new TestCertificates("test-ca");
    private final AtomicReference<TlsIdentity> identity = new AtomicReference<>(authority.server("one"));
    private final JettyServers servers;
    private HttpServer server;

    JettyServerTest() throws Exception {
        servers = new JettyServers();
    }

    @AfterEach
    void stop() throws Exception {
        if (server != null) {
            server.close();
        }
        servers.stop();
    }

    private final ServerTls tls = new ServerTls() {
        @Override
        public TlsIdentity identity(String serverName) {
            return identity.get();
        }

        @Override
        public List<X509Certificate> clientAuthorities() {
            return List.of(authority.certificate());
        }
    };

    private void serve(HttpHandler handler) throws Exception {
        server = servers.start(HttpServerOptions.of("test", handler).secure(tls));
    }

    private void servePlain(HttpHandler handler) throws Exception {
        server = servers.start(
                HttpServerOptions.of("test", handler).timeouts(Duration.ofSeconds(1), Duration.ofSeconds(2)));
    }

    private URI uri(String path) {
        return URI.create("https://127.0.0.1:" + server.port() + path);
    }

    private SSLContext trust(TlsIdentity client) throws Exception {
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

    private HttpResponse<String> get(String path, HttpClient.Version version, TlsIdentity client) throws Exception {
        try (HttpClient http = HttpClient.newBuilder()
                .version(version)
                .sslContext(trust(client))
                .build()) {
            return http.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void speaksHttp2ByAlpnAndHttp11() throws Exception {
        serve(e -> e.respond(200, "text/plain", (e.protocol() + " " + e.path()).getBytes(StandardCharsets.UTF_8)));
        HttpResponse<String> two = get("/a%20b?x=1", HttpClient.Version.HTTP_2, null);
        assertThat(two.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(two.body()).isEqualTo("HTTP/2.0 /a b");
        HttpResponse<String> one = get("/a", HttpClient.Version.HTTP_1_1, null);
        assertThat(one.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(one.body()).isEqualTo("HTTP/1.1 /a");
    }

    @Test
    void speaksTls13And12ButNot11() throws Exception {
        serve(e -> e.respond(200, "text/plain", new byte[0]));
        assertThat(handshake("TLSv1.3").getSession().getProtocol()).isEqualTo("TLSv1.3");
        assertThat(handshake("TLSv1.2").getSession().getProtocol()).isEqualTo("TLSv1.2");
        String disabled = java.security.Security.getProperty("jdk.tls.disabledAlgorithms");
        java.security.Security.setProperty("jdk.tls.disabledAlgorithms", "NULL");
        try {
            assertThatThrownBy(() -> handshake("TLSv1.1")).isInstanceOf(SSLHandshakeException.class);
        } finally {
            java.security.Security.setProperty("jdk.tls.disabledAlgorithms", disabled);
        }
    }

    private SSLSocket handshake(String protocol) throws Exception {
        SSLSocket socket = (SSLSocket) trust(null).getSocketFactory().createSocket("127.0.0.1", server.port());
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(new String[] {protocol});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    @Test
    void certificateChangesWhileServing() throws Exception {
        serve(e -> e.respond(200, "text/plain", new byte[0]));
        assertThat(subject(handshake("TLSv1.3"))).isEqualTo("CN=one");
        identity.set(authority.server("two"));
        assertThat(subject(handshake("TLSv1.3"))).isEqualTo("CN=two");
        assertThat(subject(handshake("TLSv1.2"))).isEqualTo("CN=two");
    }

    private static String subject(SSLSocket socket) throws Exception {
        try (socket) {
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        }
    }

    @Test
    void showsClientCertificatesThatItsAuthoritiesVouchForOnly() throws Exception {
        serve(e -> {
            String who = e.peerCertificates().isEmpty()
                    ? "nobody"
                    : e.peerCertificates().getFirst().getSubjectX500Principal().getName();
            e.respond(200, "text/plain", who.getBytes(StandardCharsets.UTF_8));
        });
        TestCertificates stranger = new TestCertificates("test-ca");
        for (HttpClient.Version version : HttpClient.Version.values()) {
            if (version.name().equals("HTTP_3")) {
                continue;
            }
            assertThat(get("/", version, authority.client("alice")).body()).isEqualTo("CN=alice");
            assertThat(get("/", version, null).body()).isEqualTo("nobody");
            assertThat(get("/", version, stranger.client("mallory")).body()).isEqualTo("nobody");
            assertThat(get("/", version, authority.server("not-a-client")).body())
                    .isEqualTo("nobody");
        }
    }

    @Test
    void bodiesBeyondTheBoundAreAnsweredWith413() throws Exception {
        server = servers.start(HttpServerOptions.of("test", e -> {
                    int length = e.requestBody().readAllBytes().length;
                    e.respond(200, "text/plain", Integer.toString(length).getBytes(StandardCharsets.UTF_8));
                })
                .secure(tls)
                .limitBody(1000));
        try (HttpClient http = HttpClient.newBuilder().sslContext(trust(null)).build()) {
            for (HttpClient.Version version : List.of(HttpClient.Version.HTTP_1_1, HttpClient.Version.HTTP_2)) {
                assertThat(post(http, version, HttpRequest.BodyPublishers.ofByteArray(new byte[1000]))
                                .body())
                        .isEqualTo("1000");
                HttpResponse<String> declared =
                        post(http, version, HttpRequest.BodyPublishers.ofByteArray(new byte[1001]));
                assertThat(declared.statusCode()).isEqualTo(413);
                assertThat(declared.body()).contains("\"reason\":\"RequestEntityTooLarge\"");
                HttpResponse<String> chunked = post(
                        http,
                        version,
                        HttpRequest.BodyPublishers.fromPublisher(
                                HttpRequest.BodyPublishers.ofByteArray(new byte[2000])));
                assertThat(chunked.statusCode()).isEqualTo(413);
            }
        }
    }

    private HttpResponse<String> post(HttpClient http, HttpClient.Version version, HttpRequest.BodyPublisher body)
            throws Exception {
        return http.send(
                HttpRequest.newBuilder(uri("/")).version(version).POST(body).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void streamsAndNoticesThatClientsLeaveEvenWhereNothingIsWritten() throws Exception {
        for (HttpClient.Version version : List.of(HttpClient.Version.HTTP_1_1, HttpClient.Version.HTTP_2)) {
            CountDownLatch left = new CountDownLatch(1);
            serve(e -> {
                e.onClose(left::countDown);
                e.responseBody().write("event\n".getBytes(StandardCharsets.UTF_8));
                e.responseBody().flush();
                try {
                    left.await();
                } catch (InterruptedException interrupted) {
                    throw new IllegalStateException(interrupted);
                }
            });
            try (HttpClient http = HttpClient.newBuilder()
                    .version(version)
                    .sslContext(trust(null))
                    .build()) {
                HttpResponse<InputStream> response = http.send(
                        HttpRequest.newBuilder(uri("/watch")).build(), HttpResponse.BodyHandlers.ofInputStream());
                assertThat(response.version()).isEqualTo(version);
                assertThat(response.body().readNBytes(6)).asString().isEqualTo("event\n");
                response.body().close();
                assertThat(left.await(10, TimeUnit.SECONDS)).as("%s", version).isTrue();
            }
            server.close();
        }
    }

    @Test
    void handlersThatThinkLongerThanTheIdleTimeAreNotCut() throws Exception {
        for (HttpClient.Version version : List.of(HttpClient.Version.HTTP_1_1, HttpClient.Version.HTTP_2)) {
            server = servers.start(HttpServerOptions.of("test", e -> {
                        e.onClose(() -> {});
                        // Not a multiple of the idle time: Jetty fails a write that is under way at the very tick.
                        sleep(1250);
                        e.responseBody().write('a');
                        e.responseBody().flush();
                        sleep(1250);
                        e.responseBody().write('b');
                    })
                    .secure(tls)
                    .timeouts(Duration.ofMillis(500), Duration.ofSeconds(1)));
            assertThat(get("/", version, null).body()).isEqualTo("ab");
            server.close();
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @Test
    void upgradesGiveTheConnectionsBytes() throws Exception {
        servePlain(e -> {
            assertThat(e.upgradable()).isTrue();
            e.onClose(() -> {});
            e.responseHeaders().set("Connection", "Upgrade").set("Upgrade", "echo");
            try (Duplex duplex = e.upgrade()) {
                duplex.input().transferTo(duplex.output());
            }
        });
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            OutputStream out = socket.getOutputStream();
            // The first bytes of the new protocol travel with the request.
            out.write("GET /x HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nearly"
                    .getBytes(StandardCharsets.UTF_8));
            InputStream in = socket.getInputStream();
            assertThat(readHeader(in)).startsWith("HTTP/1.1 101").contains("Upgrade: echo");
            assertThat(in.readNBytes(5)).asString().isEqualTo("early");
            Thread.sleep(1500);
            out.write(new byte[100_000]);
            assertThat(in.readNBytes(100_000)).hasSize(100_000);
            socket.shutdownOutput();
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    static String readHeader(InputStream in) throws Exception {
        StringBuilder header = new StringBuilder();
        while (!header.toString().endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                break;
            }
            header.append((char) b);
        }
        return header.toString();
    }

    @Test
    void pipelinedRequestsSurviveTheWatchForClientsThatLeave() throws Exception {
        servePlain(e -> {
            e.onClose(() -> {});
            sleep(200);
            e.respond(200, "text/plain", e.path().getBytes(StandardCharsets.UTF_8));
        });
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.getOutputStream().write("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            Thread.sleep(100);
            socket.getOutputStream()
                    .write("GET /2 HTTP/1.1\r\nHost: x\r\n\r\nGET /3 HTTP/1.1\r\nHost: x\r\n\r\n"
                            .getBytes(StandardCharsets.UTF_8));
            InputStream in = socket.getInputStream();
            for (String path : List.of("/1", "/2", "/3")) {
                assertThat(readHeader(in)).startsWith("HTTP/1.1 200");
                assertThat(in.readNBytes(2)).asString().isEqualTo(path);
            }
        }
    }

    @Test
    void malformedTargetsAreRefused() throws Exception {
        servePlain(e -> e.respond(200, "text/plain", new byte[0]));
        for (String target : List.of("/a%2Fb", "/a/../b", "/%2e%2e/b", "/%zz", "/%ff", "/a%00", "*", "/a?%zz")) {
            try (Socket socket = new Socket("127.0.0.1", server.port())) {
                socket.getOutputStream()
                        .write(("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.UTF_8));
                assertThat(readHeader(socket.getInputStream())).as(target).startsWith("HTTP/1.1 400");
            }
        }
    }

    @Test
    void failuresBecomeStatusesAndBrokenBodiesAreCutOff() throws Exception {
        serve(e -> {
            if (e.path().equals("/late")) {
                e.responseBody().write(1);
                e.responseBody().flush();
            }
            throw new IllegalStateException("say \"why\"");
        });
        HttpResponse<String> response = get("/", HttpClient.Version.HTTP_2, null);
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).contains("\"reason\":\"InternalError\"").contains("say \\\"why\\\"");
        assertThatThrownBy(() -> get("/late", HttpClient.Version.HTTP_1_1, null))
                .isInstanceOf(java.io.IOException.class);
        assertThatThrownBy(() -> get("/late", HttpClient.Version.HTTP_2, null)).isInstanceOf(java.io.IOException.class);
    }

    @Test
    void aPortInUseIsNamedWithWhatToDo() throws Exception {
        servePlain(e -> {});
        assertThatThrownBy(() -> servers.start(
                        HttpServerOptions.of("API server", e -> {}).listen("127.0.0.1", server.port())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("port " + server.port())
                .hasMessageContaining("choose another port");
    }

    @Test
    void closingLetsRequestsEndAndTellsWatches() throws Exception {
        CountDownLatch begun = new CountDownLatch(2);
        serve(e -> {
            CountDownLatch told = new CountDownLatch(1);
            e.onClose(told::countDown);
            begun.countDown();
            try {
                if (e.path().equals("/watch")) {
                    told.await();
                } else {
                    Thread.sleep(300);
                }
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
            e.respond(200, "text/plain", "done".getBytes(StandardCharsets.UTF_8));
        });
        try (HttpClient http = HttpClient.newBuilder().sslContext(trust(null)).build()) {
            var watch =
                    http.sendAsync(HttpRequest.newBuilder(uri("/watch")).build(), HttpResponse.BodyHandlers.ofString());
            var slow =
                    http.sendAsync(HttpRequest.newBuilder(uri("/slow")).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
            server.close();
            assertThat(watch.get().body()).isEqualTo("done");
            assertThat(slow.get().body()).isEqualTo("done");
        }
    }

    @Test
    void aConnectionThatEndsCarriesWhatIsUnderWayAndNothingNew() throws Exception {
        java.util.concurrent.CountDownLatch slowIsIn = new java.util.concurrent.CountDownLatch(1);
        java.util.concurrent.CountDownLatch over = new java.util.concurrent.CountDownLatch(1);
        serve(e -> {
            if (e.path().equals("/slow")) {
                slowIsIn.countDown();
                try {
                    assertThat(over.await(20, java.util.concurrent.TimeUnit.SECONDS))
                            .isTrue();
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
            } else if (e.path().equals("/last")) {
                e.responseHeaders().set("Connection", "close");
            }
            e.respond(
                    200,
                    "text/plain",
                    Integer.toString(e.remoteAddress().getPort()).getBytes(StandardCharsets.UTF_8));
        });
        try (HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .sslContext(trust(null))
                .build()) {
            String first = http.send(HttpRequest.newBuilder(uri("/one")).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
            var slow =
                    http.sendAsync(HttpRequest.newBuilder(uri("/slow")).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(slowIsIn.await(20, java.util.concurrent.TimeUnit.SECONDS))
                    .isTrue();
            HttpResponse<String> last =
                    http.send(HttpRequest.newBuilder(uri("/last")).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(last.body()).isEqualTo(first);
            assertThat(last.headers().firstValue("connection")).isEmpty();
            String next = http.send(HttpRequest.newBuilder(uri("/two")).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
            assertThat(next).isNotEqualTo(first);
            over.countDown();
            assertThat(slow.get(20, java.util.concurrent.TimeUnit.SECONDS).body())
                    .isEqualTo(first);
        }
    }

    @Test
    void speaksTheTlsThatIsSet() throws Exception {
        server = servers.start(HttpServerOptions.of("test", e -> e.respond(200, "text/plain", new byte[0]))
                .secure(tls)
                .speak(TlsPolicy.of("VersionTLS13", List.of()), 0));
        try (HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .sslContext(trust(null))
                .build()) {
            HttpResponse<Void> answer =
                    http.send(HttpRequest.newBuilder(uri("/")).build(), HttpResponse.BodyHandlers.discarding());
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
            assertThat(answer.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");
        }
        assertThatThrownBy(() -> handshake("TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"))
                .isInstanceOf(javax.net.ssl.SSLException.class);
        server.close();
        server = servers.start(HttpServerOptions.of("test", e -> e.respond(200, "text/plain", new byte[0]))
                .secure(tls)
                .speak(
                        TlsPolicy.of(
                                "",
                                List.of(
                                        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                                        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384")),
                        100));
        assertThat(handshake(
                        "TLSv1.2",
                        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"))
                .endsWith("_WITH_AES_256_GCM_SHA384");
        assertThat(handshake("TLSv1.3", "TLS_AES_128_GCM_SHA256")).isEqualTo("TLS_AES_128_GCM_SHA256");
    }

    private String handshake(String protocol, String... suites) throws Exception {
        try (var socket =
                (javax.net.ssl.SSLSocket) trust(null).getSocketFactory().createSocket("127.0.0.1", server.port())) {
            socket.setEnabledProtocols(new String[] {protocol});
            socket.setEnabledCipherSuites(suites);
            socket.startHandshake();
            return socket.getSession().getCipherSuite();
        }
    }

    @Test
    void namesOfTlsAreGos() {
        assertThat(TlsPolicy.of("VersionTLS10", List.of("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305"))
                        .cipherSuites())
                .endsWith("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256")
                .contains("TLS_AES_128_GCM_SHA256");
        assertThat(TlsPolicy.of("", List.of("TLS_RSA_WITH_AES_128_CBC_SHA")).cipherSuites())
                .contains("TLS_RSA_WITH_AES_128_CBC_SHA");
        assertThatThrownBy(() -> TlsPolicy.of("TLSv1.2", List.of())).hasMessage("unknown tls version \"TLSv1.2\"");
        assertThatThrownBy(() -> TlsPolicy.of("", List.of("TLS_NULL")))
                .hasMessage("Cipher suite TLS_NULL not supported or doesn't exist");
    }

    @Test
    void aConnectionCarriesSoManyRequestsAtOnce() throws Exception {
        java.util.concurrent.CountDownLatch slowIsIn = new java.util.concurrent.CountDownLatch(1);
        java.util.concurrent.CountDownLatch over = new java.util.concurrent.CountDownLatch(1);
        server = servers.start(HttpServerOptions.of("test", e -> {
                    if (e.path().equals("/slow")) {
                        slowIsIn.countDown();
                        try {
                            assertThat(over.await(20, java.util.concurrent.TimeUnit.SECONDS))
                                    .isTrue();
                        } catch (InterruptedException interrupted) {
                            Thread.currentThread().interrupt();
                        }
                    }
                    String port = Integer.toString(e.remoteAddress().getPort());
                    e.respond(200, "text/plain", port.getBytes(StandardCharsets.UTF_8));
                })
                .secure(tls)
                .speak(TlsPolicy.DEFAULT, 1));
        try (HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .sslContext(trust(null))
                .build()) {
            String first = http.send(HttpRequest.newBuilder(uri("/one")).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
            var slow =
                    http.sendAsync(HttpRequest.newBuilder(uri("/slow")).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(slowIsIn.await(20, java.util.concurrent.TimeUnit.SECONDS))
                    .isTrue();
            String second = http.sendAsync(
                            HttpRequest.newBuilder(uri("/two")).build(), HttpResponse.BodyHandlers.ofString())
                    .handle((answer, refused) -> refused == null ? answer.body() : "refused")
                    .get(20, java.util.concurrent.TimeUnit.SECONDS);
            over.countDown();
            assertThat(slow.get(20, java.util.concurrent.TimeUnit.SECONDS).body())
                    .isEqualTo(first);
            assertThat(second).isNotEqualTo(first);
        }
    }
}
