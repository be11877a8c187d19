package dev.kite.apiserver.request;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.kite.api.http.HttpExchange;
import dev.kite.apiserver.request.Accepted.Encoding;
import dev.kite.apiserver.storage.Codec;
import dev.kite.apiserver.storage.Trees;
import java.io.IOException;
import java.io.OutputStream;
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
        whole(exchange, code, accepted, encode(accepted, tree));
    }

    /**
     * Answers with bytes.
     *
     * @param exchange the exchange
     * @param code the status code
     * @param accepted the form
     * @param body the answer in that form
     * @throws IOException if the client went away
     */
    public void whole(HttpExchange exchange, int code, Accepted accepted, byte[] body) throws IOException {
        ResponseBody.send(exchange, code, accepted.encoding().mediaType(), body);
    }

    /**
     * Starts an answer whose body is written piece by piece, compressed where the client takes that and it is large.
     *
     * @param exchange the exchange
     * @param code the status code
     * @param accepted the form
     * @return the body, to be closed
     */
    public OutputStream body(HttpExchange exchange, int code, Accepted accepted) {
        return new ResponseBody(exchange, code, accepted.encoding().mediaType());
    }

    /**
     * Writes JSON or YAML piece by piece.
     *
     * @param accepted the form, not protobuf
     * @param out where to; it stays open
     * @return the generator, to be closed
     * @throws IOException if the client went away
     */
    public JsonGenerator generator(Accepted accepted, OutputStream out) throws IOException {
        ObjectMapper mapper = accepted.encoding() == Encoding.YAML ? YAML : Trees.mapper();
        JsonGenerator generator = mapper.getFactory().createGenerator(out);
        generator.setCodec(mapper);
        generator.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        // The body decides when it is flushed.
        generator.disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
        return accepted.pretty() && accepted.encoding() == Encoding.JSON
                ? generator.useDefaultPrettyPrinter()
                : generator;
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
        Accepted accepted = errorForm(exchange);
        exchange.respond(refusal.code(), accepted.encoding().mediaType(), encode(accepted, refusal.status()));
    }

    /** Whoever takes none of our forms is told in JSON nevertheless what went wrong. */
    private static Accepted errorForm(HttpExchange exchange) {
        boolean pretty = Call.pretty(exchange);
        try {
            return Accepted.negotiate(exchange.requestHeaders().first("Accept"), pretty, Accepted.Offer.DOCUMENT);
        } catch (StatusException _) {
            return pretty ? new Accepted(Encoding.JSON, Accepted.As.OBJECT, "v1", true, false) : Accepted.PLAIN;
        }
    }
}
