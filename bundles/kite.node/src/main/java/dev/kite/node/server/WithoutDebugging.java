package dev.kite.node.server;

import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.HttpHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** The kubelet's paths without those that look into containers or run something in them ({@code enable-debugging-handlers=false}). */
record WithoutDebugging(HttpHandler handler) implements HttpHandler {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final Set<String> DEBUGGING =
            Set.of("run", "exec", "attach", "portForward", "containerLogs", "logs", "runningpods", "debug");
    private static final Set<String> READ_ONLY = Set.of("healthz", "pods", "stats", "metrics");

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        if (DEBUGGING.contains(first(exchange))) {
            answer(exchange, 405, "Debug endpoints are disabled.\n");
        } else {
            handler.handle(exchange);
        }
    }

    /** Only what may be read by anybody, on the read-only port. */
    static HttpHandler readOnly(HttpHandler handler) {
        return exchange -> {
            boolean reads = exchange.method().equals("GET") || exchange.method().equals("HEAD");
            if (reads && READ_ONLY.contains(first(exchange))) {
                handler.handle(exchange);
            } else {
                answer(exchange, 404, "404 page not found\n");
            }
        };
    }

    /** The port that says only that the kubelet lives. */
    static void health(HttpExchange exchange) throws IOException {
        boolean asked = first(exchange).equals("healthz");
        answer(exchange, asked ? 200 : 404, asked ? "ok" : "404 page not found\n");
    }

    private static String first(HttpExchange exchange) {
        return exchange.path().substring(1).split("/", 2)[0];
    }

    private static void answer(HttpExchange exchange, int code, String text) throws IOException {
        exchange.respond(code, TEXT, text.getBytes(StandardCharsets.UTF_8));
    }
}
