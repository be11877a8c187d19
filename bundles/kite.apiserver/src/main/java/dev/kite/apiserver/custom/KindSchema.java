package dev.kite.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import org.jspecify.annotations.Nullable;

/**
 * A kind's structural schema in one version, with what was found out about it: one instance a definition's version, shared by all requests. Thread-safe. Two
 * are equal when their schemas are.
 */
public final class KindSchema {
    private final ObjectNode tree;
    private final boolean defaults;
    private final boolean embeds;

    /**
     * A schema.
     *
     * @param tree the schema, not to be changed any more
     */
    public KindSchema(ObjectNode tree) {
        this.tree = tree;
        this.defaults = SchemaWalk.any(tree, one -> one.has("default"));
        this.embeds = SchemaWalk.any(tree, one -> Tree.flag(one, "x-kubernetes-embedded-resource"));
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
