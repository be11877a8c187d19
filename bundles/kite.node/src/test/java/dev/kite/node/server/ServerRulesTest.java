package dev.kite.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.api.http.Headers;
import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.HttpHandler;
import dev.kite.api.security.UserInfo;
import dev.kite.http.HttpServer;
import dev.kite.http.HttpServerFactory;
import dev.kite.http.HttpServerOptions;
import dev.kite.http.TlsIdentity;
import dev.kite.node.KubeletArguments;
import dev.kite.security.PemFiles;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What --kubelet-arg changes in the kubelet's server. */
class ServerRulesTest {
    private static final UserInfo JANE = UserInfo.of("jane");

    @TempDir
    Path folder;

    private String answer = "";
    private String token = "";
    private List<X509Certificate> presented = List.of();

    private HttpExchange request(String method, String path) {
        return (HttpExchange) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {HttpExchange.class},
                (proxy, called, arguments) -> switch (called.getName()) {
                    case "method" -> method;
                    case "path" -> path;
                    case "peerCertificates" -> presented;
                    case "requestHeaders" -> {
                        Headers headers = new Headers();
                        if (!token.isEmpty()) {
                            headers.set("Authorization", "Bearer " + token);
                        }
                        yield headers;
                    }
                    case "respond" -> {
                        answer = arguments[0] + " " + new String((byte[]) arguments[2], StandardCharsets.UTF_8).strip();
                        yield null;
                    }
                    default -> throw new UnsupportedOperationException(called.getName());
                });
    }

    private static ServerRules rules(String... arguments) throws IOException {
        return ServerRules.of(KubeletArguments.parse(arguments));
    }

    private String get(HttpHandler handler, String method, String path) throws IOException {
        answer = "";
        handler.handle(request(method, path));
        return answer;
    }

    private HttpHandler all() {
        return exchange -> exchange.respond(200, "text/plain", "all".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void nobodyIsAnonymousUnlessThatIsAllowed() throws Exception {
        HttpExchange request = request("GET", "/pods");
        assertThat(rules().user(request, JANE)).isEqualTo(JANE);
        assertThat(rules().user(request, null)).isNull();
        assertThat(rules().user(request, new UserInfo("system:anonymous", "", List.of(), java.util.Map.of())))
                .as("the API server's anonymity is not the kubelet's")
                .isNull();
        UserInfo nobody = Objects.requireNonNull(rules("anonymous-auth=true").user(request, null));
        assertThat(nobody.name()).isEqualTo("system:anonymous");
        assertThat(nobody.groups()).containsExactly("system:unauthenticated");
        token = "wrong";
        assertThat(rules("anonymous-auth=true").user(request, null))
                .as("a wrong token is not nobody's")
                .isNull();
    }

    @Test
    void tokensAreLookedUpUnlessThatIsTurnedOff() throws Exception {
        token = "right";
        assertThat(rules().user(request("GET", "/pods"), JANE)).isEqualTo(JANE);
        assertThat(rules("authentication-token-webhook=false").user(request("GET", "/pods"), JANE))
                .isNull();
    }

    @Test
    void everythingIsAllowedWhereTheModeSaysSo() throws Exception {
        assertThat(rules().alwaysAllow()).isFalse();
        assertThat(rules("authorization-mode=Webhook").alwaysAllow()).isFalse();
        assertThat(rules("authorization-mode=AlwaysAllow").alwaysAllow()).isTrue();
    }

    @Test
    void streamsMayBeIdleAsLongAsAskedFor() throws Exception {
        assertThat(rules().idle()).isEqualTo(Duration.ofHours(4));
        assertThat(rules("streaming-connection-idle-timeout=5m").idle()).isEqualTo(Duration.ofMinutes(5));
        assertThat(rules("streaming-connection-idle-timeout=0").idle()).isGreaterThan(Duration.ofDays(1000));
    }

    @Test
    void addressAndPortAreThoseAskedFor() throws Exception {
        assertThat(rules().address("192.0.2.1")).isEqualTo("192.0.2.1");
        assertThat(rules().port(10250)).isEqualTo(10250);
        ServerRules other = rules("address=127.0.0.1", "port=11250");
        assertThat(other.address("192.0.2.1")).isEqualTo("127.0.0.1");
        assertThat(other.port(10250)).isEqualTo(11250);
    }

    @Test
    void withoutDebuggingHandlersContainersAreNotLookedInto() throws Exception {
        assertThat(rules().debugging()).isTrue();
        assertThat(rules("enable-debugging-handlers=false").debugging()).isFalse();
        HttpHandler handler = new WithoutDebugging(all());
        for (String path : List.of("/exec/ns/p/c", "/attach/ns/p/c", "/run/ns/p/c", "/containerLogs/ns/p/c")) {
            assertThat(get(handler, "POST", path)).isEqualTo("405 Debug endpoints are disabled.");
        }
        assertThat(get(handler, "GET", "/pods")).isEqualTo("200 all");
        assertThat(get(handler, "GET", "/healthz")).isEqualTo("200 all");
    }

    /** What is opened, as ADDRESS:PORT. */
    private static List<HttpServerOptions> opened(HttpHandler all, String... arguments) throws IOException {
        List<HttpServerOptions> opened = new ArrayList<>();
        HttpServerFactory servers = options -> {
            opened.add(options);
            if (options.port() == 10999) {
                throw new IOException("in use");
            }
            return new HttpServer() {
                @Override
                public int port() {
                    return options.port();
                }

                @Override
                public void close() {
                    // nothing was opened
                }
            };
        };
        assertThat(PlainPorts.open(servers, rules(arguments), "0.0.0.0", all)).isNotNull();
        return opened;
    }

    @Test
    void thePortForReadersIsClosedUnlessItIsAskedFor() throws Exception {
        assertThat(opened(all(), "healthz-port=0")).isEmpty();
        HttpServerOptions readers =
                opened(all(), "healthz-port=0", "read-only-port=10255").getFirst();
        assertThat(readers.port()).isEqualTo(10255);
        assertThat(readers.tls()).isNull();
        assertThat(get(readers.handler(), "GET", "/pods")).isEqualTo("200 all");
        assertThat(get(readers.handler(), "POST", "/pods")).startsWith("404");
        assertThat(get(readers.handler(), "GET", "/exec/ns/p/c")).startsWith("404");
        assertThat(get(readers.handler(), "GET", "/containerLogs/ns/p/c")).startsWith("404");
    }

    @Test
    void healthIsToldOnItsOwnPort() throws Exception {
        HttpServerOptions health = opened(all()).getFirst();
        assertThat(health.bindAddress() + ":" + health.port()).isEqualTo("127.0.0.1:10248");
        assertThat(get(health.handler(), "GET", "/healthz")).isEqualTo("200 ok");
        assertThat(get(health.handler(), "GET", "/pods")).startsWith("404");
        HttpServerOptions other = opened(all(), "healthz-bind-address=192.0.2.1", "healthz-port=10999")
                .getFirst();
        assertThat(other.bindAddress() + ":" + other.port()).isEqualTo("192.0.2.1:10999");
        assertThat(opened(all(), "healthz-port=0")).isEmpty();
    }

    private void openssl(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).isZero();
    }

    /** A request, or a certificate, for a new key. */
    private void request(String... words) throws Exception {
        List<String> all =
                new ArrayList<>(List.of("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"));
        all.addAll(List.of(words));
        openssl(all.toArray(String[]::new));
    }

    @Test
    void itPresentsTheCertificateThatIsNamed() throws Exception {
        request("-x509", "-keyout", "k", "-out", "c", "-subj", "/CN=node");
        assertThat(rules().identity()).isNull();
        TlsIdentity identity = rules(
                        "tls-cert-file=" + folder.resolve("c"), "tls-private-key-file=" + folder.resolve("k"))
                .identity();
        assertThat(Objects.requireNonNull(identity)
                        .chain()
                        .getFirst()
                        .getSubjectX500Principal()
                        .getName())
                .isEqualTo("CN=node");
        Files.writeString(folder.resolve("k"), "nonsense");
        assertThatThrownBy(() ->
                        rules("tls-cert-file=" + folder.resolve("c"), "tls-private-key-file=" + folder.resolve("k")))
                .isInstanceOf(IOException.class);
    }

    @Test
    void clientsOfTheAuthorityThatIsNamedAreKnown() throws Exception {
        request("-x509", "-keyout", "ca.key", "-out", "ca", "-subj", "/CN=authority");
        request("-new", "-keyout", "k", "-out", "csr", "-subj", "/O=watchers/CN=joe");
        Files.writeString(folder.resolve("ext"), "extendedKeyUsage=clientAuth\n");
        openssl(
                "x509",
                "-req",
                "-in",
                "csr",
                "-CA",
                "ca",
                "-CAkey",
                "ca.key",
                "-CAcreateserial",
                "-days",
                "1",
                "-extfile",
                "ext",
                "-out",
                "leaf");
        presented = PemFiles.certificates(folder.resolve("leaf"));
        assertThat(rules().user(request("GET", "/pods"), null)).isNull();
        UserInfo joe = rules("client-ca-file=" + folder.resolve("ca")).user(request("GET", "/pods"), null);
        assertThat(Objects.requireNonNull(joe).name()).isEqualTo("joe");
        assertThat(joe.groups()).containsExactly("watchers");
    }
}
