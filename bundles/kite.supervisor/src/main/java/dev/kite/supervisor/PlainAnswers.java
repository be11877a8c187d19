package dev.kite.supervisor;

import dev.kite.api.http.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Answers in plain text, as k3s gives them on these routes. */
final class PlainAnswers {
    private PlainAnswers() {}

    /** Answers 405 where the method does not read; tells whether it reads. */
    static boolean requireRead(HttpExchange exchange) throws IOException {
        if (exchange.method().equals("GET") || exchange.method().equals("HEAD")) {
            return true;
        }
        exchange.responseHeaders().set("Allow", "GET, HEAD");
        respond(exchange, 405, "Method Not Allowed\n");
        return false;
    }

    static void respond(HttpExchange exchange, int code, String text) throws IOException {
        exchange.respond(code, "text/plain", text.getBytes(StandardCharsets.UTF_8));
    }
}
