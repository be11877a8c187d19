package dev.kite.apiserver.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Writes an OpenAPI v2 document as protobuf: application/com.github.proto-openapi.spec.v2.v1.0+protobuf, which kubectl before 1.29 asks for. Field numbers
 * are those of package openapi.v2 of the gnostic project. Stateless.
 */
final class ProtoV2 {
    private ProtoV2() {}

    static byte[] of(ObjectNode document) {
        ProtoWriter out = new ProtoWriter();
        out.text(1, Tree.text(document, "swagger"));
        out.message(
                2,
                info -> info.text(1, Tree.text(document, "info", "title"))
                        .text(2, Tree.text(document, "info", "version")));
        out.message(8, paths -> named(paths, 2, document.path("paths"), ProtoV2::pathItem));
        out.message(9, definitions -> named(definitions, 1, document.path("definitions"), ProtoV2::schema));
        return out.bytes();
    }

    /** A map as pairs of a name (1) and a message (2). */
    private static void named(ProtoWriter out, int field, JsonNode map, BiConsumer<ProtoWriter, JsonNode> value) {
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            out.message(field, pair -> {
                pair.text(1, entry.getKey());
                pair.message(2, message -> value.accept(message, entry.getValue()));
            });
        }
    }

    private static void pathItem(ProtoWriter out, JsonNode item) {
        Map<String, Integer> methods =
                Map.of("get", 2, "put", 3, "post", 4, "delete", 5, "options", 6, "head", 7, "patch", 8);
        item.properties().forEach(e -> {
            Integer field = methods.get(e.getKey());
            if (field != null) {
                out.message(field, operation -> operation(operation, e.getValue()));
            }
        });
        item.path("parameters").forEach(p -> out.message(9, parameter -> parameter(parameter, p)));
    }

    private static void operation(ProtoWriter out, JsonNode node) {
        texts(out, 1, node.path("tags"));
        out.text(3, Tree.text(node, "description")).text(5, Tree.text(node, "operationId"));
        texts(out, 6, node.path("produces"));
        texts(out, 7, node.path("consumes"));
        node.path("parameters").forEach(p -> out.message(8, parameter -> parameter(parameter, p)));
        out.message(9, responses -> named(responses, 1, node.path("responses"), ProtoV2::response));
        texts(out, 10, node.path("schemes"));
        ProtoV3.extensions(out, 13, node);
    }

    private static void texts(ProtoWriter out, int field, JsonNode list) {
        list.forEach(e -> out.element(field, e.asText()));
    }

    private static void response(ProtoWriter out, JsonNode node) {
        out.message(1, response -> {
            response.text(1, Tree.text(node, "description"));
            if (node.has("schema")) {
                response.message(2, item -> item.message(1, schema -> schema(schema, node.path("schema"))));
            }
        });
    }

    /** A ParametersItem with a Parameter in it. */
    private static void parameter(ProtoWriter out, JsonNode node) {
        out.message(1, parameter -> {
            switch (Tree.text(node, "in")) {
                case "body" ->
                    parameter.message(1, body -> {
                        body.text(1, Tree.text(node, "description"))
                                .text(2, "body")
                                .text(3, "body");
                        body.flag(4, Tree.flag(node, "required"));
                        body.message(5, schema -> schema(schema, node.path("schema")));
                    });
                case "path" ->
                    parameter.message(
                            2,
                            other -> other.message(4, path -> {
                                common(path, node);
                                path.text(5, Tree.text(node, "type")).flag(19, Tree.flag(node, "uniqueItems"));
                            }));
                default ->
                    parameter.message(
                            2,
                            other -> other.message(3, query -> {
                                common(query, node);
                                query.text(6, Tree.text(node, "type")).flag(20, Tree.flag(node, "uniqueItems"));
                            }));
            }
        });
    }

    private static void common(ProtoWriter out, JsonNode node) {
        out.flag(1, Tree.flag(node, "required"))
                .text(2, Tree.text(node, "in"))
                .text(3, Tree.text(node, "description"))
                .text(4, Tree.text(node, "name"));
    }

    private static void schema(ProtoWriter out, JsonNode node) {
        out.text(1, Tree.text(node, "$ref")).text(2, Tree.text(node, "format")).text(3, Tree.text(node, "title"));
        out.text(4, Tree.text(node, "description"));
        if (node.has("default")) {
            out.message(5, any -> any.text(2, node.path("default") + "\n"));
        }
        bounds(out, node);
        texts(out, 19, node.path("required"));
        node.path("enum").forEach(e -> out.message(20, any -> any.text(2, e + "\n")));
        JsonNode more = node.path("additionalProperties");
        if (more.isObject()) {
            out.message(21, item -> item.message(1, schema -> schema(schema, more)));
        } else if (more.isBoolean()) {
            out.message(21, item -> item.choice(2, more.booleanValue()));
        }
        if (node.path("type").isTextual()) {
            out.message(22, type -> type.element(1, Tree.text(node, "type")));
        }
        if (node.path("items").isObject()) {
            out.message(23, items -> items.message(1, schema -> schema(schema, node.path("items"))));
        }
        node.path("allOf").forEach(e -> out.message(24, schema -> schema(schema, e)));
        if (node.path("properties").isObject()) {
            out.message(25, properties -> named(properties, 1, node.path("properties"), ProtoV2::schema));
        }
        ProtoV3.extensions(out, 31, node);
    }

    private static void bounds(ProtoWriter out, JsonNode node) {
        out.real(6, node.path("multipleOf").asDouble());
        out.real(7, node.path("maximum").asDouble());
        out.flag(8, Tree.flag(node, "exclusiveMaximum"));
        out.real(9, node.path("minimum").asDouble());
        out.flag(10, Tree.flag(node, "exclusiveMinimum"));
        out.number(11, Tree.number(node, "maxLength"));
        out.number(12, Tree.number(node, "minLength"));
        out.text(13, Tree.text(node, "pattern"));
        out.number(14, Tree.number(node, "maxItems"));
        out.number(15, Tree.number(node, "minItems"));
        out.flag(16, Tree.flag(node, "uniqueItems"));
        out.number(17, Tree.number(node, "maxProperties"));
        out.number(18, Tree.number(node, "minProperties"));
    }
}
