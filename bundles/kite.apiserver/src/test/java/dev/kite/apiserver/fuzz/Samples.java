package dev.kite.apiserver.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Objects of an OpenAPI schema's shape with values that programs trip over. */
final class Samples {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int DEEPEST = 7;
    private static final List<String> STRINGS = List.of(
            "a",
            "",
            " ",
            "-",
            "1",
            "0",
            "-1",
            "a/b",
            "A_b",
            ".",
            "..",
            "/",
            "//",
            "a.b.c",
            "*",
            "true",
            "null",
            "1Gi",
            "1e400",
            "-5m",
            "1h",
            "P1D",
            "2026-11-24T12:00:00Z",
            "9999-99-99T99:99:99Z",
            "10.0.0.1",
            "::1",
            "::/0",
            "10.0.0.0/33",
            "x".repeat(254),
            "\u0000",
            "\uD83D\uDE00",
            "é",
            "$(a)",
            "{{.}}",
            "%s",
            "[",
            "(",
            "a{",
            "(a+)+$",
            "(?=a)",
            "self.x",
            "size(self) > ",
            "{.a",
            "{[?(@.a)]}",
            "TCP",
            "Always",
            "Immutable",
            "In",
            "Exists",
            "kubernetes.io/x",
            "system:masters",
            "default",
            "v1",
            "batch/v1",
            "99999999999999999999");
    private static final List<Long> NUMBERS = List.of(
            0L,
            1L,
            -1L,
            2L,
            80L,
            65_535L,
            65_536L,
            (long) Integer.MAX_VALUE,
            (long) Integer.MIN_VALUE,
            Long.MAX_VALUE,
            Long.MIN_VALUE);

    private final RandomGenerator random;

    Samples(RandomGenerator random) {
        this.random = random;
    }

    /** An object of the schema; fields come and go by chance, all with the schema's types. */
    JsonNode of(JsonNode schema, JsonNode components) {
        return of(schema, components, 0);
    }

    /** A whole object of a kind, which decodes, with a name that is its own. */
    JsonNode object(JsonNode schema, JsonNode components, String name) {
        ObjectNode made = object(resolved(schema, components), components, 0);
        JsonNode kind = resolved(schema, components)
                .path("x-kubernetes-group-version-kind")
                .path(0);
        String group = kind.path("group").asText();
        made.put(
                "apiVersion",
                group.isEmpty()
                        ? kind.path("version").asText()
                        : group + "/" + kind.path("version").asText());
        made.put("kind", kind.path("kind").asText());
        if (resolved(schema, components).path("properties").has("metadata")) {
            ObjectNode metadata =
                    made.path("metadata").isObject() ? (ObjectNode) made.path("metadata") : made.putObject("metadata");
            metadata.retain("labels", "annotations", "finalizers", "ownerReferences");
            metadata.put("name", name);
        }
        return made;
    }

    private JsonNode of(JsonNode schema, JsonNode components, int depth) {
        JsonNode resolved = resolved(schema, components);
        if (random.nextInt(300) == 0) {
            return anything(0);
        }
        String type = resolved.path("type").asText(resolved.has("properties") ? "object" : "");
        return switch (type) {
            case "object" -> object(resolved, components, depth);
            case "array" -> array(resolved, components, depth);
            case "string" -> NODES.textNode(string(resolved));
            case "integer" -> integer(resolved);
            case "number" -> NODES.numberNode(random.nextBoolean() ? 0.5 : 1e300);
            case "boolean" -> NODES.booleanNode(random.nextBoolean());
            default -> resolved.has("oneOf") ? quantity() : anything(0);
        };
    }

    private JsonNode quantity() {
        return NODES.textNode(List.of("1", "100m", "1Gi", "0", "-1", "1e3", "12345678901234567890", "0.000001")
                .get(random.nextInt(8)));
    }

    private JsonNode integer(JsonNode schema) {
        long number = NUMBERS.get(random.nextInt(NUMBERS.size()));
        boolean narrow = schema.path("format").asText().equals("int32") && random.nextInt(50) > 0;
        return NODES.numberNode(narrow ? (long) (int) number : number);
    }

    private static JsonNode resolved(JsonNode schema, JsonNode components) {
        JsonNode found = schema;
        for (int i = 0; i < 5; i++) {
            if (found.has("allOf")) {
                found = found.path("allOf").path(0);
            }
            if (!found.has("$ref")) {
                return found;
            }
            String reference = found.path("$ref").asText();
            found = components.path(reference.substring(reference.lastIndexOf('/') + 1));
        }
        return found;
    }

    private ObjectNode object(JsonNode schema, JsonNode components, int depth) {
        ObjectNode made = NODES.objectNode();
        if (depth >= DEEPEST) {
            return made;
        }
        int chance = depth < 2 ? 75 : 35;
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            if (random.nextInt(100) < chance) {
                made.set(property.getKey(), of(property.getValue(), components, depth + 1));
            }
        }
        if (schema.has("additionalProperties")) {
            for (int i = random.nextInt(3); i > 0; i--) {
                made.set(
                        STRINGS.get(random.nextInt(STRINGS.size())),
                        of(schema.path("additionalProperties"), components, depth + 1));
            }
        }
        return made;
    }

    private JsonNode array(JsonNode schema, JsonNode components, int depth) {
        ArrayNode made = NODES.arrayNode();
        for (int i = depth >= DEEPEST ? 0 : random.nextInt(3); i > 0; i--) {
            made.add(of(schema.path("items"), components, depth + 1));
        }
        return made;
    }

    private String string(JsonNode schema) {
        JsonNode values = schema.path("enum");
        if (values.size() > 0 && random.nextInt(4) > 0) {
            return values.path(random.nextInt(values.size())).asText();
        }
        return switch (schema.path("format").asText()) {
            case "date-time" -> random.nextInt(50) > 0 ? "2026-11-24T12:00:00.000000Z" : string();
            case "byte" -> random.nextInt(50) > 0 ? "aGk=" : string();
            case "int-or-string" -> List.of("1", "50%", "web", "-1%", "").get(random.nextInt(5));
            default -> string();
        };
    }

    /** A value of any type, a few levels deep. */
    JsonNode anything(int depth) {
        return switch (random.nextInt(depth > 3 ? 6 : 9)) {
            case 0 -> NODES.nullNode();
            case 1 -> NODES.booleanNode(random.nextBoolean());
            case 2 -> NODES.numberNode(NUMBERS.get(random.nextInt(NUMBERS.size())));
            case 3 -> NODES.numberNode(1e308);
            case 4, 5 -> NODES.textNode(STRINGS.get(random.nextInt(STRINGS.size())));
            case 6 -> {
                ArrayNode made = NODES.arrayNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    made.add(anything(depth + 1));
                }
                yield made;
            }
            default -> {
                ObjectNode made = NODES.objectNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    made.set(STRINGS.get(random.nextInt(STRINGS.size())), anything(depth + 1));
                }
                yield made;
            }
        };
    }

    String string() {
        return STRINGS.get(random.nextInt(STRINGS.size()));
    }
}
