package dev.kite.cli.feature;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.cli.client.ApiAccess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Optional;

/** Over HTTPS. */
final class ApiFeatures implements Features {
    private static final String PATH = "/apis/features.kite.dev/v1/features";
    private static final int NOT_FOUND = 404;

    /** One request, as {@link ApiAccess} sends it. */
    interface Sender {
        /**
         * Sends.
         *
         * @param method GET or PATCH
         * @param path the path
         * @param body the body, empty for none
         * @return the answer
         */
        HttpResponse<byte[]> send(String method, String path, byte[] body) throws IOException, InterruptedException;
    }

    private final ObjectMapper mapper = new ObjectMapper();
    private final URI server;
    private final Sender sender;

    ApiFeatures(URI server, Sender sender) {
        this.server = server;
        this.sender = sender;
    }

    static ApiFeatures of(ApiAccess access) {
        return new ApiFeatures(
                access.server(),
                (method, path, body) -> method.equals("GET")
                        ? access.get(path)
                        : access.send(method, path, "application/merge-patch+json", body));
    }

    @Override
    public JsonNode list() throws IOException, InterruptedException {
        HttpResponse<byte[]> response = send("GET", PATH, new byte[0]);
        if (response.statusCode() == NOT_FOUND) {
            throw new IOException("the server at " + server + " has no features: it is not Kite, or is not ready yet");
        }
        return read(response);
    }

    @Override
    public Optional<JsonNode> find(String name) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = send("GET", PATH + "/" + name, new byte[0]);
        return response.statusCode() == NOT_FOUND ? Optional.empty() : Optional.of(read(response));
    }

    @Override
    public JsonNode patch(String name, ObjectNode change) throws IOException, InterruptedException {
        return read(send("PATCH", PATH + "/" + name, mapper.writeValueAsBytes(change)));
    }

    private HttpResponse<byte[]> send(String method, String path, byte[] body)
            throws IOException, InterruptedException {
        try {
            return sender.send(method, path, body);
        } catch (IOException e) {
            String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw new IOException("no answer from " + server + " (" + reason + "); is the server running?", e);
        }
    }

    private JsonNode read(HttpResponse<byte[]> response) throws IOException {
        JsonNode body;
        try {
            body = mapper.readTree(response.body());
        } catch (IOException e) {
            throw new IOException("the server at " + server + " answered with what is no JSON", e);
        }
        if (response.statusCode() >= 300) {
            String message = body == null ? "" : body.path("message").asText();
            throw new IOException("the server at " + server + " answered " + response.statusCode()
                    + (message.isEmpty() ? "" : ": " + message));
        }
        return body;
    }
}
