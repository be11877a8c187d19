package dev.kite.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.api.http.HttpRoute;
import dev.kite.http.InProcessExchange;
import dev.kite.http.InProcessResponse;
import dev.kite.security.Authority;
import dev.kite.security.ClusterCertificates;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoutesTest {
    @TempDir
    Path data;

    private record Answer(int status, String type, String body) {}

    private static Answer ask(HttpRoute route, String method, String path, String... header) throws IOException {
        var request = InProcessExchange.request(method, path);
        if (header.length == 2) {
            request.header(header[0], header[1]);
        }
        try (InProcessResponse response = request.build().send(route::handle)) {
            return new Answer(
                    response.status(),
                    response.headers().first("Content-Type"),
                    new String(response.bytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void pingAnswersPongToWhoeverAsks() throws Exception {
        PingRoute route = new PingRoute();
        assertThat(route.prefix()).isEqualTo("/ping");
        assertThat(route.anonymous()).isTrue();
        assertThat(ask(route, "GET", "/ping")).isEqualTo(new Answer(200, "text/plain", "pong"));
        assertThat(ask(route, "POST", "/ping").status()).isEqualTo(405);
    }

    @Test
    void cacertsHandsOutTheServersAuthority() throws Exception {
        ClusterCertificates certificates = (ClusterCertificates) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ClusterCertificates.class}, (p, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("authorityPem");
                    return "PEM of " + (arguments[0] == Authority.SERVER ? "server" : "another");
                });
        CacertsRoute route = new CacertsRoute(certificates);
        assertThat(route.anonymous()).isTrue();
        assertThat(ask(route, "GET", "/cacerts")).isEqualTo(new Answer(200, "text/plain", "PEM of server"));
    }

    @Test
    void staticServesFilesWithTypeAndDate() throws Exception {
        Path folder = Files.createDirectories(data.resolve("server/static/charts"));
        Files.writeString(folder.resolve("a b.json"), "{}");
        Files.write(folder.resolve("chart.tgz"), new byte[100_000]);
        StaticRoute route = new StaticRoute(data.resolve("server/static"));
        assertThat(route.anonymous()).isTrue();
        assertThat(ask(route, "GET", "/static/charts/a%20b.json")).isEqualTo(new Answer(200, "application/json", "{}"));
        assertThat(ask(route, "GET", "/static/charts/chart.tgz").body()).hasSize(100_000);
        assertThat(ask(route, "HEAD", "/static/charts/chart.tgz").body()).isEmpty();
        assertThat(ask(route, "GET", "/static/charts/chart.tgz", "If-Modified-Since", "Fri, 1 Jan 2100 00:00:00 GMT")
                        .status())
                .isEqualTo(304);
        assertThat(ask(route, "GET", "/static/charts/chart.tgz", "If-Modified-Since", "yesterday")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void staticServesNothingElse() throws Exception {
        Path folder =
                Files.createDirectories(data.resolve("server/static/charts")).getParent();
        Path secret = Files.writeString(data.resolve("server/token"), "secret");
        Files.createSymbolicLink(folder.resolve("link"), secret);
        Files.createSymbolicLink(folder.resolve("loop"), folder.resolve("loop"));
        Files.writeString(folder.resolve("file"), "content");
        StaticRoute route = new StaticRoute(folder);
        for (String path : List.of(
                "/static/",
                "/static/charts",
                "/static/none",
                "/static/link",
                "/static/loop",
                "/static/file/below",
                "/static//etc/passwd",
                "/static//" + secret,
                "/static/" + "x".repeat(5000))) {
            Answer answer = ask(route, "GET", path);
            assertThat(answer.status()).as(path).isEqualTo(404);
            assertThat(answer.body()).as(path).doesNotContain("secret").doesNotContain("root:");
        }
        assertThat(ask(new StaticRoute(data.resolve("absent")), "GET", "/static/x")
                        .status())
                .isEqualTo(404);
    }
}
