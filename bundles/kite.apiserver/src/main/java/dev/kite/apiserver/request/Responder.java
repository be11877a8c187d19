package dev.kite.apiserver.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.kite.api.http.HttpExchange;
import dev.kite.apiserver.request.Accepted.Encoding;
import dev.kite.apiserver.storage.Codec;
import dev.kite.apiserver.storage.Trees;
import java.io.IOException;
import java.util.List;

/** Writes trees as answers, in the form that the client accepts. Thread-safe. */
public final class Responder {
    private static final YAMLMapper YAML = YAMLMapper.builder(YAMLFactory.builder()
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                    .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                    .build())
            .build();

    private final Codec codec;

    /**
     * A responder.
     *
     * @param codec writes protobuf
     */
    public Responder(Codec codec) {
        this.codec = codec;
    }

    /** @return writes and reads protobuf */
    public Codec codec() {
        return codec;
    }

    /**
     * Answers with a tree.
     *
     * @param exchange the exchange
     * @param code the status code
     * @param accepted the form
     * @param tree the answer
     * @throws IOException if the client went away
     */
    public void tree(HttpExchange exchange, int code, Accepted accepted, ObjectNode tree) throws IOException {
        exchange.respond(code, accepted.encoding().mediaType(), encode(accepted, tree));
    }

    /**
     * Writes a tree.
     *
     * @param accepted the form
     * @param tree the answer
     * @return its bytes
     * @throws StatusException 406 where the kind has no such form
     */
    public byte[] encode(Accepted accepted, ObjectNode tree) {
        return switch (accepted.encoding()) {
            case JSON -> accepted.pretty() ? pretty(tree) : Trees.write(tree);
            case YAML -> yaml(tree);
            case PROTOBUF -> protobuf(tree);
        };
    }

    private byte[] protobuf(ObjectNode tree) {
        try {
            return codec.encode(tree);
        } catch (IllegalArgumentException _) {
            throw Errors.notAcceptable(List.of(MediaType.JSON, MediaType.YAML));
        }
    }

    private static byte[] pretty(JsonNode tree) {
        return Trees.pretty(tree);
    }

    private static byte[] yaml(JsonNode tree) {
        try {
            return YAML.writeValueAsBytes(tree);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /**
     * Answers with a refusal, in a form that the client accepts or JSON.
     *
     * @param exchange the exchange
     * @param refusal the refusal
     * @throws IOException if the client went away
     */
    public void refuse(HttpExchange exchange, StatusException refusal) throws IOException {
        if (refusal.details().retryAfterSeconds() > 0) {
            exchange.responseHeaders()
                    .set("Retry-After", Integer.toString(refusal.details().retryAfterSeconds()));
        }
        Accepted accepted = Accepted.PLAIN;
        String accept = exchange.requestHeaders().first("Accept");
        if (accept != null && accept.startsWith(MediaType.PROTOBUF)) {
            accepted = new Accepted(Encoding.PROTOBUF, Accepted.As.OBJECT, "v1", false, false);
        }
        exchange.respond(refusal.code(), accepted.encoding().mediaType(), encode(accepted, refusal.status()));
    }
}
