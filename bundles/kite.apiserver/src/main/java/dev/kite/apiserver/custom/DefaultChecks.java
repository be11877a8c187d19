package dev.kite.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.apiserver.tree.Tree;
import dev.kite.apiserver.validation.FieldError;
import dev.kite.apiserver.validation.GoJson;
import dev.kite.cel.CelLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Holds the defaults of a schema to the schema: valid, and without fields that would be pruned. One instance a schema. */
final class DefaultChecks {
    private static final Set<String> META = Set.of("metadata", "kind", "apiVersion");

    private final KindSchema rules;
    private final CustomRules custom;
    private final List<FieldError> errors = new ArrayList<>();
    private long budget = CelLimits.REQUEST_BUDGET;

    private DefaultChecks(CustomRules custom, KindSchema rules) {
        this.custom = custom;
        this.rules = rules;
    }

    /** What is wrong with a schema's defaults. */
    static List<FieldError> check(CustomRules custom, KindSchema rules, String path) {
        DefaultChecks checks = new DefaultChecks(custom, rules);
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
            value(schema, fallback, path + ".default", meta, root || embedded);
        }
        if (budget < 0) {
            return;
        }
        if (schema.path("items").isObject()) {
            schema(schema.path("items"), path + ".items", false, meta);
        }
        for (Map.Entry<String, JsonNode> property : Tree.fields(schema, "properties")) {
            boolean inner = meta || ((root || embedded) && META.contains(property.getKey()));
            schema(property.getValue(), path + ".properties[" + property.getKey() + "]", false, inner);
        }
    }

    private void value(JsonNode schema, JsonNode fallback, String path, boolean meta, boolean resource) {
        if (!meta) {
            JsonNode pruned = fallback.deepCopy();
            new Pruning(new ArrayList<>()).value(schema, pruned, "");
            if (!pruned.equals(fallback)) {
                errors.add(new FieldError(
                        FieldError.Type.INVALID, path, GoJson.map(fallback), "must not have unknown fields"));
            }
        }
        int before = errors.size();
        new EmbeddedChecks(errors).value(schema, fallback, path);
        if (errors.size() == before) {
            rules.validation(errors).part(schema, fallback, path, null);
        }
        if (errors.size() == before) {
            long left = rules(schema, fallback, path, fallback, resource);
            budget = errors.size() > before ? left : Math.min(left, rules(schema, fallback, path, null, resource));
        }
    }

    /** As the value that it is already, then as one that is new: rules about changes are asked in both. */
    private long rules(JsonNode schema, JsonNode fallback, String path, @Nullable JsonNode old, boolean resource) {
        RuleNode node = RuleNode.of(schema, resource);
        if (node == null) {
            return budget;
        }
        RuleRun run = new RuleRun(custom.compiler(), budget, errors, _ -> {});
        run.value(node, fallback, path, old, null);
        return run.remaining();
    }
}
