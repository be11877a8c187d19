package dev.kite.http.message;

import dev.kite.api.http.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Kubernetes' Status objects for what goes wrong before a registry could say it better. */
public final class Statuses {
    private Statuses() {}

    /**
     * Answers with a failure.
     *
     * @param exchange the exchange, not committed
     * @param code the status code
     * @param reason the word that programs match on, for example {@code NotFound}
     * @param message one sentence for people
     * @throws IOException if the client went away
     */
    public static void respond(HttpExchange exchange, int code, String reason, String message) throws IOException {
        exchange.respond(code, "application/json", json(code, reason, message));
    }

    /**
     * Makes the object's JSON.
     *
     * @param code the status code
     * @param reason the word that programs match on
     * @param message one sentence for people
     * @return UTF-8 bytes
     */
    public static byte[] json(int code, String reason, String message) {
        String json = "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\",\"message\":\""
                + escape(message)
                + "\",\"reason\":\""
                + escape(reason)
                + "\",\"code\":"
                + code
                + "}\n";
        return json.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Names the reason that goes with a status code, as Kubernetes' API machinery pairs them.
     *
     * @param code the status code
     * @return the reason, empty where the code has none
     */
    public static String reason(int code) {
        return switch (code) {
            case 400 -> "BadRequest";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "NotFound";
            case 405 -> "MethodNotAllowed";
            case 406 -> "NotAcceptable";
            case 409 -> "Conflict";
            case 410 -> "Gone";
            case 413 -> "RequestEntityTooLarge";
            case 415 -> "UnsupportedMediaType";
            case 422 -> "Invalid";
            case 429 -> "TooManyRequests";
            case 500 -> "InternalError";
            case 503 -> "ServiceUnavailable";
            case 504 -> "Timeout";
            default -> "";
        };
    }

    private static String escape(String text) {
        var escaped = new StringBuilder(text.length() + 8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                escaped.append('\\').append(c);
            } else if (c < ' ') {
                escaped.append(String.format("\\u%04x", (int) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }
}
