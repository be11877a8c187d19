package dev.kite.apiserver.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.storage.Keys;
import dev.kite.apiserver.storage.Registered;
import dev.kite.apiserver.tree.Tree;
import dev.kite.store.Store;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The policies of one kind that are bound, as they are at this moment. Where there is no policy, a look costs one search of the index. Thread-safe.
 *
 * @param <E> what a policy's expressions become
 */
final class PolicySource<E> {
    private static final String GROUP = "admissionregistration.k8s.io";

    private final Registered<Policy<E>> policies;
    private final Registered<ObjectNode> bindings;
    private volatile Known<E> known = new Known<>(List.of(), List.of(), List.of());

    private record Known<E>(List<Policy<E>> policies, List<ObjectNode> bindings, List<Bound<E>> bound) {}

    /** A policy with its bindings, of which there is at least one. */
    record Bound<E>(Policy<E> policy, List<ObjectNode> bindings) {}

    PolicySource(Store store, String policies, String bindings, Function<Policy<E>, E> compile) {
        this.policies = new Registered<>(store, Keys.builtIn(GROUP, policies), object -> new Policy<>(object, compile));
        this.bindings = new Registered<>(store, Keys.builtIn(GROUP, bindings), object -> object);
    }

    /** Policies in order of their names, each with its bindings in order of theirs. */
    List<Bound<E>> bound() {
        List<Policy<E>> all = policies.all();
        if (all.isEmpty()) {
            return List.of();
        }
        List<ObjectNode> their = bindings.all();
        Known<E> before = known;
        // What did not change is the same object, so that this compares no trees.
        if (before.policies().equals(all) && before.bindings().equals(their)) {
            return before.bound();
        }
        Map<String, List<ObjectNode>> byPolicy = new HashMap<>();
        for (ObjectNode binding : their) {
            byPolicy.computeIfAbsent(Tree.text(binding, "spec", "policyName"), _ -> new ArrayList<>())
                    .add(binding);
        }
        List<Bound<E>> bound = new ArrayList<>();
        for (Policy<E> policy : all) {
            List<ObjectNode> its = byPolicy.get(policy.name());
            if (its != null) {
                bound.add(new Bound<>(policy, List.copyOf(its)));
            }
        }
        known = new Known<>(all, their, List.copyOf(bound));
        return known.bound();
    }
}
