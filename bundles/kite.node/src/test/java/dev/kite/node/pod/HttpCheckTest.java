package dev.kite.node.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

class HttpCheckTest {
    /** Answers connections one after another with set bytes. */
    private static final class Canned implements AutoCloseable {
        private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();

        Canned(List<String> answers) throws IOException {
            Thread.ofVirtual().start(() -> {
                try {
                    for (String answer : answers) {
                        try (Socket client = socket.accept()) {
                            byte[] buffer = new byte[4096];
                            int read = client.getInputStream().read(buffer);
                            requests.add(new String(buffer, 0, Math.max(0, read), StandardCharsets.ISO_8859_1));
                            client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                        }
                    }
                } catch (IOException e) {
                    requests.add("closed");
                }
            });
        }

        URI uri(String path) {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort() + path);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private final HttpCheck check = new HttpCheck();

    @Test
    void theStatusAndTheBeginningOfTheBodyAreRead() throws Exception {
        try (Canned server =
                new Canned(List.of("HTTP/1.1 503 Service Unavailable\r\nX: y\r\n\r\n" + "z".repeat(100_000)))) {
            HttpCheck.Answer answer = check.get(
                    server.uri("/healthz?a=b"), Map.of("X-Custom", "1", "host", "h.test"), Duration.ofSeconds(5));
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body()).hasSize(10 << 10);
            assertThat(server.requests.take())
                    .startsWith("GET /healthz?a=b HTTP/1.1\r\n")
                    .contains("X-Custom: 1\r\n", "host: h.test\r\n", "User-Agent: kube-probe/")
                    .doesNotContain("Host: 127");
        }
    }

    @Test
    void redirectsToTheSameHostAreFollowedOthersAreAnAnswer() throws Exception {
        try (Canned server = new Canned(List.of(
                "HTTP/1.1 302 Found\r\nLocation: /other\r\n\r\n",
                "HTTP/1.1 200 OK\r\n\r\nfine",
                "HTTP/1.1 302 Found\r\nLocation: http://elsewhere.test/\r\n\r\n"))) {
            assertThat(check.get(server.uri("/"), Map.of(), Duration.ofSeconds(5))
                            .body())
                    .isEqualTo("fine");
            assertThat(check.get(server.uri("/"), Map.of(), Duration.ofSeconds(5))
                            .status())
                    .isEqualTo(302);
        }
    }

    @Test
    void hostileAnswersAreRefused() throws Exception {
        for (String bad : List.of(
                "",
                "\r\n",
                "HTTP/1.1\r\n\r\n",
                "HTTP/1.1 999 X\r\n\r\n",
                "SSH-2.0-x\r\n",
                "HTTP/1.1 2000 OK\r\n\r\n")) {
            try (Canned server = new Canned(List.of(bad))) {
                assertThatThrownBy(() -> check.get(server.uri("/"), Map.of(), Duration.ofSeconds(5)))
                        .as(bad)
                        .isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void endlessHeadersAndSilenceEnd() throws Exception {
        try (Canned server = new Canned(List.of("HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(500)))) {
            assertThat(check.get(server.uri("/"), Map.of(), Duration.ofSeconds(5))
                            .status())
                    .isEqualTo(200);
        }
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI uri = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/");
            assertThatThrownBy(() -> check.get(uri, Map.of(), Duration.ofMillis(100)))
                    .isInstanceOf(IOException.class);
        }
    }
}
