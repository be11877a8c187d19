package dev.kite.apiserver.request;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.kite.api.http.BodyTooLargeException;
import dev.kite.api.http.HttpExchange;
import dev.kite.apiserver.storage.Codec;
import dev.kite.apiserver.storage.Trees;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.yaml.snakeyaml.LoaderOptions;

/** Reads request bodies as trees: JSON, YAML or protobuf, bounded in size and depth. Thread-safe. */
public final class BodyReader {
    /** Upstream's bound on a request's body, and on what a compressed one unfolds to. */
    private static final int LIMIT = 3 * 1024 * 1024;

    private static final YAMLMapper YAML = YAMLMapper.builder(
                    YAMLFactory.builder().loaderOptions(yamlLimits()).build())
            .build();
    private static final ObjectReader TOLERANT = Trees.mapper().reader();
    private static final ObjectReader ONCE = Trees.mapper().reader().with(StreamReadFeature.STRICT_DUPLICATE_DETECTION);

    private final Codec codec;

    /**
     * A body.
     *
     * @param object the tree
     * @param repeated what strict decoding says of fields that appear twice, empty for none
     */
    public record Body(ObjectNode object, List<String> repeated) {
        /** Copies the list. */
        public Body {
            repeated = List.copyOf(repeated);
        }
    }

    /**
     * A reader.
     *
     * @param codec reads protobuf
     */
    public BodyReader(Codec codec) {
        this.codec = codec;
    }

    private static LoaderOptions yamlLimits() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(LIMIT);
        options.setNestingDepthLimit(500);
        options.setMaxAliasesForCollections(50);
        options.setAllowDuplicateKeys(true);
        return options;
    }

    /**
     * Reads a body's bytes.
     *
     * @param exchange the exchange
     * @return its bytes, unfolded where they are compressed
     * @throws IOException if the client went away
     * @throws StatusException 413 where they are too many
     */
    public static byte[] bytes(HttpExchange exchange) throws IOException {
        InputStream in = exchange.requestBody();
        try {
            if (exchange.requestHeaders().hasToken("Content-Encoding", "gzip")) {
                in = new GZIPInputStream(in);
            }
            byte[] all = in.readNBytes(LIMIT + 1);
            if (all.length > LIMIT) {
                throw Errors.tooLarge(LIMIT);
            }
            WorkMemory.Lease lease = exchange.attribute(WorkMemory.Lease.class);
            if (lease != null) {
                lease.claim(all);
            }
            return all;
        } catch (BodyTooLargeException _) {
            throw Errors.tooLarge(LIMIT);
        } catch (java.util.zip.ZipException _) {
            throw Errors.badRequest("the body is not compressed as its Content-Encoding says");
        }
    }

    /**
     * Reads a body.
     *
     * @param exchange the exchange
     * @param kind the kind that is expected, for messages
     * @return the tree
     * @throws IOException if the client went away
     * @throws StatusException 400, 413 or 415 where it cannot be read
     */
    public Body read(HttpExchange exchange, String kind) throws IOException {
        return parse(mediaType(exchange), bytes(exchange), kind);
    }

    /**
     * Parses bytes.
     *
     * @param mediaType their media type
     * @param bytes the bytes
     * @param kind the kind that is expected, for messages
     * @return the tree
     */
    public Body parse(String mediaType, byte[] bytes, String kind) {
        return switch (mediaType) {
            case MediaType.JSON -> json(bytes, kind);
            case MediaType.YAML -> yaml(bytes, kind);
            case MediaType.PROTOBUF -> protobuf(bytes, kind);
            default -> throw Errors.unsupportedMediaType(MediaType.SUPPORTED);
        };
    }

    /**
     * Tells a body's media type.
     *
     * @param exchange the exchange
     * @return the type without parameters, JSON where it isn't said
     */
    public static String mediaType(HttpExchange exchange) {
        String field = exchange.requestHeaders().first("Content-Type");
        if (field == null || field.isBlank()) {
            return MediaType.JSON;
        }
        List<MediaType> types = MediaType.parse(field);
        return types.isEmpty() ? "" : types.getFirst().type();
    }

    private static Body json(byte[] bytes, String kind) {
        try {
            return new Body(object(ONCE.readTree(bytes), bytes, kind), List.of());
        } catch (StreamReadException e) {
            String message = e.getOriginalMessage();
            if (message != null && message.startsWith("Duplicate field")) {
                return new Body(tolerant(bytes, kind), repeated(bytes, kind));
            }
            throw unrecognized(kind, why(e), bytes);
        } catch (IOException e) {
            throw unrecognized(kind, "couldn't get version/kind; json parse error: " + e.getMessage(), bytes);
        }
    }

    private static List<String> repeated(byte[] bytes, String kind) {
        try (JsonParser parser = Trees.mapper().createParser(bytes)) {
            return RepeatedFields.of(parser).stream()
                    .map(field -> "duplicate field \"" + field.path() + "\"")
                    .toList();
        } catch (IOException e) {
            throw unrecognized(kind, "couldn't get version/kind; json parse error: " + e.getMessage(), bytes);
        }
    }

    /** What YAML's decoder says of all that is repeated, in one. */
    private static List<String> repeatedYaml(byte[] bytes) throws IOException {
        try (JsonParser parser = YAML.createParser(bytes)) {
            StringBuilder words = new StringBuilder();
            for (RepeatedFields.Repeated field : RepeatedFields.of(parser)) {
                words.append("\n  line ").append(field.line()).append(": key \"");
                words.append(field.name()).append("\" already set in map");
            }
            return words.isEmpty() ? List.of() : List.of("yaml: unmarshal errors:" + words);
        }
    }

    private static ObjectNode tolerant(byte[] bytes, String kind) {
        try {
            return object(TOLERANT.readTree(bytes), bytes, kind);
        } catch (IOException e) {
            throw unrecognized(kind, "couldn't get version/kind; json parse error: " + e.getMessage(), bytes);
        }
    }

    private static Body yaml(byte[] bytes, String kind) {
        if (bytes.length > 0 && bytes[0] == '{') {
            // Much of what is sent as YAML is JSON, which is read much faster.
            try {
                return new Body(object(ONCE.readTree(bytes), bytes, kind), List.of());
            } catch (IOException _) {
                return yamlProper(bytes, kind);
            }
        }
        return yamlProper(bytes, kind);
    }

    private static Body yamlProper(byte[] bytes, String kind) {
        try {
            return new Body(object(YAML.readTree(bytes), bytes, kind), repeatedYaml(bytes));
        } catch (JsonProcessingException e) {
            throw unrecognized(kind, "error converting YAML to JSON: " + e.getOriginalMessage(), bytes);
        } catch (IOException | RuntimeException e) {
            if (e instanceof StatusException refused) {
                throw refused;
            }
            throw unrecognized(kind, "error converting YAML to JSON: " + e.getMessage(), bytes);
        }
    }

    private Body protobuf(byte[] bytes, String kind) {
        try {
            return new Body(codec.decode(bytes), List.of());
        } catch (IllegalArgumentException e) {
            throw unrecognized(kind, String.valueOf(e.getMessage()), bytes);
        }
    }

    private static ObjectNode object(JsonNode tree, byte[] bytes, String kind) {
        if (tree instanceof ObjectNode object) {
            return object;
        }
        throw unrecognized(kind, "couldn't get version/kind; json parse error: the body is no object", bytes);
    }

    private static String why(StreamReadException e) {
        return "couldn't get version/kind; json parse error: " + e.getOriginalMessage();
    }

    private static StatusException unrecognized(String kind, String why, byte[] body) {
        String start =
                new String(body, 0, Math.min(body.length, 60), StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", " ");
        return Errors.badRequest("the object provided is unrecognized (must be of type " + kind + "): " + why + " ("
                + start + (body.length > 60 ? " ..." : "") + ")");
    }
}
