package dev.kite.apiserver.diagnostics;

import dev.kite.api.http.HttpExchange;
import dev.kite.apiserver.request.ApiRoute;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.IntConsumer;

/** Answers /debug/flags and takes a new verbosity at /debug/flags/v, in upstream's forms. Thread-safe. */
public final class LogLevelDocument implements ApiRoute.Document {
    private static final String PATH = "/debug/flags";
    private static final int LONGEST = 32;

    private final IntConsumer verbosity;

    /**
     * The document.
     *
     * @param verbosity takes a new verbosity: 0 to 3 for what people need, 4 and 5 for details, more for all
     */
    public LogLevelDocument(IntConsumer verbosity) {
        this.verbosity = verbosity;
    }

    @Override
    public boolean serve(HttpExchange exchange) throws IOException {
        String path = exchange.path();
        if (!path.equals(PATH) && !path.startsWith(PATH + "/")) {
            return false;
        }
        if (!path.equals(PATH + "/v")) {
            String page = """
                    <html>
                    <head><title>/debug/flags/</title></head>
                    <body>
                    <p>flags:</p>
                    <ul><li>v</li></ul>
                    </body>
                    </html>
                    """;
            exchange.respond(200, "text/html; charset=utf-8", page.getBytes(StandardCharsets.UTF_8));
            return true;
        }
        if (!exchange.method().equals("PUT")) {
            answer(exchange, 406, "unsupported http method");
            return true;
        }
        String text = new String(exchange.requestBody().readNBytes(LONGEST), StandardCharsets.UTF_8);
        if (!text.matches("[0-9]{1,9}")) {
            answer(exchange, 400, "strconv.ParseUint: parsing \"" + text + "\": invalid syntax");
            return true;
        }
        verbosity.accept(Integer.parseInt(text));
        answer(exchange, 200, "successfully set klog.logging.verbosity to " + text);
        return true;
    }

    private static void answer(HttpExchange exchange, int code, String text) throws IOException {
        exchange.responseHeaders().set("X-Content-Type-Options", "nosniff");
        exchange.respond(code, "text/plain", (text + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
