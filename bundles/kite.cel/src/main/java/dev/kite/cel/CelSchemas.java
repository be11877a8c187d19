package dev.kite.cel;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Types of structural and OpenAPI schemas, as Kubernetes' documentation maps them, with the bounds that its cost estimates derive: from maxLength,
 * maxItems, maxProperties and enums, else from what fits into a request of 3 MiB. Unknown fields of {@code x-kubernetes-preserve-unknown-fields} have no type and
 * cannot be read; a property without a type, or whose items have none, neither.
 */
public final class CelSchemas {
    /** Bytes of a request less two, for the quotes or brackets around a value that fills it. */
    private static final long REQUEST = CelLimits.MAX_REQUEST_BYTES - 2;

    /** The longest duration and RFC 3339 timestamp with quotes; a date with quotes. */
    private static final long MAX_TIME = 32;

    private static final long DATE = 12;
    private static final long MIN_DATE_TIME = 21;
    private static final long MIN_DURATION = 3;

    /** Kubernetes' estimates take keys for empty. */
    private static final CelType KEY = new CelType.Scalar(CelType.Kind.STRING, 0);

    private static final Typed STRING = new Typed(new CelType.Scalar(CelType.Kind.STRING, REQUEST), 2);

    private final Function<String, ? extends @Nullable JsonNode> references;
    private final Set<String> open = new HashSet<>();

    private CelSchemas(Function<String, ? extends @Nullable JsonNode> references) {
        this.references = references;
    }

    /** A type and the fewest bytes that a value of it takes in JSON. */
    private record Typed(CelType type, long minBytes) {}

    /**
     * The type of a structural schema, or null when expressions may not see it.
     *
     * @param root whether it is a resource's root or an embedded resource, which has apiVersion, kind, metadata.name and metadata.generateName always
     */
    public static @Nullable CelType of(JsonNode schema, boolean root) {
        return of(schema, root, "selfType", name -> null);
    }

    /**
     * The type of a schema with references.
     *
     * @param name of its objects: the root's, and the prefix of its fields'
     * @param references the schema for a {@code $ref}'s value, or null; one that refers to itself is an object without fields there
     */
    public static @Nullable CelType of(
            JsonNode schema, boolean root, String name, Function<String, ? extends @Nullable JsonNode> references) {
        Typed typed = new CelSchemas(references).typed(schema, root, name);
        return typed == null ? null : typed.type;
    }

    /**
     * The fewest bytes that a value of a structural schema takes in JSON, as Kubernetes estimates how often it can be in a request; 0 for one that
     * expressions may not see.
     *
     * @param root as of {@link #of(JsonNode, boolean)}
     */
    public static long minBytes(JsonNode schema, boolean root) {
        Typed typed = new CelSchemas(name -> null).typed(schema, root, "selfType");
        return typed == null ? 0 : typed.minBytes;
    }

    private @Nullable Typed typed(JsonNode schema, boolean root, String name) {
        String reference = reference(schema);
        if (reference.isEmpty()) {
            return inline(schema, root, name);
        }
        if (!open.add(reference)) {
            return new Typed(new CelType.ObjectOf(name, Map.of()), 2);
        }
        try {
            JsonNode target = references.apply(reference);
            return target == null ? null : typed(target, root || isEmbedded(target), name);
        } finally {
            open.remove(reference);
        }
    }

    /** A reference stands alone, or in an allOf of one where it has a default or a description beside it. */
    private static String reference(JsonNode schema) {
        JsonNode all = schema.path("allOf");
        return all.size() == 1 && all.get(0).has("$ref")
                ? all.get(0).path("$ref").asText()
                : schema.path("$ref").asText("");
    }

    private @Nullable Typed inline(JsonNode schema, boolean root, String name) {
        if (schema.path("x-kubernetes-int-or-string").asBoolean()
                || schema.path("format").asText().equals("int-or-string")) {
            return new Typed(new CelType.Scalar(CelType.Kind.DYN, maxLength(schema, REQUEST)), 1);
        }
        return switch (schema.path("type").asText()) {
            case "array" -> array(schema, name);
            case "object" -> object(schema, root, name);
            case "string" -> string(schema);
            case "boolean" -> new Typed(CelType.BOOL, 4);
            case "number" -> new Typed(CelType.DOUBLE, 1);
            case "integer" -> new Typed(CelType.INT, 1);
            default -> root ? object(schema, true, name) : null;
        };
    }

    private @Nullable Typed array(JsonNode schema, String name) {
        JsonNode items = schema.get("items");
        Typed element = items == null ? null : typed(items, isEmbedded(items), name + ".@idx");
        if (element == null) {
            return null;
        }
        long most = bound(schema, "maxItems", REQUEST / (element.minBytes + 1));
        List<String> keys = new ArrayList<>();
        schema.path("x-kubernetes-list-map-keys").forEach(k -> keys.add(k.asText()));
        CelType.Merge merge = switch (schema.path("x-kubernetes-list-type").asText()) {
            case "set" -> CelType.Merge.SET;
            case "map" -> CelType.Merge.MAP;
            default -> CelType.Merge.ATOMIC;
        };
        return new Typed(
                new CelType.ListOf(element.type, most, merge, merge == CelType.Merge.MAP ? keys : List.of()), 2);
    }

    private @Nullable Typed object(JsonNode schema, boolean root, String name) {
        JsonNode values = schema.get("additionalProperties");
        if (values != null && values.isObject() && !root) {
            Typed value = typed(values, isEmbedded(values), name + ".@elem");
            if (value == null) {
                return null;
            }
            long most = bound(schema, "maxProperties", REQUEST / (value.minBytes + 6));
            return new Typed(new CelType.MapOf(KEY, value.type, most), 2);
        }
        Set<String> required = new HashSet<>();
        schema.path("required").forEach(r -> required.add(r.asText()));
        Map<String, Typed> properties = new LinkedHashMap<>();
        schema.path("properties").properties().forEach(p -> {
            Typed type = typed(p.getValue(), isEmbedded(p.getValue()), name + "." + p.getKey());
            if (type != null) {
                properties.put(p.getKey(), type);
            }
        });
        if (root && !hasMeta(schema)) {
            addMeta(properties, name);
        }
        long bytes = 2;
        Map<String, CelType.Field> fields = new LinkedHashMap<>();
        for (Map.Entry<String, Typed> property : properties.entrySet()) {
            String json = property.getKey();
            String escaped = CelNames.escape(json);
            if (escaped != null) {
                fields.put(escaped, new CelType.Field(json, property.getValue().type));
            }
            if (required.contains(json) && !schema.path("properties").path(json).has("default")) {
                bytes += json.length() + property.getValue().minBytes + 4;
            }
        }
        return new Typed(new CelType.ObjectOf(name, fields), bytes);
    }

    private static boolean hasMeta(JsonNode schema) {
        JsonNode properties = schema.path("properties");
        JsonNode metadata = properties.path("metadata");
        boolean inline = isText(metadata.path("properties").path("name"))
                && isText(metadata.path("properties").path("generateName"));
        return isText(properties.path("kind"))
                && isText(properties.path("apiVersion"))
                && (inline || !reference(metadata).isEmpty());
    }

    private static boolean isText(JsonNode schema) {
        return schema.path("type").asText().equals("string");
    }

    private static void addMeta(Map<String, Typed> properties, String name) {
        Map<String, CelType.Field> fields = new LinkedHashMap<>();
        fields.put("name", new CelType.Field("name", STRING.type));
        fields.put("generateName", new CelType.Field("generateName", STRING.type));
        properties.put("kind", STRING);
        properties.put("apiVersion", STRING);
        properties.put("metadata", new Typed(new CelType.ObjectOf(name + ".metadata", fields), 2));
    }

    private static Typed string(JsonNode schema) {
        return switch (schema.path("format").asText()) {
            case "byte" -> new Typed(new CelType.Scalar(CelType.Kind.BYTES, bound(schema, "maxLength", REQUEST)), 2);
            case "duration" -> new Typed(new CelType.Scalar(CelType.Kind.DURATION, MAX_TIME), MIN_DURATION);
            case "date" -> new Typed(new CelType.Scalar(CelType.Kind.TIMESTAMP, DATE), DATE);
            case "date-time" -> new Typed(new CelType.Scalar(CelType.Kind.TIMESTAMP, MAX_TIME), MIN_DATE_TIME);
            default -> new Typed(new CelType.Scalar(CelType.Kind.STRING, maxLength(schema, maxEnum(schema))), 2);
        };
    }

    /** A length counts characters, each of which may take four bytes. */
    private static long maxLength(JsonNode schema, long otherwise) {
        return schema.has("maxLength") ? bound(schema, "maxLength", 0) * 4 : otherwise;
    }

    private static long maxEnum(JsonNode schema) {
        JsonNode values = schema.path("enum");
        if (values.isEmpty()) {
            return REQUEST;
        }
        long most = 0;
        for (JsonNode value : values) {
            most = Math.max(most, value.asText().getBytes(java.nio.charset.StandardCharsets.UTF_8).length);
        }
        return most;
    }

    private static long bound(JsonNode schema, String key, long otherwise) {
        return schema.has(key) ? Math.clamp(schema.get(key).asLong(), 0, Long.MAX_VALUE / 8) : otherwise;
    }

    private static boolean isEmbedded(JsonNode schema) {
        return schema.path("x-kubernetes-embedded-resource").asBoolean();
    }
}
