package dev.kite.http.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.http.HttpClient;
import dev.kite.http.HttpClientOptions;
import dev.kite.http.HttpClientRequest;
import dev.kite.http.HttpServer;
import dev.kite.http.HttpServerOptions;
import dev.kite.http.client.Clients;
import dev.kite.http.server.JettyServers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient.Version;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WebSocketTest {
    private static final int LIMIT = 100_000;

    private static void echo(WebSocket socket) throws IOException {
        try (socket) {
            for (WebSocket.Message m = socket.receive(); m != null; m = socket.receive()) {
                byte[] bytes = m.bytes();
                if (m.text()) {
                    socket.sendText(new String(bytes, StandardCharsets.UTF_8));
                } else {
                    socket.sendBinary(bytes, 0, bytes.length);
                }
            }
        }
    }

    @Test
    void servesTheJdksClientAndItself() throws Exception {
        JettyServers servers = new JettyServers();
        try (HttpServer server = servers.start(HttpServerOptions.of("test", e -> {
            WebSocket socket = WebSocketHandshake.accept(e, List.of("two", "one"), LIMIT);
            if (socket != null) {
                echo(socket);
            }
        }))) {
            URI uri = URI.create("http://127.0.0.1:" + server.port() + "/");
            CompletableFuture<String> received = new CompletableFuture<>();
            try (var jdk = java.net.http.HttpClient.newBuilder()
                    .version(Version.HTTP_1_1)
                    .build()) {
                var socket = jdk.newWebSocketBuilder()
                        .subprotocols("zero", "one", "two")
                        .buildAsync(
                                URI.create("ws://127.0.0.1:" + server.port() + "/"),
                                new java.net.http.WebSocket.Listener() {
                                    @Override
                                    public CompletionStage<?> onText(
                                            java.net.http.WebSocket s, CharSequence data, boolean last) {
                                        received.complete(data.toString());
                                        return null;
                                    }
                                })
                        .get();
                assertThat(socket.getSubprotocol()).isEqualTo("one");
                socket.sendText("hel", false).get();
                socket.sendText("lo", true).get();
                socket.request(5);
                assertThat(received.get()).isEqualTo("hello");
                socket.sendClose(1000, "").get();
            }
            try (HttpClient client = new Clients().open(HttpClientOptions.of("test", null))) {
                WebSocket socket =
                        WebSocketHandshake.connect(client, HttpClientRequest.of("GET", uri), List.of("two"), LIMIT);
                assertThat(socket.protocol()).isEqualTo("two");
                for (int size : new int[] {0, 1, 125, 126, 65535, 65536, LIMIT}) {
                    byte[] bytes = new byte[size];
                    new Random(size).nextBytes(bytes);
                    socket.sendBinary(bytes, 0, size);
                    assertThat(socket.receive().bytes()).isEqualTo(bytes);
                }
                socket.ping();
                socket.sendText("ü");
                assertThat(socket.receive().text()).isTrue();
                socket.close(1000, "");
                assertThat(socket.receive()).isNull();
                assertThat(socket.closeCode()).isEqualTo(1000);
                assertThatThrownBy(() -> WebSocketHandshake.connect(
                                client, HttpClientRequest.of("GET", uri), List.of("unknown"), LIMIT))
                        .hasMessageContaining("400");
            }
        } finally {
            servers.stop();
        }
    }

    /** A client's frame: always masked with zeros, so that tests can read it. */
    private static byte[] frame(int first, int second, int... payload) {
        byte[] bytes = new byte[6 + payload.length];
        bytes[0] = (byte) first;
        bytes[1] = (byte) second;
        for (int i = 0; i < payload.length; i++) {
            bytes[6 + i] = (byte) payload[i];
        }
        return bytes;
    }

    private record Hostile(String what, int code, byte[] bytes) {}

    @Test
    void hostileFramesAreAnsweredWithTheirCloseCode() throws Exception {
        byte[] large = {(byte) 0x82, (byte) 0xff, 0, 0, 0, 0, 0, 1, (byte) 0x86, (byte) 0xa1, 0, 0, 0, 0};
        byte[] endless = {(byte) 0x82, (byte) 0xff, -1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0};
        byte[] longForm = {(byte) 0x82, (byte) 0xfe, 0, 5, 0, 0, 0, 0, 1, 2, 3, 4, 5};
        for (Hostile hostile : List.of(
                new Hostile("reserved bits", 1002, frame(0xc2, 0x80)),
                new Hostile("unknown opcode", 1002, frame(0x83, 0x80)),
                new Hostile("unknown control opcode", 1002, frame(0x8b, 0x80)),
                new Hostile("no mask", 1002, frame(0x82, 0x00)),
                new Hostile("fragmented ping", 1002, frame(0x09, 0x80)),
                new Hostile("continuation of nothing", 1002, frame(0x80, 0x80)),
                new Hostile("close code 1005", 1002, frame(0x88, 0x82, 0x03, 0xed)),
                new Hostile("close code of one byte", 1002, frame(0x88, 0x81, 0x03)),
                new Hostile("text that is no UTF-8", 1007, frame(0x81, 0x82, 0xc3, 0x28)),
                new Hostile("too large", 1009, large),
                new Hostile("negative length", 1009, endless),
                new Hostile("length not shortest", 1002, longForm))) {
            try (DuplexPair pair = DuplexPair.open()) {
                WebSocket socket = new WebSocket(pair.server(), false, "", LIMIT);
                pair.client().output().write(hostile.bytes());
                assertThatThrownBy(socket::receive)
                        .as(hostile.what())
                        .isInstanceOfSatisfying(
                                WebSocketException.class,
                                e -> assertThat(e.code()).isEqualTo(hostile.code()));
                byte[] close = pair.client().input().readNBytes(4);
                assertThat(close[0]).as(hostile.what()).isEqualTo((byte) 0x88);
                assertThat((close[2] & 0xff) << 8 | close[3] & 0xff)
                        .as(hostile.what())
                        .isEqualTo(hostile.code());
            }
        }
    }

    @Test
    void fragmentsAreBoundedAsAWhole() throws Exception {
        try (DuplexPair pair = DuplexPair.open()) {
            WebSocket socket = new WebSocket(pair.server(), false, "", 100);
            byte[] part = new byte[6 + 60];
            part[0] = 0x02;
            part[1] = (byte) (0x80 | 60);
            pair.client().output().write(part);
            part[0] = 0x00;
            pair.client().output().write(part);
            assertThatThrownBy(socket::receive)
                    .isInstanceOfSatisfying(
                            WebSocketException.class, e -> assertThat(e.code()).isEqualTo(1009));
        }
    }

    @Test
    void pingsAmidFragmentsAreAnswered() throws Exception {
        try (DuplexPair pair = DuplexPair.open()) {
            WebSocket socket = new WebSocket(pair.server(), false, "", 100);
            pair.client().output().write(frame(0x01, 0x81, 'a'));
            pair.client().output().write(frame(0x89, 0x81, 'p'));
            pair.client().output().write(frame(0x80, 0x81, 'b'));
            WebSocket.Message message = socket.receive();
            assertThat(message.text()).isTrue();
            assertThat(message.bytes()).asString().isEqualTo("ab");
            assertThat(pair.client().input().readNBytes(3)).isEqualTo(new byte[] {(byte) 0x8a, 1, 'p'});
        }
    }

    @Test
    void randomBytesEndInAnException() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            try (DuplexPair pair = DuplexPair.open()) {
                WebSocket socket = new WebSocket(pair.server(), false, "", LIMIT);
                pair.client().output().write(Arrays.copyOf(bytes, bytes.length));
                pair.client().output().close();
                boolean ended = false;
                for (int n = 0; n < 400 && !ended; n++) {
                    try {
                        ended = socket.receive() == null;
                    } catch (IOException broken) {
                        ended = true;
                    }
                }
                assertThat(ended).isTrue();
            }
        }
    }
}
