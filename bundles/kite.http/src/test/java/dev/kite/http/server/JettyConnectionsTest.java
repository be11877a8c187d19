package dev.kite.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.http.HttpServerOptions;
import dev.kite.http.TestCertificates;
import dev.kite.http.TlsPolicy;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections: their TLS, their certificates, and what one of them carries. */
@Timeout(60)
class JettyConnectionsTest extends JettyRig {
    JettyConnectionsTest() throws Exception {}

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
    void aConnectionThatEndsCarriesWhatIsUnderWayAndNothingNew() throws Exception {
        CountDownLatch slowIsIn = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        serve(e -> {
            if (e.path().equals("/slow")) {
                linger(slowIsIn, over);
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
            assertThat(slowIsIn.await(20, TimeUnit.SECONDS)).isTrue();
            HttpResponse<String> last =
                    http.send(HttpRequest.newBuilder(uri("/last")).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(last.body()).isEqualTo(first);
            assertThat(last.headers().firstValue("connection")).isEmpty();
            String next = http.send(HttpRequest.newBuilder(uri("/two")).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
            assertThat(next).isNotEqualTo(first);
            over.countDown();
            assertThat(slow.get(20, TimeUnit.SECONDS).body()).isEqualTo(first);
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
        try (var socket = (SSLSocket) trust(null).getSocketFactory().createSocket("127.0.0.1", server.port())) {
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
        CountDownLatch slowIsIn = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        server = servers.start(HttpServerOptions.of("test", e -> {
                    if (e.path().equals("/slow")) {
                        linger(slowIsIn, over);
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
            assertThat(slowIsIn.await(20, TimeUnit.SECONDS)).isTrue();
            String second = http.sendAsync(
                            HttpRequest.newBuilder(uri("/two")).build(), HttpResponse.BodyHandlers.ofString())
                    .handle((answer, refused) -> refused == null ? answer.body() : "refused")
                    .get(20, TimeUnit.SECONDS);
            over.countDown();
            assertThat(slow.get(20, TimeUnit.SECONDS).body()).isEqualTo(first);
            assertThat(second).isNotEqualTo(first);
        }
    }

    /** Stays under way until it is told. */
    private static void linger(CountDownLatch begun, CountDownLatch over) {
        begun.countDown();
        try {
            assertThat(over.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
