package dev.kite.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.client.ApiException;
import dev.kite.api.client.DeleteRequest;
import dev.kite.api.client.Patch;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests and answers in bytes; anything but success becomes an {@link ApiException}. Thread-safe. */
final class Rest {
    /** Plain JSON. */
    static final String JSON = "application/json";

    /** The largest Status that is read from a failed answer, in bytes. */
    private static final int LARGEST_STATUS = 1 << 20;

    private final Transport transport;
    private final ObjectMapper mapper = new ObjectMapper();

    /**
     * Sends by a transport.
     *
     * @param transport how
     */
    Rest(Transport transport) {
        this.transport = transport;
    }

    /** @return reads and writes trees */
    ObjectMapper mapper() {
        return mapper;
    }

    /**
     * Sends a request and reads the whole answer.
     *
     * @param method the method
     * @param path the percent-encoded path
     * @param query the query, empty for none
     * @param accept the media types that are understood
     * @param contentType the body's media type
     * @param body the body, empty for none
     * @return the answer's body
     * @throws ApiException if the server answers with failure or not at all
     */
    byte[] send(String method, String path, String query, String accept, String contentType, byte[] body) {
        Map<String, String> headers =
                body.length == 0 ? Map.of("Accept", accept) : Map.of("Accept", accept, "Content-Type", contentType);
        var call = new Transport.Call(method, path, query, headers, body, false);
        try (Transport.Answer answer = transport.send(call)) {
            if (answer.status() / 100 != 2) {
                throw failure(answer.status(), answer.body(), method, path);
            }
            return answer.body().readAllBytes();
        } catch (IOException e) {
            throw new ApiException(method + " " + path + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads.
     *
     * @param path the percent-encoded path
     * @param query the query, empty for none
     * @return the answer's body, JSON
     */
    byte[] get(String path, String query) {
        return send("GET", path, query, JSON, JSON, new byte[0]);
    }

    /**
     * Opens a stream of watch frames.
     *
     * @param path the collection's path
     * @param query the query with {@code watch=true}
     * @param accept the media types that are understood
     * @return the answer, to be closed
     * @throws ApiException if the server answers with failure or not at all
     */
    Transport.Answer open(String path, String query, String accept) {
        var call = new Transport.Call("GET", path, query, Map.of("Accept", accept), new byte[0], true);
        try {
            Transport.Answer answer = transport.send(call);
            if (answer.status() / 100 == 2) {
                return answer;
            }
            try (answer) {
                throw failure(answer.status(), answer.body(), "WATCH", path);
            }
        } catch (IOException e) {
            throw new ApiException("WATCH " + path + ": " + e.getMessage(), e);
        }
    }

    /**
     * Patches.
     *
     * @param path the object's path
     * @param patch the patch
     * @return what was stored, JSON
     */
    byte[] patch(String path, Patch patch) {
        StringBuilder query = new StringBuilder();
        if (patch instanceof Patch.Apply apply) {
            Paths.add(query, "fieldManager", apply.fieldManager());
            Paths.add(query, "force", Boolean.toString(apply.force()));
        }
        return send("PATCH", path, query.toString(), JSON, patch.mediaType(), patch.body());
    }

    /**
     * Deletes an object or a collection.
     *
     * @param path the path
     * @param query the collection's selectors, empty for one object
     * @param options how
     */
    void delete(String path, String query, DeleteRequest options) {
        send("DELETE", path, query, JSON, JSON, bytes(deleteOptions(options)));
    }

    private ObjectNode deleteOptions(DeleteRequest options) {
        ObjectNode node = mapper.createObjectNode();
        node.put("apiVersion", "v1").put("kind", "DeleteOptions");
        if (options.gracePeriodSeconds() != null) {
            node.put("gracePeriodSeconds", options.gracePeriodSeconds());
        }
        if (!options.propagationPolicy().isEmpty()) {
            node.put("propagationPolicy", options.propagationPolicy());
        }
        if (!options.uid().isEmpty() || !options.resourceVersion().isEmpty()) {
            ObjectNode preconditions = node.putObject("preconditions");
            if (!options.uid().isEmpty()) {
                preconditions.put("uid", options.uid());
            }
            if (!options.resourceVersion().isEmpty()) {
                preconditions.put("resourceVersion", options.resourceVersion());
            }
        }
        return node;
    }

    /**
     * Writes a tree.
     *
     * @param tree the tree
     * @return JSON
     */
    byte[] bytes(JsonNode tree) {
        try {
            return mapper.writeValueAsBytes(tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a tree.
     *
     * @param json the bytes
     * @return the object
     * @throws ApiException if it is no JSON object
     */
    ObjectNode tree(byte[] json) {
        try {
            if (mapper.readTree(json) instanceof ObjectNode object) {
                return object;
            }
        } catch (IOException e) {
            throw new ApiException("the server's answer is no JSON: " + e.getMessage(), e);
        }
        throw new ApiException(0, "", "the server's answer is no JSON object");
    }

    private ApiException failure(int status, InputStream body, String method, String path) throws IOException {
        byte[] bytes = body.readNBytes(LARGEST_STATUS);
        ApiException parsed = status(bytes, status);
        if (parsed != null) {
            return parsed;
        }
        String text = new String(bytes, 0, Math.min(bytes.length, 512), StandardCharsets.UTF_8).strip();
        return new ApiException(
                status, "", method + " " + path + ": HTTP " + status + (text.isEmpty() ? "" : ": " + text));
    }

    private @Nullable ApiException status(byte[] bytes, int httpStatus) {
        try {
            JsonNode node = mapper.readTree(bytes);
            return node instanceof ObjectNode object
                            && "Status".equals(object.path("kind").asText())
                    ? status(object, httpStatus)
                    : null;
        } catch (IOException e) {
            // Not every failure comes from the API server itself: a proxy may answer with plain text, which the caller
            // reports as it is.
            return null;
        }
    }

    /**
     * Turns a Status into what is thrown.
     *
     * @param status the Status object
     * @param httpStatus the code where the Status has none
     * @return the exception
     */
    static ApiException status(JsonNode status, int httpStatus) {
        return new ApiException(
                status.path("code").asInt(httpStatus),
                status.path("reason").asText(""),
                status.path("message").asText(""));
    }

    /** Ends all that is open. */
    void close() {
        transport.close();
    }
}
