package dev.kite.apiserver.diagnostics;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.http.HttpExchange;
import dev.kite.apiserver.request.ApiRoute;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** Answers /flagz: the API server's arguments as they are in force, given or not. Thread-safe. */
public final class FlagzDocument implements ApiRoute.Document {
    private final Map<String, String> flags;

    /**
     * The document.
     *
     * @param flags all arguments with their values
     */
    public FlagzDocument(Map<String, String> flags) {
        this.flags = new TreeMap<>(flags);
    }

    @Override
    public boolean serve(HttpExchange exchange) throws IOException {
        if (!exchange.path().equals("/flagz")) {
            return false;
        }
        StringBuilder text = new StringBuilder();
        ObjectNode content = JsonNodeFactory.instance.objectNode();
        ObjectNode object = content.putObject("flags");
        flags.forEach((name, value) -> {
            text.append(name).append('=').append(value).append('\n');
            object.put(name, value);
        });
        Zpage.answer(exchange, "Flagz", text.toString(), content);
        return true;
    }
}
