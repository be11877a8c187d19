package dev.kite.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kite.apiserver.tree.Tree;
import dev.kite.apiserver.validation.FieldError;
import dev.kite.apiserver.validation.GoJson;
import dev.kite.cel.CelCompiler;
import dev.kite.cel.CelLimits;
import dev.kite.cel.CelSchemas;
import dev.kite.cel.CelType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether the rules of a definition's schema compile, are about what can be told, and cannot cost too much (Kubernetes 1.36, apiextensions). One instance a
 * schema.
 */
final class RuleChecks {
    private static final String RULES = "x-kubernetes-validations";

    private final CelCompiler compiler;
    private final List<FieldError> before;
    private final List<FieldError> errors = new ArrayList<>();
    private final RuleCosts costs = new RuleCosts();

    private RuleChecks(CelCompiler compiler, List<FieldError> before) {
        this.compiler = compiler;
        this.before = List.copyOf(before);
    }

    /**
     * Where a schema stands.
     *
     * @param path its path
     * @param most how many values of it an object can have, negative where nothing bounds them
     * @param uncorrelated the outermost schema within which old values cannot be told, empty for none
     * @param root whether its values are resources
     */
    private record Place(String path, long most, String uncorrelated, boolean root) {
        Place within(String step, JsonNode parent, JsonNode child, boolean uncorrelatable) {
            return new Place(
                    path + step,
                    RuleCosts.times(most, RuleCosts.most(parent)),
                    uncorrelated.isEmpty() && uncorrelatable ? path : uncorrelated,
                    Tree.flag(child, "x-kubernetes-embedded-resource"));
        }

        String rule(int i) {
            return path + "." + RULES + "[" + i + "]";
        }
    }

    /**
     * Checks the rules of a schema.
     *
     * @param compiler compiles them
     * @param schema a structural schema
     * @param path its path
     * @param before what is wrong with it by now: rules of schemas with errors, there or within, aren't looked at
     * @return what is wrong with its rules
     */
    static List<FieldError> check(CelCompiler compiler, JsonNode schema, String path, List<FieldError> before) {
        if (!SchemaWalk.any(schema, RuleNode::hasRules)) {
            return List.of();
        }
        RuleChecks checks = new RuleChecks(compiler, before);
        checks.schema(schema, CelSchemas.of(schema, true), new Place(path, 1, "", true));
        checks.errors.addAll(checks.costs.total(path));
        return checks.errors;
    }

    private void schema(JsonNode schema, @Nullable CelType type, Place place) {
        JsonNode values = schema.path("additionalProperties");
        if (values.isObject()) {
            schema(
                    values,
                    type instanceof CelType.MapOf map ? map.value() : null,
                    place.within(".additionalProperties", schema, values, false));
        }
        for (Map.Entry<String, JsonNode> property : Tree.fields(schema, "properties")) {
            String map = Tree.text(schema, "x-kubernetes-map-type");
            schema(
                    property.getValue(),
                    RuleNode.typeOf(type, property.getKey(), property.getValue()),
                    place.within(
                            ".properties[" + property.getKey() + "]",
                            schema,
                            property.getValue(),
                            !List.of("", "granular", "atomic").contains(map)));
        }
        JsonNode items = schema.path("items");
        if (items.isObject()) {
            boolean told = Tree.text(schema, "x-kubernetes-list-type").equals("map");
            schema(
                    items,
                    type instanceof CelType.ListOf list ? list.element() : null,
                    place.within(".items", schema, items, !told));
        }
        if (RuleNode.hasRules(schema) && before.stream().noneMatch(error -> isAt(error.field(), place.path))) {
            rules(schema, type, place);
        }
    }

    private static boolean isAt(String field, String path) {
        return field.startsWith(path)
                && (field.length() == path.length() || ".[".indexOf(field.charAt(path.length())) >= 0);
    }

    private void rules(JsonNode schema, @Nullable CelType known, Place place) {
        CelType type = known == null ? null : CelSchemas.of(schema, place.root);
        if (type == null) {
            errors.add(new FieldError(
                    FieldError.Type.INTERNAL,
                    place.path + "." + RULES,
                    null,
                    "internal error: failed to construct type information for x-kubernetes-validations rules: "
                            + "unable to convert structural schema to CEL declarations"));
            return;
        }
        JsonNode list = schema.path(RULES);
        long least = CelSchemas.minBytes(schema, place.root);
        for (int i = 0; i < list.size(); i++) {
            CompiledRule rule = CompiledRule.of(compiler, list.get(i), schema, type);
            cost(rule, place, least, place.rule(i));
            if (rule.error() != null) {
                add(place.rule(i) + ".rule", shown(list.get(i)), rule.error());
            }
            if (rule.messageError() != null) {
                add(place.rule(i) + ".messageExpression", shown(list.get(i)), rule.messageError());
            }
            oldSelf(rule, place, place.rule(i));
        }
    }

    private void cost(CompiledRule rule, Place place, long least, String path) {
        long times = place.most >= 0 ? place.most : CelLimits.MAX_REQUEST_BYTES / (least + 1);
        long cost = rule.program() == null ? 0 : RuleCosts.times(rule.program().maxCost(), times);
        errors.addAll(costs.observe(path + ".rule", "estimated rule cost", cost));
        if (rule.message() != null) {
            errors.addAll(costs.observe(
                    path + ".messageExpression",
                    "estimated messageExpression cost",
                    rule.message().maxCost()));
        }
    }

    private void oldSelf(CompiledRule rule, Place place, String path) {
        if (rule.usesOldSelf()) {
            if (!place.uncorrelated.isEmpty()) {
                add(
                        path + ".rule",
                        rule.source().path("rule"),
                        "oldSelf cannot be used on the uncorrelatable portion of the schema within "
                                + place.uncorrelated);
            }
        } else if (rule.source().hasNonNull("optionalOldSelf")) {
            add(
                    path + ".optionalOldSelf",
                    BooleanNode.valueOf(rule.optionalOldSelf()),
                    "may not be set if oldSelf is not used in rule");
        }
    }

    /** A rule as upstream's errors show it, all of its fields by their names in Go. */
    private static JsonNode shown(JsonNode rule) {
        ObjectNode shown = JsonNodeFactory.instance.objectNode();
        shown.put("Rule", Tree.text(rule, "rule"));
        shown.put("Message", Tree.text(rule, "message"));
        shown.put("MessageExpression", Tree.text(rule, "messageExpression"));
        shown.set("Reason", rule.get("reason"));
        shown.put("FieldPath", Tree.text(rule, "fieldPath"));
        shown.set("OptionalOldSelf", rule.get("optionalOldSelf"));
        return GoJson.struct(shown);
    }

    private void add(String path, @Nullable JsonNode value, String detail) {
        errors.add(new FieldError(FieldError.Type.INVALID, path, value == null ? TextNode.valueOf("") : value, detail));
    }
}
