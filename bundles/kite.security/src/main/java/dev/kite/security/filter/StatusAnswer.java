package dev.kite.security.filter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.http.HttpExchange;
import dev.kite.api.security.Attributes;
import java.io.IOException;

/** Kubernetes' Status objects for requests that security ends. Their words are matched by clients, so they are upstream's to the letter. */
final class StatusAnswer {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private StatusAnswer() {}

    static void unauthorized(HttpExchange exchange) throws IOException {
        respond(exchange, status("Unauthorized", "Unauthorized", 401), 401);
    }

    static void badRequest(HttpExchange exchange, String message) throws IOException {
        respond(exchange, status(message, "BadRequest", 400), 400);
    }

    static void internalError(HttpExchange exchange, String message) throws IOException {
        ObjectNode status = status("Internal error occurred: " + message, "InternalError", 500);
        status.withObject("/details").putArray("causes").addObject().put("message", message);
        respond(exchange, status, 500);
    }

    static void unavailable(HttpExchange exchange, String message) throws IOException {
        exchange.responseHeaders().set("Retry-After", "1");
        respond(exchange, status(message, "ServiceUnavailable", 503), 503);
    }

    static void forbidden(HttpExchange exchange, Attributes asked, String reason) throws IOException {
        ObjectNode status = status(forbiddenMessage(asked, reason), "Forbidden", 403);
        ObjectNode details = status.putObject("details");
        if (asked.resourceRequest()) {
            if (!asked.name().isEmpty()) {
                details.put("name", asked.name());
            }
            if (!asked.apiGroup().isEmpty()) {
                details.put("group", asked.apiGroup());
            }
            details.put("kind", asked.resource());
        }
        // The order of fields is that of upstream's answers.
        ObjectNode ordered = MAPPER.createObjectNode();
        for (String field : new String[] {"kind", "apiVersion", "metadata", "status", "message", "reason", "details"}) {
            ordered.set(field, status.get(field));
        }
        ordered.put("code", 403);
        exchange.responseHeaders().set("X-Content-Type-Options", "nosniff");
        respond(exchange, ordered, 403);
    }

    /** The message of a refused request. */
    static String forbiddenMessage(Attributes asked, String reason) {
        String user = quote(asked.user().name());
        String ending = reason.isEmpty() ? "" : ": " + reason;
        if (!asked.resourceRequest()) {
            return "forbidden: User " + user + " cannot " + asked.verb() + " path " + quote(asked.path()) + ending;
        }
        String qualified = asked.apiGroup().isEmpty() ? asked.resource() : asked.resource() + "." + asked.apiGroup();
        String object = asked.name().isEmpty() ? "" : " " + quote(asked.name());
        String resource =
                asked.subresource().isEmpty() ? asked.resource() : asked.resource() + "/" + asked.subresource();
        String scope =
                asked.namespace().isEmpty() ? "at the cluster scope" : "in the namespace " + quote(asked.namespace());
        return qualified + object + " is forbidden: User " + user + " cannot " + asked.verb() + " resource "
                + quote(resource) + " in API group " + quote(asked.apiGroup()) + " " + scope + ending;
    }

    private static String quote(String text) {
        try {
            return MAPPER.writeValueAsString(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ObjectNode status(String message, String reason, int code) {
        ObjectNode status = MAPPER.createObjectNode();
        status.put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        return status.put("status", "Failure")
                .put("message", message)
                .put("reason", reason)
                .put("code", code);
    }

    private static void respond(HttpExchange exchange, ObjectNode status, int code) throws IOException {
        exchange.responseHeaders().set("Cache-Control", "no-cache, private");
        exchange.respond(code, "application/json", MAPPER.writeValueAsBytes(status));
    }
}
