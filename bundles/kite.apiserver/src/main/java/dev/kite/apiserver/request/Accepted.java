package dev.kite.apiserver.request;

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
        /** A meta.k8s.io PartialObjectMetadata. */
        METADATA,
        /** A meta.k8s.io PartialObjectMetadataList. */
        METADATA_LIST
    }

    /** JSON, the object itself. */
    public static final Accepted PLAIN = new Accepted(Encoding.JSON, As.OBJECT, "v1", false, false);

    /** @return this form without indentation, as the frames of a stream are */
    public Accepted plain() {
        return new Accepted(encoding, as, metaVersion, false, false);
    }

    /** What can be had. */
    public enum Offer {
        /** What is no object of a resource: Statuses, documents. */
        DOCUMENT,
        /** Objects of built-in kinds, their metadata and tables of them. */
        BUILT_IN,
        /** Objects of kinds that have no protobuf form; their metadata has one. */
        CUSTOM
    }

    /**
     * Agrees on a form, as upstream does: the client's ranges are gone through from the most wanted on; of a range with a wildcard the first of JSON, YAML
     * and protobuf is taken that can be had with the range's parameters.
     *
     * @param accept the Accept field, null or empty for none
     * @param pretty whether JSON is to be indented
     * @param offer what can be had
     * @return the form
     * @throws StatusException 406 where there is none
     */
    public static Accepted negotiate(@Nullable String accept, boolean pretty, Offer offer) {
        if (accept == null || accept.isEmpty()) {
            return new Accepted(Encoding.JSON, As.OBJECT, "v1", pretty, false);
        }
        for (MediaType range : MediaType.parse(accept)) {
            for (Encoding encoding : Encoding.values()) {
                As as = range.includes(encoding.mediaType()) && options(range, encoding)
                        ? as(range, encoding, offer)
                        : null;
                if (as != null) {
                    String v = range.parameter("v");
                    boolean indent = pretty || range.parameter("pretty").equals("1");
                    boolean stream = range.parameter("stream").equals("watch");
                    return new Accepted(encoding, as, v.isEmpty() ? "v1" : v, indent, stream);
                }
            }
        }
        throw Errors.notAcceptable(MediaType.SUPPORTED);
    }

    /** Whether parameters other than those of the object's form can be honoured: there is no stream of YAML, and no choice of the server's version. */
    private static boolean options(MediaType range, Encoding encoding) {
        String stream = range.parameter("stream");
        return (stream.isEmpty() || (stream.equals("watch") && encoding != Encoding.YAML))
                && range.parameter("sv").isEmpty();
    }

    private static @Nullable As as(MediaType range, Encoding encoding, Offer offer) {
        boolean converted = range.has("as") || range.has("g") || range.has("v");
        if (!converted) {
            return offer == Offer.CUSTOM && encoding == Encoding.PROTOBUF ? null : As.OBJECT;
        }
        boolean known = offer != Offer.DOCUMENT
                && range.parameter("g").equals("meta.k8s.io")
                && (range.parameter("v").equals("v1") || range.parameter("v").equals("v1beta1"));
        if (!known) {
            return null;
        }
        return switch (range.parameter("as")) {
            case "Table" -> encoding == Encoding.PROTOBUF ? null : As.TABLE;
            case "PartialObjectMetadata" -> As.METADATA;
            case "PartialObjectMetadataList" -> As.METADATA_LIST;
            default -> null;
        };
    }
}
