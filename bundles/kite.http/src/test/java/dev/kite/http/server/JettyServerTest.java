package dev.kite.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.api.http.Duplex;
import dev.kite.http.HttpServerOptions;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class JettyServerTest extends JettyRig {
    JettyServerTest() throws Exception {}

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
}
