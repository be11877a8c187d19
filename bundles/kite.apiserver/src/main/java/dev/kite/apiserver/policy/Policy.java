package dev.kite.apiserver.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A policy as it is stored, and what is made of it with the first write that it matches. Thread-safe.
 *
 * @param <E> what its expressions become
 */
final class Policy<E> {
    private final ObjectNode object;
    private final Function<Policy<E>, E> compile;
    private volatile @Nullable E compiled;

    Policy(ObjectNode object, Function<Policy<E>, E> compile) {
        this.object = object;
        this.compile = compile;
    }

    String name() {
        return Tree.text(object, "metadata", "name");
    }

    JsonNode spec() {
        return Tree.at(object, "spec");
    }

    boolean hasParams() {
        return Tree.has(spec(), "paramKind");
    }

    /** Whether the write goes on where the policy fails. */
    boolean ignorable() {
        return Tree.text(spec(), "failurePolicy").equals("Ignore");
    }

    E compiled() {
        E made = compiled;
        if (made == null) {
            // Two writes at once compile it twice: that is cheaper than to wait for one another.
            made = compile.apply(this);
            compiled = made;
        }
        return made;
    }
}
