package dev.kite.http.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.api.http.Duplex;
import dev.kite.api.http.Headers;
import dev.kite.http.HttpClient;
import dev.kite.http.HttpClientOptions;
import dev.kite.http.HttpClientRequest;
import dev.kite.http.HttpServer;
import dev.kite.http.HttpServerOptions;
import dev.kite.http.SocketDuplex;
import dev.kite.http.client.Clients;
import dev.kite.http.server.JettyServers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PortForwardBridgeTest {
    private static final Duration WAIT = Duration.ofSeconds(10);

    private final JettyServers servers;
    private final HttpClient client = new Clients().open(HttpClientOptions.of("test", null));
    private final ServerSocket pod = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final BlockingQueue<Integer> podSaw = new LinkedBlockingQueue<>();
    private final CountDownLatch connected = new CountDownLatch(1);
    private final HttpServer kubelet;

    PortForwardBridgeTest() throws Exception {
        servers = new JettyServers();
        Thread.ofVirtual().start(this::servePod);
        PortConnector connector = port -> {
            if (port != 80) {
                throw new IOException("connection refused");
            }
            return new SocketDuplex(new Socket(InetAddress.getLoopbackAddress(), pod.getLocalPort()));
        };
        kubelet = servers.start(HttpServerOptions.of("kubelet", e -> PortForwardBridge.serve(e, connector)));
    }

    /** Answers all that comes, doubled, once the client has ended its side. */
    private void servePod() {
        try {
            while (true) {
                Socket socket = pod.accept();
                connected.countDown();
                Thread.ofVirtual().start(() -> {
                    try (socket) {
                        byte[] all = socket.getInputStream().readAllBytes();
                        podSaw.add(all.length);
                        socket.getOutputStream().write(all);
                        socket.getOutputStream().write(all);
                    } catch (IOException broken) {
                        podSaw.add(-1);
                    }
                });
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        kubelet.close();
        pod.close();
        servers.stop();
    }

    private URI uri(String query) {
        return URI.create("http://127.0.0.1:" + kubelet.port() + "/portForward" + query);
    }

    private Duplex spdy() throws Exception {
        var response = client.upgrade(HttpClientRequest.of("POST", uri(""))
                .header("Upgrade", "SPDY/3.1")
                .header("X-Stream-Protocol-Version", "portforward.k8s.io"));
        assertThat(response.headers().first("X-Stream-Protocol-Version")).isEqualTo("portforward.k8s.io");
        return response.require();
    }

    private Duplex tunneled() throws Exception {
        return new WebSocketDuplex(WebSocketHandshake.connect(
                client, HttpClientRequest.of("GET", uri("")), List.of("SPDY/3.1+portforward.k8s.io"), 1_000_000));
    }

    private static Headers stream(String type, int port, String request) {
        return new Headers().set("streamType", type).set("port", "" + port).set("requestID", request);
    }

    @Test
    void connectionsAreForwardedOverSpdyAndOverSpdyInWebSocket() throws Exception {
        for (Duplex connection : List.of(spdy(), tunneled())) {
            try (SpdyConnection session = SpdyConnection.client(connection)) {
                for (int i = 0; i < 20; i++) {
                    SpdyStream error = session.open(stream("error", 80, "" + i), WAIT);
                    error.output().close();
                    SpdyStream data = session.open(stream("data", 80, "" + i), WAIT);
                    byte[] bytes = new byte[100_000 + i];
                    data.output().write(bytes);
                    data.output().close();
                    assertThat(data.input().readAllBytes()).hasSize(2 * bytes.length);
                    assertThat(error.input().readAllBytes()).isEmpty();
                }
            }
        }
    }

    @Test
    void failuresAreToldOnTheErrorStreamAndTheSessionLivesOn() throws Exception {
        try (SpdyConnection session = SpdyConnection.client(spdy())) {
            SpdyStream error = session.open(stream("error", 81, "0"), WAIT);
            SpdyStream data = session.open(stream("data", 81, "0"), WAIT);
            assertThat(error.input().readAllBytes()).asString().contains("81").contains("connection refused");
            assertThat(data.input().readAllBytes()).isEmpty();
            SpdyStream badPort = session.open(stream("error", 80, "1"), WAIT);
            SpdyStream wrong =
                    session.open(new Headers().set("streamtype", "data").set("port", "99999"), WAIT);
            assertThatThrownBy(() -> wrong.input().read()).isInstanceOf(IOException.class);
            session.open(stream("data", 80, "1"), WAIT).output().close();
            assertThat(badPort.input().readAllBytes()).isEmpty();
        }
    }

    @Test
    void aClientThatLeavesEndsItsConnections() throws Exception {
        SpdyConnection session = SpdyConnection.client(spdy());
        session.open(stream("error", 80, "0"), WAIT);
        session.open(stream("data", 80, "0"), WAIT).output().write("x".getBytes(StandardCharsets.UTF_8));
        assertThat(connected.await(10, TimeUnit.SECONDS)).isTrue();
        session.close();
        assertThat(podSaw.poll(10, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void olderWebSocketChannelsForwardEachPort() throws Exception {
        WebSocket socket = WebSocketHandshake.connect(
                client,
                HttpClientRequest.of("GET", uri("?ports=80&ports=81")),
                List.of("v4.channel.k8s.io"),
                1_000_000);
        boolean told = false;
        int numbers = 0;
        while (!told || numbers < 4) {
            byte[] message = socket.receive().bytes();
            if (message.length == 3) {
                int port = message[1] & 0xff | (message[2] & 0xff) << 8;
                assertThat(port).isEqualTo(message[0] < 2 ? 80 : 81);
                numbers++;
            } else {
                assertThat(message[0]).isEqualTo((byte) 3);
                assertThat(Arrays.copyOfRange(message, 1, message.length))
                        .asString()
                        .contains("connection refused");
                told = true;
            }
        }
        socket.sendBinary(new byte[] {0, 'h', 'i'}, 0, 3);
        socket.close();
        assertThat(podSaw.poll(10, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void requestsWithoutUpgradeProtocolOrPortAreRefused() throws Exception {
        try (var plain = client.send(HttpClientRequest.of("GET", uri("")))) {
            assertThat(plain.status()).isEqualTo(400);
        }
        var unknown = client.upgrade(HttpClientRequest.of("POST", uri(""))
                .header("Upgrade", "SPDY/3.1")
                .header("X-Stream-Protocol-Version", "v4.channel.k8s.io"));
        assertThat(unknown.status()).isEqualTo(403);
        for (String query : List.of("", "?ports=0", "?ports=65536", "?ports=x", "?ports=-1")) {
            assertThatThrownBy(() -> WebSocketHandshake.connect(
                            client, HttpClientRequest.of("GET", uri(query)), List.of("v4.channel.k8s.io"), 1000))
                    .hasMessageContaining("400");
        }
    }
}
