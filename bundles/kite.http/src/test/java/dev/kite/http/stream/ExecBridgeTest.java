package dev.kite.http.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.api.http.Headers;
import dev.kite.http.HttpClient;
import dev.kite.http.HttpClientOptions;
import dev.kite.http.HttpClientRequest;
import dev.kite.http.HttpClientResponse;
import dev.kite.http.HttpServer;
import dev.kite.http.HttpServerOptions;
import dev.kite.http.UpgradeResponse;
import dev.kite.http.client.Clients;
import dev.kite.http.server.JettyServers;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** kubectl's side ⇄ an API server that tunnels ⇄ a kubelet that bridges ⇄ a runtime's streaming server. */
@Timeout(60)
class ExecBridgeTest {
    private static final Duration WAIT = Duration.ofSeconds(10);

    private final FakeRuntime runtime = new FakeRuntime();
    private final JettyServers servers;
    private final HttpClient client = new Clients().open(HttpClientOptions.of("test", null));
    private final HttpServer streaming;
    private final HttpServer kubelet;
    private final HttpServer api;

    ExecBridgeTest() throws Exception {
        servers = new JettyServers();
        streaming = servers.start(HttpServerOptions.of("runtime", runtime::handle));
        ExecBridge bridge = new ExecBridge(client);
        kubelet = servers.start(HttpServerOptions.of(
                "kubelet", e -> bridge.bridge(e, uri(streaming, e.path() + "?" + e.rawQuery()))));
        api = servers.start(HttpServerOptions.of(
                "api",
                e -> Tunnel.proxy(
                        e, client, HttpClientRequest.of(e.method(), uri(kubelet, e.path() + "?" + e.rawQuery())))));
    }

    private static URI uri(HttpServer server, String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        api.close();
        kubelet.close();
        streaming.close();
        servers.stop();
    }

    private WebSocket connect(String protocol, String query) throws Exception {
        return WebSocketHandshake.connect(
                client,
                HttpClientRequest.of("GET", uri(api, "/exec?" + query)),
                protocol.isEmpty() ? List.of() : List.of(protocol),
                1_000_000);
    }

    private static List<String> receiveAll(WebSocket socket, boolean base64) throws Exception {
        List<String> messages = new ArrayList<>();
        for (WebSocket.Message m = socket.receive(); m != null; m = socket.receive()) {
            byte[] rest = Arrays.copyOfRange(m.bytes(), 1, m.bytes().length);
            int channel = base64 ? m.bytes()[0] - '0' : m.bytes()[0];
            messages.add(channel + ":"
                    + new String(base64 ? Base64.getDecoder().decode(rest) : rest, StandardCharsets.UTF_8));
        }
        return messages;
    }

    private static void send(WebSocket socket, int channel, String text) throws Exception {
        byte[] bytes = (" " + text).getBytes(StandardCharsets.UTF_8);
        bytes[0] = (byte) channel;
        socket.sendBinary(bytes, 0, bytes.length);
    }

    @Test
    void webSocketV5CarriesAllStreamsAndStdinsEnd() throws Exception {
        WebSocket socket = connect("v5.channel.k8s.io", "stdin=true&stdout=true&stderr=true");
        assertThat(socket.protocol()).isEqualTo("v5.channel.k8s.io");
        send(socket, 0, "hello");
        socket.sendBinary(new byte[] {(byte) 255, 0}, 0, 2);
        List<String> messages = receiveAll(socket, false);
        assertThat(messages).contains("1:", "1:HELLO", "2:warning");
        assertThat(messages.getLast()).isEqualTo("3:" + FakeRuntime.EXIT_3);
        assertThat(socket.closeCode()).isEqualTo(1000);
    }

    @Test
    void webSocketV4ResizesTerminals() throws Exception {
        WebSocket socket = connect("v4.channel.k8s.io", "input=1&output=1&tty=1");
        send(socket, 4, "{\"Width\":80,\"Height\":24}");
        assertThat(runtime.resizes.poll(10, TimeUnit.SECONDS)).isEqualTo("{\"Width\":80,\"Height\":24}");
        socket.close();
        assertThat(runtime.sessionsEnded.poll(10, TimeUnit.SECONDS)).isEqualTo("ended");
    }

    @Test
    void largeOutputComesWholeBeforeTheStatus() throws Exception {
        WebSocket socket = connect("v4.channel.k8s.io", "stdout=true");
        List<String> messages = receiveAll(socket, false);
        assertThat(messages.stream()
                        .filter(m -> m.startsWith("1:"))
                        .mapToInt(m -> m.length() - 2)
                        .sum())
                .isEqualTo(3_000_000);
        assertThat(messages.getLast()).isEqualTo("3:" + FakeRuntime.SUCCESS);
    }

    @Test
    void olderChannelProtocolsTellNothingForSuccess() throws Exception {
        for (String protocol : List.of("channel.k8s.io", "")) {
            WebSocket socket = connect(protocol, "stdout=true");
            assertThat(receiveAll(socket, false)).allMatch(m -> m.startsWith("1:"));
        }
        WebSocket base64 = connect("base64.channel.k8s.io", "stdout=true");
        assertThat(receiveAll(base64, true)).allMatch(m -> m.startsWith("1:")).hasSizeGreaterThan(10);
    }

    @Test
    void olderChannelProtocolsTellTheMessageForFailure() {
        assertThat(ExecStatus.text(FakeRuntime.EXIT_3.getBytes(StandardCharsets.UTF_8)))
                .asString()
                .isEqualTo("command terminated with non-zero exit code");
        assertThat(ExecStatus.text("plain".getBytes(StandardCharsets.UTF_8)))
                .asString()
                .isEqualTo("plain");
        assertThat(ExecStatus.text("{\"status\":".getBytes(StandardCharsets.UTF_8)))
                .asString()
                .isEqualTo("{\"status\":");
    }

    @Test
    void base64V4CarriesStdin() throws Exception {
        WebSocket socket = connect("v4.base64.channel.k8s.io", "stdin=true&stdout=true");
        socket.sendText("0" + Base64.getEncoder().encodeToString("hello".getBytes(StandardCharsets.UTF_8)));
        WebSocket.Message message = socket.receive();
        while (message.bytes().length < 2) {
            message = socket.receive();
        }
        assertThat(message.text()).isTrue();
        assertThat(message.bytes())
                .asString()
                .isEqualTo("1" + Base64.getEncoder().encodeToString("HELLO".getBytes(StandardCharsets.UTF_8)));
        socket.close();
        assertThat(runtime.sessionsEnded.poll(10, TimeUnit.SECONDS)).isEqualTo("ended");
    }

    @Test
    void spdyPassesThrough() throws Exception {
        HttpClientRequest request = HttpClientRequest.of("POST", uri(api, "/exec?stdin=true&stdout=true"))
                .header("Upgrade", "SPDY/3.1")
                .header("X-Stream-Protocol-Version", "v5.channel.k8s.io")
                .header("X-Stream-Protocol-Version", "v4.channel.k8s.io");
        try (UpgradeResponse response = client.upgrade(request);
                SpdyConnection spdy = SpdyConnection.client(response.require())) {
            assertThat(response.headers().first("X-Stream-Protocol-Version")).isEqualTo("v4.channel.k8s.io");
            SpdyStream error = spdy.open(new Headers().set("streamtype", "error"), WAIT);
            SpdyStream stdin = spdy.open(new Headers().set("streamtype", "stdin"), WAIT);
            SpdyStream stdout = spdy.open(new Headers().set("streamtype", "stdout"), WAIT);
            stdin.output().write("hello".getBytes(StandardCharsets.UTF_8));
            stdin.output().close();
            assertThat(stdout.input().readAllBytes()).asString().isEqualTo("HELLO");
            assertThat(error.input().readAllBytes()).asString().isEqualTo(FakeRuntime.EXIT_3);
        }
        assertThat(runtime.sessionsEnded.poll(10, TimeUnit.SECONDS)).isEqualTo("ended");
    }

    @Test
    void refusalsReachTheClient() throws Exception {
        HttpClientRequest spdy =
                HttpClientRequest.of("POST", uri(api, "/gone?stdout=true")).header("Upgrade", "SPDY/3.1");
        UpgradeResponse refused = client.upgrade(spdy);
        assertThat(refused.status()).isEqualTo(404);
        assertThat(refused.refusal()).isEqualTo("no such session");
        try (HttpClientResponse plain = client.send(HttpClientRequest.of("GET", uri(api, "/exec?stdout=true")))) {
            assertThat(plain.status()).isEqualTo(400);
            assertThat(plain.bytes(1000)).asString().contains("Upgrade request required");
        }
        HttpClientRequest webSocket = HttpClientRequest.of("GET", uri(api, "/gone?stdout=true"))
                .header("Upgrade", "websocket")
                .header("Sec-WebSocket-Version", "13")
                .header("Sec-WebSocket-Key", "MDEyMzQ1Njc4OWFiY2RlZg==")
                .header("Sec-WebSocket-Protocol", "v5.channel.k8s.io");
        UpgradeResponse notFound = client.upgrade(webSocket);
        assertThat(notFound.status()).isEqualTo(500);
        assertThat(notFound.refusal()).contains("no such session");
    }

    @Test
    void aClientThatLeavesEndsTheRuntimesSession() throws Exception {
        WebSocket socket = connect("v5.channel.k8s.io", "stdin=true&stdout=true");
        send(socket, 0, "hello");
        assertThat(socket.receive()).isNotNull();
        socket.close();
        assertThat(runtime.sessionsEnded.poll(10, TimeUnit.SECONDS)).isEqualTo("ended");
    }
}
