package dev.kite.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.apiserver.tree.Tree;
import dev.kite.apiserver.validation.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Holds the defaults of a schema to the schema: valid, and without fields that would be pruned. One instance a schema. */
final class DefaultChecks {
    private static final Set<String> META = Set.of("metadata", "kind", "apiVersion");

    private final KindSchema rules;
    private final List<FieldError> errors = new ArrayList<>();

    private DefaultChecks(KindSchema rules) {
        this.rules = rules;
    }

    /** What is wrong with a schema's defaults. */
    static List<FieldError> check(KindSchema rules, String path) {
        DefaultChecks checks = new DefaultChecks(rules);
        if (rules.defaults()) {
            checks.schema(rules.tree(), path, true, false);
        }
        return checks.errors;
    }

    private void schema(JsonNode schema, String path, boolean root, boolean inMeta) {
        boolean embedded = Tree.flag(schema, "x-kubernetes-embedded-resource");
        boolean meta = inMeta && !embedded;
        JsonNode fallback = schema.get("default");
        if (fallback != null) {
            value(schema, fallback, path + ".default", meta);
        }
        if (schema.path("items").isObject()) {
            schema(schema.path("items"), path + ".items", false, meta);
        }
        for (Map.Entry<String, JsonNode> property : Tree.fields(schema, "properties")) {
            boolean inner = meta || ((root || embedded) && META.contains(property.getKey()));
            schema(property.getValue(), path + ".properties[" + property.getKey() + "]", false, inner);
        }
    }

    private void value(JsonNode schema, JsonNode fallback, String path, boolean meta) {
        if (!meta) {
            JsonNode pruned = fallback.deepCopy();
            new Pruning(new ArrayList<>()).value(schema, pruned, "");
            if (!pruned.equals(fallback)) {
                errors.add(new FieldError(FieldError.Type.INVALID, path, fallback, "must not have unknown fields"));
            }
        }
        int before = errors.size();
        new EmbeddedChecks(errors).value(schema, fallback, path);
        if (errors.size() == before) {
            rules.validation(errors).value(schema, fallback, path, null);
        }
    }
}
