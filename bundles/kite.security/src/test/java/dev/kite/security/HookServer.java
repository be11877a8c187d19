package dev.kite.security;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.kite.security.jwt.TestIssuer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** A webhook on loopback over HTTPS, and the kubeconfig that leads to it. */
public final class HookServer implements AutoCloseable {
    private final HttpsServer server;
    public final Path kubeconfig;
    public final List<String> asked = new CopyOnWriteArrayList<>();
    public volatile String answer = "";
    public volatile int status = 200;
    public volatile long pause;

    public HookServer(Path folder) throws Exception {
        ClusterCertificates certificates = TestCertificates.of(folder.resolve("hook-pki"));
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(TestIssuer.tls(certificates.server())));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/hook", exchange -> {
            asked.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
        server.start();
        kubeconfig = folder.resolve("hook.kubeconfig");
        String authority = Base64.getEncoder()
                .encodeToString(certificates.authorityPem(Authority.SERVER).getBytes(StandardCharsets.UTF_8));
        Files.writeString(
                kubeconfig,
                "apiVersion: v1\nkind: Config\nclusters: [{name: c, cluster: {server: 'https://127.0.0.1:"
                        + server.getAddress().getPort() + "/hook', certificate-authority-data: " + authority
                        + "}}]\nusers: [{name: u, user: {}}]\ncontexts: [{name: x, context: {cluster: c, user: u}}]\ncurrent-context: x\n");
    }

    @Override
    public void close() throws IOException {
        server.stop(0);
    }
}
