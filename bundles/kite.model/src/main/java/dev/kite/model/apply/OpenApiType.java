package dev.kite.model.apply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.model.meta.v1.ObjectMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A custom resource's value.
 *
 * @param schema its structural schema
 * @param known fields that Kubernetes adds: the root's, and those of embedded resources
 */
record OpenApiType(JsonNode schema, Map<String, MergeType> known) implements MergeType {
    private static final MergeType SCALAR = new BuiltInType(null, null, true);

    static MergeType root(@Nullable JsonNode schema) {
        return new OpenApiType(
                schema == null ? com.fasterxml.jackson.databind.node.MissingNode.getInstance() : schema,
                objectFields());
    }

    private static Map<String, MergeType> objectFields() {
        return Map.of("apiVersion", SCALAR, "kind", SCALAR, "metadata", MergeType.of(ObjectMeta.TYPE.descriptor()));
    }

    private static MergeType of(JsonNode schema) {
        if (schema.path("x-kubernetes-embedded-resource").asBoolean()) {
            return new OpenApiType(schema, objectFields());
        }
        boolean typed =
                schema.has("type") || schema.path("x-kubernetes-int-or-string").asBoolean();
        return typed ? new OpenApiType(schema, Map.of()) : UntypedValue.INSTANCE;
    }

    @Override
    public Form form(JsonNode value) {
        if (!known.isEmpty()) {
            return Form.OBJECT;
        }
        return switch (schema.path("type").asText()) {
            case "object" -> schema.path("x-kubernetes-map-type").asText().equals("atomic") ? Form.ATOMIC : Form.OBJECT;
            case "array" ->
                switch (schema.path("x-kubernetes-list-type").asText()) {
                    case "map" -> Form.KEYED_LIST;
                    case "set" -> Form.SET;
                    default -> Form.ATOMIC;
                };
            default -> Form.SCALAR;
        };
    }

    @Override
    public boolean names(String field) {
        return known.containsKey(field) || schema.path("properties").has(field);
    }

    @Override
    public MergeType field(String name) {
        MergeType given = known.get(name);
        if (given != null) {
            return given;
        }
        JsonNode property = schema.path("properties").get(name);
        if (property != null) {
            return of(property);
        }
        JsonNode additional = schema.path("additionalProperties");
        return additional.isObject() ? of(additional) : UntypedValue.INSTANCE;
    }

    @Override
    public MergeType item() {
        return of(schema.path("items"));
    }

    @Override
    public List<String> keys() {
        List<String> keys = new ArrayList<>();
        schema.path("x-kubernetes-list-map-keys").forEach(key -> keys.add(key.asText()));
        return keys;
    }

    @Override
    public @Nullable JsonNode keyDefault(String key) {
        return schema.path("items").path("properties").path(key).get("default");
    }
}
