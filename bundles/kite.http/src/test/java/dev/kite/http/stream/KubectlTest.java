package dev.kite.http.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kite.api.http.HttpExchange;
import dev.kite.http.HttpClient;
import dev.kite.http.HttpClientOptions;
import dev.kite.http.HttpServer;
import dev.kite.http.HttpServerOptions;
import dev.kite.http.SocketDuplex;
import dev.kite.http.client.Clients;
import dev.kite.http.server.JettyServers;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The machine's own kubectl against an API of one pod, over WebSocket and over SPDY. Skipped where there is no kubectl. */
@Timeout(120)
class KubectlTest {
    private static final String POD =
            "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"p\",\"namespace\":\"default\"},"
                    + "\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\",\"stdin\":true}]},\"status\":{\"phase\":\"Running\"}}";

    private static final String RESOURCES =
            "{\"kind\":\"APIResourceList\",\"groupVersion\":\"v1\",\"resources\":[{\"name\":\"pods\","
                    + "\"singularName\":\"pod\",\"namespaced\":true,\"kind\":\"Pod\",\"verbs\":[\"get\"],\"shortNames\":[\"po\"]}]}";

    @TempDir
    Path folder;

    private final FakeRuntime runtime = new FakeRuntime();
    private final JettyServers servers;
    private final HttpClient client = new Clients().open(HttpClientOptions.of("test", null));
    private final HttpServer streaming;
    private final HttpServer api;
    private final ServerSocket pod = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    private final List<String> upgrades = new ArrayList<>();

    KubectlTest() throws Exception {
        servers = new JettyServers();
        streaming = servers.start(HttpServerOptions.of("runtime", runtime::handle));
        ExecBridge bridge = new ExecBridge(client);
        api = servers.start(HttpServerOptions.of("api", e -> {
            String streamingUri = "http://127.0.0.1:" + streaming.port() + "/exec?" + e.rawQuery();
            note(e);
            switch (e.path()) {
                case "/api" -> json(e, "{\"kind\":\"APIVersions\",\"versions\":[\"v1\"]}");
                case "/apis" -> json(e, "{\"kind\":\"APIGroupList\",\"apiVersion\":\"v1\",\"groups\":[]}");
                case "/api/v1" -> json(e, RESOURCES);
                case "/api/v1/namespaces/default/pods/p" -> json(e, POD);
                case "/api/v1/namespaces/default/pods/p/exec", "/api/v1/namespaces/default/pods/p/attach" ->
                    bridge.bridge(e, URI.create(streamingUri));
                case "/api/v1/namespaces/default/pods/p/portforward" ->
                    PortForwardBridge.serve(
                            e,
                            port -> new SocketDuplex(new Socket(InetAddress.getLoopbackAddress(), pod.getLocalPort())));
                default ->
                    e.respond(
                            404,
                            "application/json",
                            "{\"kind\":\"Status\",\"code\":404}".getBytes(StandardCharsets.UTF_8));
            }
        }));
    }

    private synchronized void note(HttpExchange e) {
        if (e.requestHeaders().first("Upgrade") != null) {
            upgrades.add(e.requestHeaders().first("Upgrade").toLowerCase());
        }
    }

    private static void json(HttpExchange e, String json) throws IOException {
        e.respond(200, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    @AfterEach
    void stop() throws Exception {
        pod.close();
        client.close();
        api.close();
        streaming.close();
        servers.stop();
    }

    private Process kubectl(boolean webSocket, String... arguments) throws Exception {
        boolean present = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(p -> Files.isExecutable(Path.of(p, "kubectl")));
        assumeTrue(present, "there is no kubectl on this machine");
        List<String> command = new ArrayList<>(List.of(
                "kubectl",
                "--server",
                "http://127.0.0.1:" + api.port(),
                "--kubeconfig",
                "/dev/null",
                "--namespace",
                "default"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(false);
        builder.environment().put("KUBECTL_REMOTE_COMMAND_WEBSOCKETS", "" + webSocket);
        builder.environment().put("KUBECTL_PORT_FORWARD_WEBSOCKETS", "" + webSocket);
        builder.environment().put("HOME", folder.toString());
        return builder.start();
    }

    @Test
    void execCarriesStdinStdoutStderrAndExitCode() throws Exception {
        for (boolean webSocket : List.of(true, false)) {
            upgrades.clear();
            Process process = kubectl(webSocket, "exec", "-i", "p", "--", "shout");
            process.getOutputStream().write(("hello over " + webSocket + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(err).isEqualTo(3);
            assertThat(out).isEqualTo("HELLO OVER " + (webSocket ? "TRUE" : "FALSE") + "\n");
            assertThat(err).contains("warning").contains("exit code 3");
            assertThat(upgrades).contains(webSocket ? "websocket" : "spdy/3.1");
        }
    }

    @Test
    void largeOutputComesWhole() throws Exception {
        for (boolean webSocket : List.of(true, false)) {
            Process process = kubectl(webSocket, "exec", "p", "--", "print");
            CompletableFuture<byte[]> err = CompletableFuture.supplyAsync(() -> readAll(process.getErrorStream()));
            byte[] out = process.getInputStream().readAllBytes();
            assertThat(process.waitFor())
                    .as(new String(err.get(), StandardCharsets.UTF_8))
                    .isZero();
            assertThat(out).hasSize(3_000_000);
        }
    }

    private static byte[] readAll(InputStream in) {
        try {
            return in.readAllBytes();
        } catch (IOException broken) {
            throw new IllegalStateException(broken);
        }
    }

    @Test
    void portForwardCarriesConnections() throws Exception {
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    Socket socket = pod.accept();
                    Thread.ofVirtual().start(() -> {
                        try (socket) {
                            socket.getInputStream().transferTo(socket.getOutputStream());
                        } catch (IOException broken) {
                            // The client is done.
                        }
                    });
                }
            } catch (IOException closed) {
                // The test is over.
            }
        });
        for (boolean webSocket : List.of(true, false)) {
            upgrades.clear();
            Process process = kubectl(webSocket, "port-forward", "pod/p", ":80");
            try {
                String line = process.inputReader().readLine();
                assertThat(line).contains("Forwarding from 127.0.0.1:");
                int port = Integer.parseInt(line.replaceAll(".*127.0.0.1:([0-9]+) .*", "$1"));
                for (int i = 0; i < 5; i++) {
                    try (Socket socket = new Socket("127.0.0.1", port)) {
                        socket.getOutputStream().write(new byte[200_000]);
                        socket.shutdownOutput();
                        assertThat(socket.getInputStream().readAllBytes()).hasSize(200_000);
                    }
                }
            } finally {
                process.destroy();
                process.waitFor(10, TimeUnit.SECONDS);
            }
            assertThat(upgrades).contains(webSocket ? "websocket" : "spdy/3.1");
        }
    }
}
