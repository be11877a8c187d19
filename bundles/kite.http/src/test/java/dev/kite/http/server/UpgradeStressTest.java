package dev.kite.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.api.http.Duplex;
import dev.kite.http.HttpServer;
import dev.kite.http.HttpServerOptions;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class UpgradeStressTest {
    @Test
    void manyUpgradesAndRequestsLeaveJettyContent() throws Exception {
        List<String> warnings = new ArrayList<>();
        Logger jetty = Logger.getLogger("org.eclipse.jetty");
        Handler listener = new Handler() {
            @Override
            public synchronized void publish(LogRecord record) {
                if (record.getLevel().intValue() >= java.util.logging.Level.WARNING.intValue()) {
                    warnings.add(record.getMessage() + " " + record.getThrown());
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        jetty.addHandler(listener);
        JettyServers servers = new JettyServers();
        AtomicInteger done = new AtomicInteger();
        try (HttpServer server = servers.start(HttpServerOptions.of("test", e -> {
            if (!e.upgradable()) {
                e.respond(200, "text/plain", "plain".getBytes(StandardCharsets.UTF_8));
                return;
            }
            e.responseHeaders().set("Connection", "Upgrade").set("Upgrade", "echo");
            try (Duplex duplex = e.upgrade()) {
                duplex.input().transferTo(duplex.output());
            }
        }))) {
            List<Thread> clients = new ArrayList<>();
            for (int c = 0; c < 8; c++) {
                clients.add(Thread.ofVirtual().start(() -> {
                    for (int i = 0; i < 300; i++) {
                        try (Socket socket = new Socket("127.0.0.1", server.port())) {
                            socket.setSoTimeout(5000);
                            InputStream in = socket.getInputStream();
                            String get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
                            socket.getOutputStream().write(get.getBytes(StandardCharsets.UTF_8));
                            JettyServerTest.readHeader(in);
                            in.readNBytes(5);
                            String post =
                                    "POST / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\nContent-Length: 0\r\n\r\n";
                            socket.getOutputStream().write(post.getBytes(StandardCharsets.UTF_8));
                            JettyServerTest.readHeader(in);
                            socket.getOutputStream().write(new byte[100]);
                            if (in.readNBytes(100).length == 100) {
                                done.incrementAndGet();
                            }
                        } catch (Exception broken) {
                            warnings.add(broken.toString());
                        }
                    }
                }));
            }
            for (Thread client : clients) {
                client.join();
            }
        } finally {
            servers.stop();
            jetty.removeHandler(listener);
        }
        assertThat(warnings).isEmpty();
        assertThat(done).hasValue(2400);
    }
}
