package dev.kite.apiserver.openapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.openapi.Operation.Item;
import dev.kite.apiserver.openapi.Operation.Parameter;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes paths as OpenAPI v2 has them. Stateless. */
final class PathsV2 {
    static final String REFERENCE = "#/definitions/";
    private static final List<String> PRODUCES =
            List.of("application/json", "application/yaml", "application/vnd.kubernetes.protobuf");
    private static final List<String> STREAMS =
            List.of("application/json;stream=watch", "application/vnd.kubernetes.protobuf;stream=watch");

    private PathsV2() {}

    /** A path's operations; a function is told of what they refer to. */
    static ObjectNode item(Item item, Consumer<String> refers) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        for (Operation operation : item.operations()) {
            node.set(operation.method(), operation(item, operation, refers));
        }
        if (!item.parameters().isEmpty()) {
            parameters(item.parameters(), node.putArray("parameters"));
        }
        return node;
    }

    private static ObjectNode operation(Item item, Operation operation, Consumer<String> refers) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("description", operation.description());
        operation.consumes().forEach(node.putArray("consumes")::add);
        ArrayNode produces = node.putArray("produces");
        PRODUCES.forEach(produces::add);
        if (operation.streams()) {
            STREAMS.forEach(produces::add);
        }
        node.putArray("schemes").add("https");
        node.putArray("tags").add(item.tag());
        node.put("operationId", operation.id());
        ArrayNode parameters = node.putArray("parameters");
        String body = operation.body();
        if (body != null) {
            ObjectNode sent = parameters.addObject().put("name", "body").put("in", "body");
            if (operation.bodyRequired()) {
                sent.put("required", true);
            }
            sent.set("schema", reference(body, refers));
        }
        parameters(operation.parameters(), parameters);
        ObjectNode responses = node.putObject("responses");
        @Nullable String result = operation.result();
        for (int code : operation.codes()) {
            ObjectNode response = responses.putObject(Integer.toString(code)).put("description", PathsV3.words(code));
            if (result == null) {
                response.putObject("schema").put("type", "string");
            } else {
                response.set("schema", reference(result, refers));
            }
        }
        responses.putObject("401").put("description", "Unauthorized");
        PathsV3.extensions(operation, node);
        return node;
    }

    private static ObjectNode reference(String definition, Consumer<String> refers) {
        refers.accept(definition);
        return JsonNodeFactory.instance.objectNode().put("$ref", REFERENCE + definition);
    }

    private static void parameters(List<Parameter> parameters, ArrayNode into) {
        for (Parameter parameter : parameters) {
            ObjectNode node = into.addObject()
                    .put("uniqueItems", true)
                    .put("type", parameter.type())
                    .put("description", parameter.description())
                    .put("name", parameter.name())
                    .put("in", parameter.in());
            if (parameter.required()) {
                node.put("required", true);
            }
        }
    }
}
