package dev.kite.security.rbac;

import dev.kite.security.PolicyRule;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Clusterroles with what they add up to: one with an aggregation rule has the rules of all that its selectors match, theirs included. So a role labelled
 * aggregate-to-view is in view at once, whether or not the controller that writes it into the object has run. Callers serialize calls.
 */
final class ClusterRoles {
    /**
     * A clusterrole as stored.
     *
     * @param labels its labels
     * @param rules its own rules
     * @param selectors whose rules it adds to its own; none where it aggregates nothing
     */
    record Stored(Map<String, String> labels, List<PolicyRule> rules, List<LabelSelector> selectors) {
        Stored {
            labels = Map.copyOf(labels);
            rules = List.copyOf(rules);
            selectors = List.copyOf(selectors);
        }

        boolean aggregates() {
            return !selectors.isEmpty();
        }
    }

    private final Map<String, Stored> roles = new HashMap<>();
    private final BiConsumer<String, List<PolicyRule>> effective;

    /** Tells of each role whose rules may have changed. */
    ClusterRoles(BiConsumer<String, List<PolicyRule>> effective) {
        this.effective = effective;
    }

    void put(String name, Stored role) {
        Stored before = roles.put(name, role);
        effective.accept(name, rules(name));
        // Status and annotations change nothing; most roles are in no sum.
        if (before == null || !before.equals(role)) {
            retell(name);
        }
    }

    void remove(String name) {
        if (roles.remove(name) != null) {
            retell(name);
        }
    }

    private void retell(String changed) {
        roles.forEach((name, role) -> {
            if (role.aggregates() && !name.equals(changed)) {
                effective.accept(name, rules(name));
            }
        });
    }

    private List<PolicyRule> rules(String name) {
        Set<PolicyRule> rules = new LinkedHashSet<>();
        collect(name, rules, new HashSet<>());
        return List.copyOf(rules);
    }

    private void collect(String name, Set<PolicyRule> rules, Set<String> seen) {
        Stored role = roles.get(name);
        if (role == null || !seen.add(name)) {
            return;
        }
        rules.addAll(role.rules());
        if (role.aggregates()) {
            roles.forEach((other, candidate) -> {
                if (role.selectors().stream().anyMatch(selector -> selector.matches(candidate.labels()))) {
                    collect(other, rules, seen);
                }
            });
        }
    }
}
