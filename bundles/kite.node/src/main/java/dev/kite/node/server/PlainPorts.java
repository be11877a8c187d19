package dev.kite.node.server;

import dev.kite.api.http.HttpHandler;
import dev.kite.http.HttpServer;
import dev.kite.http.HttpServerFactory;
import dev.kite.http.HttpServerOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The kubelet's ports without TLS: the one that says that it lives, and the one for readers, which is off unless it is asked for. */
final class PlainPorts {
    private static final Logger LOG = LoggerFactory.getLogger(PlainPorts.class);

    private PlainPorts() {}

    static List<HttpServer> open(HttpServerFactory servers, ServerRules rules, String address, HttpHandler all) {
        List<HttpServer> opened = new ArrayList<>();
        open(opened, servers, "kubelet-healthz", rules.healthAddress(), rules.healthPort(), WithoutDebugging::health);
        open(
                opened,
                servers,
                "kubelet-read-only",
                rules.address(address),
                rules.readOnlyPort(),
                WithoutDebugging.readOnly(all));
        return opened;
    }

    /** Nothing depends on these ports: where one is taken, that is said. */
    private static void open(
            List<HttpServer> opened,
            HttpServerFactory servers,
            String name,
            String address,
            int port,
            HttpHandler answers) {
        if (port > 0) {
            try {
                opened.add(servers.start(HttpServerOptions.of(name, answers).listen(address, port)));
            } catch (IOException e) {
                LOG.warn("The kubelet does not answer on {}:{}: {}", address, port, e.getMessage());
            }
        }
    }
}
