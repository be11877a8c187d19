package dev.kite.apiserver.openapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.openapi.Operation.Item;
import dev.kite.apiserver.openapi.Operation.Parameter;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes paths as OpenAPI v3 has them. Stateless. */
final class PathsV3 {
    private static final List<String> FORMS =
            List.of("application/json", "application/vnd.kubernetes.protobuf", "application/yaml");
    private static final List<String> STREAMS =
            List.of("application/json;stream=watch", "application/vnd.kubernetes.protobuf;stream=watch");

    private PathsV3() {}

    /** A path's operations; references are made by a function, so that what they refer to is made too. */
    static ObjectNode item(Item item, Function<String, ObjectNode> reference) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        for (Operation operation : item.operations()) {
            node.set(operation.method(), operation(item, operation, reference));
        }
        if (!item.parameters().isEmpty()) {
            parameters(item.parameters(), node.putArray("parameters"));
        }
        return node;
    }

    private static ObjectNode operation(Item item, Operation operation, Function<String, ObjectNode> reference) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.putArray("tags").add(item.tag());
        node.put("description", operation.description()).put("operationId", operation.id());
        if (!operation.parameters().isEmpty()) {
            parameters(operation.parameters(), node.putArray("parameters"));
        }
        String body = operation.body();
        if (body != null) {
            ObjectNode sent = node.putObject("requestBody");
            ObjectNode content = sent.putObject("content");
            for (String type : operation.consumes()) {
                content.putObject(type).set("schema", reference.apply(body));
            }
            if (operation.bodyRequired()) {
                sent.put("required", true);
            }
        }
        ObjectNode responses = node.putObject("responses");
        for (int code : operation.codes()) {
            response(operation, code, responses.putObject(Integer.toString(code)), reference);
        }
        responses.putObject("401").put("description", "Unauthorized");
        extensions(operation, node);
        return node;
    }

    static void extensions(Operation operation, ObjectNode into) {
        if (!operation.action().isEmpty()) {
            into.put("x-kubernetes-action", operation.action());
        }
        Operation.Kind kind = operation.kind();
        if (kind != null) {
            into.putObject("x-kubernetes-group-version-kind")
                    .put("group", kind.group())
                    .put("kind", kind.kind())
                    .put("version", kind.version());
        }
    }

    static String words(int code) {
        return switch (code) {
            case 201 -> "Created";
            case 202 -> "Accepted";
            default -> "OK";
        };
    }

    private static void response(
            Operation operation, int code, ObjectNode into, Function<String, ObjectNode> reference) {
        into.put("description", words(code));
        ObjectNode content = into.putObject("content");
        @Nullable String result = operation.result();
        if (result == null) {
            content.putObject("*/*").putObject("schema").put("type", "string");
            return;
        }
        FORMS.forEach(form -> content.putObject(form).set("schema", reference.apply(result)));
        if (operation.streams()) {
            STREAMS.forEach(form -> content.putObject(form).set("schema", reference.apply(result)));
        }
    }

    private static void parameters(List<Parameter> parameters, ArrayNode into) {
        for (Parameter parameter : parameters) {
            ObjectNode node = into.addObject()
                    .put("name", parameter.name())
                    .put("in", parameter.in())
                    .put("description", parameter.description());
            if (parameter.required()) {
                node.put("required", true);
            }
            node.putObject("schema").put("type", parameter.type()).put("uniqueItems", true);
        }
    }
}
