package dev.kite.apiserver.request;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The form of the answer that a client and this server agree on.
 *
 * @param encoding how it is written
 * @param as what is written
 * @param metaVersion the version of meta.k8s.io for Table and metadata-only, {@code v1} or {@code v1beta1}
 * @param pretty whether JSON is indented
 * @param stream whether the client asked for {@code stream=watch}
 */
public record Accepted(Encoding encoding, As as, String metaVersion, boolean pretty, boolean stream) {
    /** How an answer is written. */
    public enum Encoding {
        /** JSON. */
        JSON(MediaType.JSON),
        /** YAML. */
        YAML(MediaType.YAML),
        /** Kubernetes' protobuf envelope. */
        PROTOBUF(MediaType.PROTOBUF);

        private final String mediaType;

        Encoding(String mediaType) {
            this.mediaType = mediaType;
        }

        /** @return its media type */
        public String mediaType() {
            return mediaType;
        }
    }

    /** What is written. */
    public enum As {
        /** The object itself. */
        OBJECT,
        /** A meta.k8s.io Table. */
        TABLE,
        /** A meta.k8s.io PartialObjectMetadata or PartialObjectMetadataList. */
        METADATA
    }

    /** JSON, the object itself. */
    public static final Accepted PLAIN = new Accepted(Encoding.JSON, As.OBJECT, "v1", false, false);

    /**
     * Agrees on a form.
     *
     * @param accept the Accept field, null or empty for none
     * @param pretty whether JSON is to be indented
     * @param asAllowed whether Table and metadata-only can be had: for get, list, watch and what answers with an object
     * @return the form
     * @throws StatusException 406 where there is none
     */
    public static Accepted negotiate(@Nullable String accept, boolean pretty, boolean asAllowed) {
        if (accept == null || accept.isBlank()) {
            return new Accepted(Encoding.JSON, As.OBJECT, "v1", pretty, false);
        }
        for (MediaType range : MediaType.parse(accept)) {
            Encoding encoding = range.quality() == 0 ? null : encoding(range.type());
            if (encoding == null) {
                continue;
            }
            As as = as(range);
            if (as == null || (as != As.OBJECT && !asAllowed)) {
                continue;
            }
            String v = range.parameter("v");
            boolean indent = pretty || range.parameter("pretty").equals("1");
            boolean stream = range.parameter("stream").equals("watch");
            return new Accepted(encoding, as, v.isEmpty() ? "v1" : v, indent, stream);
        }
        throw Errors.notAcceptable(List.of(MediaType.JSON, MediaType.YAML, MediaType.PROTOBUF));
    }

    private static @Nullable Encoding encoding(String type) {
        return switch (type) {
            case "*/*", "application/*", MediaType.JSON -> Encoding.JSON;
            case MediaType.YAML, "text/yaml", "application/x-yaml" -> Encoding.YAML;
            case MediaType.PROTOBUF, "application/x-protobuf" -> Encoding.PROTOBUF;
            default -> null;
        };
    }

    private static @Nullable As as(MediaType range) {
        boolean known = range.parameter("g").equals("meta.k8s.io")
                && (range.parameter("v").equals("v1") || range.parameter("v").equals("v1beta1"));
        return switch (range.parameter("as")) {
            case "" -> As.OBJECT;
            case "Table" -> known ? As.TABLE : null;
            case "PartialObjectMetadata", "PartialObjectMetadataList" -> known ? As.METADATA : null;
            default -> null;
        };
    }
}
