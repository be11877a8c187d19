package dev.kite.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.kite.apiserver.tree.Tree;
import dev.kite.apiserver.validation.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A kind's structural schema in one version, with what was found out about it: one instance a definition's version, shared by all requests. Thread-safe. Two
 * are equal when their schemas are.
 */
public final class KindSchema {
    private final ObjectNode tree;
    private final boolean defaults;
    private final boolean embeds;
    private final boolean typesLists;
    private final boolean hasRules;
    private volatile @Nullable RuleNode rules;
    /** No more than the schema has patterns. */
    private final Map<String, Pattern> patterns = new ConcurrentHashMap<>();

    /**
     * A schema.
     *
     * @param tree the schema, not to be changed any more
     */
    public KindSchema(ObjectNode tree) {
        this.tree = tree;
        this.defaults = SchemaWalk.any(tree, one -> one.has("default"));
        this.embeds = SchemaWalk.any(tree, one -> Tree.flag(one, "x-kubernetes-embedded-resource"));
        this.typesLists = SchemaWalk.any(tree, one -> one.has("x-kubernetes-list-type"));
        this.hasRules = SchemaWalk.any(tree, RuleNode::hasRules);
    }

    /** @return the schema, not to be changed */
    public ObjectNode tree() {
        return tree;
    }

    /** @return whether it has defaults, which also objects that were stored before have when they are read */
    public boolean defaults() {
        return defaults;
    }

    /** @return whether objects have objects with metadata within */
    boolean embeds() {
        return embeds;
    }

    /** @return whether it has lists that are sets or maps */
    boolean typesLists() {
        return typesLists;
    }

    /** @return its CEL rules, null where it has none */
    @Nullable
    RuleNode rules() {
        RuleNode known = rules;
        if (known == null && hasRules) {
            synchronized (this) {
                known = rules;
                if (known == null) {
                    known = RuleNode.of(tree, true);
                    rules = known;
                }
            }
        }
        return known;
    }

    /**
     * Validates by it.
     *
     * @param errors is given what is wrong
     * @return a validation for one object
     */
    SchemaValidation validation(List<FieldError> errors) {
        return new SchemaValidation(errors, pattern -> patterns.computeIfAbsent(pattern, KindSchema::compile));
    }

    /** A pattern that cannot be read lets all pass: definitions with such are refused, but for those of bundles and of old. */
    private static Pattern compile(String pattern) {
        try {
            return Patterns.compile(pattern);
        } catch (PatternSyntaxException _) {
            return Pattern.compile("");
        }
    }

    /**
     * Drops what the schema doesn't name, and nulls that it doesn't allow.
     *
     * @param object an object of the kind, changed in place but for its own apiVersion, kind and metadata
     * @throws dev.kite.apiserver.storage.Normalizer.MistypedException where an object within it has metadata of a wrong type
     */
    public void prune(ObjectNode object) {
        Pruning pruning = new Pruning(new ArrayList<>());
        pruning.root(tree, object);
        if (embeds) {
            pruning.embedded(tree, object, "", true);
        }
        SchemaDefaults.dropNulls(tree, object);
    }

    /**
     * Sets the schema's defaults.
     *
     * @param object an object of the kind, changed in place
     */
    public void applyDefaults(ObjectNode object) {
        SchemaDefaults.apply(tree, object);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KindSchema schema && tree.equals((JsonNode) schema.tree);
    }

    @Override
    public int hashCode() {
        return tree.hashCode();
    }
}
