package dev.kite.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.apiserver.tree.Tree;
import dev.kite.cel.CelCompiler;
import dev.kite.cel.CelNames;
import dev.kite.cel.CelSchemas;
import dev.kite.cel.CelType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a schema and of those within it, without the parts that have none. They are compiled when the first value comes by, each schema's alone: a
 * definition of a thousand rules costs the writers of simple objects nothing. Thread-safe.
 */
final class RuleNode {
    /** What no type can be made of has no rules that could be asked; definitions with such are refused. */
    private static final String UNTYPED =
            "rule compiler initialization error: failed to convert to declType for CEL validation rules";

    private final JsonNode schema;
    private final boolean root;
    private final boolean typed;
    private final Map<String, RuleNode> properties = new HashMap<>();
    private final @Nullable RuleNode additional;
    private final @Nullable RuleNode items;
    private volatile @Nullable Rules rules;

    /**
     * A schema's own rules.
     *
     * @param list in its order
     * @param error why none can be asked, empty if they can
     * @param transitions whether one of them is about changes
     */
    record Rules(List<CompiledRule> list, String error, boolean transitions) {
        static final Rules NONE = new Rules(List.of(), "", false);
    }

    private RuleNode(JsonNode schema, @Nullable CelType type, boolean root) {
        this.schema = schema;
        this.root = root;
        this.typed = type != null;
        for (Map.Entry<String, JsonNode> property : Tree.fields(schema, "properties")) {
            CelType inType = typeOf(type, property.getKey(), property.getValue());
            RuleNode inner = inType == null ? null : within(property.getValue(), inType);
            if (inner != null) {
                properties.put(property.getKey(), inner);
            }
        }
        additional =
                within(schema.path("additionalProperties"), type instanceof CelType.MapOf map ? map.value() : null);
        items = within(schema.path("items"), type instanceof CelType.ListOf list ? list.element() : null);
    }

    /**
     * The rules of a schema.
     *
     * @param schema the schema, not to be changed any more
     * @param root whether its values are resources
     * @return null where it has none
     */
    static @Nullable RuleNode of(JsonNode schema, boolean root) {
        return SchemaWalk.any(schema, RuleNode::hasRules) ? within(schema, CelSchemas.of(schema, root), root) : null;
    }

    static boolean hasRules(JsonNode schema) {
        return !schema.path("x-kubernetes-validations").isEmpty();
    }

    private static @Nullable RuleNode within(JsonNode schema, @Nullable CelType type) {
        return within(schema, type, Tree.flag(schema, "x-kubernetes-embedded-resource"));
    }

    private static @Nullable RuleNode within(JsonNode schema, @Nullable CelType type, boolean root) {
        if (!schema.isObject()) {
            return null;
        }
        RuleNode node = new RuleNode(schema, type, root);
        boolean empty = !hasRules(schema) && node.properties.isEmpty() && node.additional == null && node.items == null;
        return empty ? null : node;
    }

    /** The type of a property. Those whose type isn't known have null and are left alone, with all below them; names that expressions can't write stand for themselves. */
    static @Nullable CelType typeOf(@Nullable CelType type, String name, JsonNode property) {
        String escaped = CelNames.escape(name);
        if (escaped == null) {
            return CelSchemas.of(property, Tree.flag(property, "x-kubernetes-embedded-resource"));
        }
        CelType.Field field =
                type instanceof CelType.ObjectOf object ? object.fields().get(escaped) : null;
        return field == null ? null : field.type();
    }

    JsonNode schema() {
        return schema;
    }

    Map<String, RuleNode> properties() {
        return properties;
    }

    @Nullable
    RuleNode additional() {
        return additional;
    }

    @Nullable
    RuleNode items() {
        return items;
    }

    /** The schema's own rules, compiled by the first who asks. */
    Rules rules(CelCompiler compiler) {
        Rules known = rules;
        if (known == null) {
            // Two who come at once compile twice, once in a schema's life.
            known = compile(compiler);
            rules = known;
        }
        return known;
    }

    private Rules compile(CelCompiler compiler) {
        if (!hasRules(schema)) {
            return Rules.NONE;
        }
        // Not the type that it has in its parent's: errors name types from the value that the rule is about.
        CelType type = typed ? CelSchemas.of(schema, root) : null;
        if (type == null) {
            return new Rules(List.of(), UNTYPED, false);
        }
        List<CompiledRule> list = new ArrayList<>();
        for (JsonNode rule : schema.path("x-kubernetes-validations")) {
            list.add(CompiledRule.of(compiler, rule, schema, type));
        }
        return new Rules(List.copyOf(list), "", list.stream().anyMatch(CompiledRule::usesOldSelf));
    }
}
