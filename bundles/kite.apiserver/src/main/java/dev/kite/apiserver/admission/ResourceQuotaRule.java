package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.tree.Tree;
import dev.kite.model.Quantity;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * New objects stay within their namespace's quotas. What is used is counted from the objects themselves at each write, so there is nothing to drift; two
 * writes at the same moment may together pass a bound that each alone keeps.
 */
public final class ResourceQuotaRule implements AdmissionRule {
    private static final Set<String> COMPUTE = Set.of(
            "cpu",
            "memory",
            "requests.cpu",
            "requests.memory",
            "limits.cpu",
            "limits.memory",
            "ephemeral-storage",
            "requests.ephemeral-storage",
            "limits.ephemeral-storage");

    private final Lookups lookups;

    /**
     * The rule.
     *
     * @param lookups finds quotas and what counts
     */
    public ResourceQuotaRule(Lookups lookups) {
        this.lookups = lookups;
    }

    @Override
    public String name() {
        return "ResourceQuota";
    }

    @Override
    public void validate(Admitting write) {
        ObjectNode object = write.object();
        boolean counted = object != null
                && write.operation() == Operation.CREATE
                && write.subresource().isEmpty()
                && !write.namespace().isEmpty()
                && write.resource().custom() == null;
        if (!counted || object == null) {
            return;
        }
        String group = write.resource().stored().group();
        String plural = write.resource().plural();
        Map<String, Quantity> delta = QuotaUsage.of(group, plural, object);
        for (ObjectNode quota : lookups.list("", "resourcequotas", write.namespace())) {
            if (QuotaUsage.inScope(quota, plural, object)) {
                if (plural.equals("pods")) {
                    demandAmounts(write, quota, object);
                }
                check(write, quota, delta);
            }
        }
    }

    private void check(Admitting write, ObjectNode quota, Map<String, Quantity> delta) {
        Map<String, Quantity> hard = new TreeMap<>();
        for (Map.Entry<String, JsonNode> bound : Tree.fields(quota, "spec", "hard")) {
            Quantity more = delta.get(bound.getKey());
            if (more != null && more.signum() > 0) {
                hard.put(bound.getKey(), Quantity.parse(bound.getValue().asText()));
            }
        }
        if (hard.isEmpty()) {
            return;
        }
        Map<String, Quantity> used = used(write, quota);
        TreeSet<String> exceeded = new TreeSet<>();
        hard.forEach((name, bound) -> {
            Quantity total = used.getOrDefault(name, Quantity.ZERO).add(delta.getOrDefault(name, Quantity.ZERO));
            if (total.compareTo(bound) > 0) {
                exceeded.add(name);
            }
        });
        if (!exceeded.isEmpty()) {
            throw write.resource()
                    .forbidden(
                            write.name(),
                            "exceeded quota: " + Tree.text(quota, "metadata", "name") + ", requested: "
                                    + show(exceeded, delta) + ", used: " + show(exceeded, used) + ", limited: "
                                    + show(exceeded, hard));
        }
    }

    private Map<String, Quantity> used(Admitting write, ObjectNode quota) {
        String group = write.resource().stored().group();
        String plural = write.resource().plural();
        Map<String, Quantity> used = new TreeMap<>();
        for (ObjectNode there : lookups.list(group, plural, write.namespace())) {
            if (QuotaUsage.inScope(quota, plural, there)) {
                QuotaUsage.of(group, plural, there).forEach((name, amount) -> used.merge(name, amount, Quantity::add));
            }
        }
        return used;
    }

    private static String show(Set<String> names, Map<String, Quantity> amounts) {
        List<String> shown = names.stream()
                .map(name -> name + "=" + amounts.getOrDefault(name, Quantity.ZERO))
                .toList();
        return String.join(",", shown);
    }

    /** Where a quota bounds a compute resource, each container has to say how much of it it wants. */
    private static void demandAmounts(Admitting write, ObjectNode quota, ObjectNode pod) {
        TreeMap<String, TreeSet<String>> missing = new TreeMap<>();
        for (Map.Entry<String, JsonNode> bound : Tree.fields(quota, "spec", "hard")) {
            String name = bound.getKey();
            if (!COMPUTE.contains(name)) {
                continue;
            }
            String field = name.startsWith("limits.") ? "limits" : "requests";
            String resource = name.substring(name.indexOf('.') + 1);
            for (String list : List.of("containers", "initContainers")) {
                for (ObjectNode container : Tree.objects(pod, "spec", list)) {
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
            throw write.resource()
                    .forbidden(
                            write.name(),
                            "failed quota: " + Tree.text(quota, "metadata", "name") + ": must specify "
                                    + String.join("; ", parts));
        }
    }
}
