package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.tree.Tree;
import dev.kite.model.Quantity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What one write takes of each quota of its namespace, or why it may not. Pure. */
final class QuotaCharge {
    private static final Set<String> COMPUTE =
            Set.of("cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory");

    private final Admitting write;
    private final ObjectNode object;
    private final String group;
    private final String plural;

    private QuotaCharge(Admitting write, ObjectNode object) {
        this.write = write;
        this.object = object;
        this.group = write.resource().stored().group();
        this.plural = write.resource().plural();
    }

    /** The charge of a write, null where quotas do not count it. */
    static @Nullable QuotaCharge of(Admitting write) {
        ObjectNode object = write.object();
        if (object == null || write.namespace().isEmpty()) {
            return null;
        }
        boolean made =
                write.operation() == Operation.CREATE && write.subresource().isEmpty();
        return made || changes(write, object) ? new QuotaCharge(write, object) : null;
    }

    private static boolean changes(Admitting write, ObjectNode object) {
        ObjectNode old = write.old();
        if (old == null || write.operation() != Operation.UPDATE) {
            return false;
        }
        boolean whole = write.subresource().isEmpty();
        return switch (write.resource().qualified()) {
            case "pods" ->
                write.subresource().equals("resize")
                        || (whole && QuotaScopes.terminating(object) != QuotaScopes.terminating(old));
            case "services", "persistentvolumeclaims" -> whole;
            default -> false;
        };
    }

    /**
     * Charges quotas.
     *
     * @param quotas the namespace's quotas
     * @param limited what may be used only where a quota bounds it, from the plugin's configuration
     * @return the quotas whose usage rises, with the new usage; not among those given
     * @throws dev.kite.apiserver.request.StatusException if a bound would be passed
     */
    List<ObjectNode> charge(List<ObjectNode> quotas, List<ObjectNode> limited) {
        Map<String, Quantity> usage = QuotaUsage.of(group, plural, object);
        List<ObjectNode> interested = quotas.stream().filter(this::covers).toList();
        interested.forEach(this::demand);
        demandCover(quotas, interested, usage, limited);
        List<ObjectNode> charged = new ArrayList<>();
        for (ObjectNode quota : interested) {
            ObjectNode changed = charge(quota, delta(quota, usage));
            if (changed != null) {
                charged.add(changed);
            }
        }
        return charged;
    }

    private boolean covers(ObjectNode quota) {
        return hard(quota).keySet().stream().anyMatch(name -> QuotaUsage.isOf(name, group, plural))
                && QuotaScopes.all(QuotaScopes.of(quota), write.resource().qualified(), object);
    }

    private static Map<String, Quantity> hard(ObjectNode quota) {
        return amounts(Tree.at(quota, "status", "hard"));
    }

    private static Map<String, Quantity> amounts(JsonNode node) {
        Map<String, Quantity> amounts = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : Tree.fields(node)) {
            Quantity amount = Amounts.at(node, entry.getKey());
            if (amount != null) {
                amounts.put(entry.getKey(), amount);
            }
        }
        return amounts;
    }

    /** What the write adds: all that it uses, or what it uses more than before where the quota covered it before, too. */
    private Map<String, Quantity> delta(ObjectNode quota, Map<String, Quantity> usage) {
        ObjectNode old = write.old();
        if (write.operation() != Operation.UPDATE
                || old == null
                || !QuotaScopes.all(QuotaScopes.of(quota), write.resource().qualified(), old)) {
            return usage;
        }
        Map<String, Quantity> before = QuotaUsage.of(group, plural, old);
        Map<String, Quantity> more = new HashMap<>();
        usage.forEach((name, amount) -> {
            Quantity rise = amount.subtract(before.getOrDefault(name, Quantity.ZERO));
            if (rise.signum() > 0) {
                more.put(name, rise);
            }
        });
        return more;
    }

    private @Nullable ObjectNode charge(ObjectNode quota, Map<String, Quantity> delta) {
        Map<String, Quantity> hard = hard(quota);
        Map<String, Quantity> used = amounts(Tree.at(quota, "status", "used"));
        Map<String, Quantity> requested = new TreeMap<>();
        TreeSet<String> exceeded = new TreeSet<>();
        hard.forEach((name, bound) -> {
            Quantity more = delta.getOrDefault(name, Quantity.ZERO);
            if (more.signum() > 0) {
                requested.put(name, more);
                if (used.getOrDefault(name, Quantity.ZERO).add(more).compareTo(bound) > 0) {
                    exceeded.add(name);
                }
            }
        });
        if (!exceeded.isEmpty()) {
            throw refused("exceeded quota: " + name(quota) + ", requested: " + show(exceeded, requested) + ", used: "
                    + show(exceeded, used) + ", limited: " + show(exceeded, hard));
        }
        if (requested.isEmpty()) {
            return null;
        }
        ObjectNode changed = quota.deepCopy();
        ObjectNode out = changed.withObject("/status").withObject("/used");
        requested.forEach((name, more) ->
                out.put(name, used.getOrDefault(name, Quantity.ZERO).add(more).toString()));
        return changed;
    }

    /** A quota that bounds a compute resource needs each container to say how much of it it wants; and its status must be known. */
    private void demand(ObjectNode quota) {
        TreeSet<String> names = new TreeSet<>();
        for (String name : hard(quota).keySet()) {
            if (QuotaUsage.isOf(name, group, plural)) {
                names.add(name);
            }
        }
        if (write.resource().qualified().equals("pods")
                && Tree.at(object, "spec", "resources").isEmpty()) {
            demandAmounts(quota, names);
        }
        if (!names.stream().allMatch(name -> Tree.has(quota, "status", "used", name))) {
            throw refused("status unknown for quota: " + name(quota) + ", resources: " + String.join(",", names));
        }
    }

    private void demandAmounts(ObjectNode quota, Set<String> names) {
        TreeMap<String, TreeSet<String>> missing = new TreeMap<>();
        for (String name : names) {
            if (!COMPUTE.contains(name)) {
                continue;
            }
            String field = name.startsWith("limits.") ? "limits" : "requests";
            String resource = name.substring(name.indexOf('.') + 1);
            for (String list : List.of("containers", "initContainers")) {
                for (ObjectNode container : Tree.objects(object, "spec", list)) {
                    if (!Tree.has(container, "resources", field, resource)) {
                        missing.computeIfAbsent(name, _ -> new TreeSet<>()).add(Tree.text(container, "name"));
                    }
                }
            }
        }
        if (!missing.isEmpty()) {
            List<String> parts = missing.entrySet().stream()
                    .map(entry -> entry.getKey() + " for: " + String.join(",", entry.getValue()))
                    .toList();
            throw refused("failed quota: " + name(quota) + ": must specify " + String.join("; ", parts));
        }
    }

    /** What the plugin's configuration limits may be used only under a quota that bounds it. */
    private void demandCover(
            List<ObjectNode> quotas,
            List<ObjectNode> interested,
            Map<String, Quantity> usage,
            List<ObjectNode> limited) {
        TreeSet<String> uncovered = new TreeSet<>();
        for (ObjectNode limit : limited) {
            if (!Tree.text(limit, "apiGroup").equals(group)
                    || !Tree.text(limit, "resource").equals(plural)) {
                continue;
            }
            List<String> parts = Tree.texts(limit, "matchContains");
            usage.forEach((name, amount) -> {
                if (amount.signum() > 0 && parts.stream().anyMatch(name::contains)) {
                    uncovered.add(name);
                }
            });
            scopes(quotas, limit);
        }
        interested.forEach(quota -> uncovered.removeAll(hard(quota).keySet()));
        if (!uncovered.isEmpty()) {
            throw refused("insufficient quota to consume: " + String.join(",", uncovered));
        }
    }

    private void scopes(List<ObjectNode> quotas, ObjectNode limit) {
        String qualified = write.resource().qualified();
        List<String> open = QuotaScopes.of(Tree.objects(limit, "matchScopes")).stream()
                .filter(term -> QuotaScopes.matches(term, qualified, object))
                .map(QuotaScopes.Term::scope)
                .filter(scope -> quotas.stream()
                        .flatMap(quota -> QuotaScopes.of(quota).stream())
                        .noneMatch(term -> term.scope().equals(scope) && QuotaScopes.matches(term, qualified, object)))
                .toList();
        if (!open.isEmpty()) {
            throw refused("insufficient quota to match these scopes: " + open);
        }
    }

    private RuntimeException refused(String why) {
        return write.resource().forbidden(write.name(), why);
    }

    private static String name(ObjectNode quota) {
        return Tree.text(quota, "metadata", "name");
    }

    private static String show(Set<String> names, Map<String, Quantity> amounts) {
        List<String> shown = names.stream()
                .map(name -> name + "=" + amounts.getOrDefault(name, Quantity.ZERO))
                .toList();
        return String.join(",", shown);
    }
}
