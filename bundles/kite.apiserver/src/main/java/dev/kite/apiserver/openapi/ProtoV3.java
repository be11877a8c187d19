package dev.kite.apiserver.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Writes an OpenAPI v3 document as protobuf: application/com.github.proto-openapi.spec.v3.v1.0+protobuf. Field numbers are those of package openapi.v3 of
 * the gnostic project, which has no place for defaults that are objects. Stateless.
 */
final class ProtoV3 {
    private static final Map<String, Integer> METHODS =
            Map.of("get", 4, "put", 5, "post", 6, "delete", 7, "options", 8, "head", 9, "patch", 10);

    private ProtoV3() {}

    static byte[] of(ObjectNode document) {
        ProtoWriter out = new ProtoWriter();
        out.text(1, Tree.text(document, "openapi"));
        out.message(
                2,
                info -> info.text(1, Tree.text(document, "info", "title"))
                        .text(6, Tree.text(document, "info", "version")));
        out.message(4, paths -> named(paths, 1, document.path("paths"), ProtoV3::pathItem));
        out.message(
                5,
                components -> components.message(
                        1,
                        schemas -> named(
                                schemas, 1, Tree.at(document, "components", "schemas"), ProtoV3::schemaOrReference)));
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
        item.properties().forEach(e -> {
            Integer field = METHODS.get(e.getKey());
            if (field != null) {
                out.message(field, operation -> operation(operation, e.getValue()));
            }
        });
        parameters(out, 13, item.path("parameters"));
    }

    private static void operation(ProtoWriter out, JsonNode node) {
        node.path("tags").forEach(tag -> out.element(1, tag.asText()));
        out.text(3, Tree.text(node, "description")).text(5, Tree.text(node, "operationId"));
        parameters(out, 6, node.path("parameters"));
        JsonNode body = node.path("requestBody");
        if (body.isObject()) {
            out.message(
                    7,
                    either -> either.message(1, request -> {
                        content(request, 2, body.path("content"));
                        request.flag(3, Tree.flag(body, "required"));
                    }));
        }
        out.message(
                8,
                responses -> named(
                        responses,
                        2,
                        node.path("responses"),
                        (either, response) -> either.message(1, one -> {
                            one.text(1, Tree.text(response, "description"));
                            content(one, 3, response.path("content"));
                        })));
        extensions(out, 13, node);
    }

    private static void content(ProtoWriter out, int field, JsonNode content) {
        out.message(
                field,
                types -> named(
                        types,
                        1,
                        content,
                        (type, node) -> type.message(1, schema -> schemaOrReference(schema, node.path("schema")))));
    }

    private static void parameters(ProtoWriter out, int field, JsonNode parameters) {
        parameters.forEach(node -> out.message(
                field,
                either -> either.message(1, parameter -> {
                    parameter.text(1, Tree.text(node, "name")).text(2, Tree.text(node, "in"));
                    parameter.text(3, Tree.text(node, "description")).flag(4, Tree.flag(node, "required"));
                    parameter.message(10, schema -> schemaOrReference(schema, node.path("schema")));
                })));
    }

    private static void schemaOrReference(ProtoWriter out, JsonNode node) {
        if (node.has("$ref")) {
            out.message(2, reference -> reference.text(1, Tree.text(node, "$ref")));
        } else {
            out.message(1, schema -> schema(schema, node));
        }
    }

    private static void schema(ProtoWriter out, JsonNode node) {
        out.flag(1, Tree.flag(node, "nullable"));
        out.text(9, Tree.text(node, "title"));
        bounds(out, node);
        node.path("required").forEach(e -> out.element(23, e.asText()));
        node.path("enum").forEach(e -> out.message(24, any -> any.text(2, e + "\n")));
        out.text(25, Tree.text(node, "type"));
        node.path("allOf").forEach(e -> out.message(26, schema -> schemaOrReference(schema, e)));
        node.path("oneOf").forEach(e -> out.message(27, schema -> schemaOrReference(schema, e)));
        node.path("anyOf").forEach(e -> out.message(28, schema -> schemaOrReference(schema, e)));
        if (node.path("not").isObject()) {
            out.message(29, schema -> schema(schema, node.path("not")));
        }
        if (node.path("items").isObject()) {
            out.message(30, items -> items.message(1, schema -> schemaOrReference(schema, node.path("items"))));
        }
        if (node.path("properties").isObject()) {
            out.message(31, properties -> named(properties, 1, node.path("properties"), ProtoV3::schemaOrReference));
        }
        JsonNode more = node.path("additionalProperties");
        if (more.isObject()) {
            out.message(32, item -> item.message(1, schema -> schemaOrReference(schema, more)));
        } else if (more.isBoolean()) {
            out.message(32, item -> item.choice(2, more.booleanValue()));
        }
        standard(out, node.path("default"));
        out.text(34, Tree.text(node, "description")).text(35, Tree.text(node, "format"));
        extensions(out, 36, node);
    }

    private static void standard(ProtoWriter out, JsonNode value) {
        if (value.isTextual()) {
            out.message(33, type -> type.element(3, value.textValue()));
        } else if (value.isBoolean()) {
            out.message(33, type -> type.choice(2, value.booleanValue()));
        } else if (value.isNumber()) {
            out.message(33, type -> type.realChoice(1, value.doubleValue()));
        }
    }

    private static void bounds(ProtoWriter out, JsonNode node) {
        out.real(10, node.path("multipleOf").asDouble());
        out.real(11, node.path("maximum").asDouble());
        out.flag(12, Tree.flag(node, "exclusiveMaximum"));
        out.real(13, node.path("minimum").asDouble());
        out.flag(14, Tree.flag(node, "exclusiveMinimum"));
        out.number(15, Tree.number(node, "maxLength"));
        out.number(16, Tree.number(node, "minLength"));
        out.text(17, Tree.text(node, "pattern"));
        out.number(18, Tree.number(node, "maxItems"));
        out.number(19, Tree.number(node, "minItems"));
        out.flag(20, Tree.flag(node, "uniqueItems"));
        out.number(21, Tree.number(node, "maxProperties"));
        out.number(22, Tree.number(node, "minProperties"));
    }

    /** Extensions are YAML, and JSON is YAML. */
    static void extensions(ProtoWriter out, int field, JsonNode node) {
        node.properties().forEach(e -> {
            if (e.getKey().startsWith("x-")) {
                out.message(field, pair -> {
                    pair.text(1, e.getKey());
                    pair.message(2, any -> any.text(2, e.getValue() + "\n"));
                });
            }
        });
    }
}
