package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import dev.kite.model.Quantity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What objects count for in ResourceQuotas. Stateless. */
final class QuotaUsage {
    private static final Set<String> COUNTED_BY_NAME = Set.of(
            "pods",
            "services",
            "secrets",
            "configmaps",
            "persistentvolumeclaims",
            "replicationcontrollers",
            "resourcequotas");

    private static final Set<String> POD_NAMES = Set.of(
            "pods",
            "cpu",
            "memory",
            "ephemeral-storage",
            "requests.cpu",
            "requests.memory",
            "requests.ephemeral-storage",
            "limits.cpu",
            "limits.memory",
            "limits.ephemeral-storage");

    private QuotaUsage() {}

    /** What one object counts for, by the names that quotas use. */
    static Map<String, Quantity> of(String group, String plural, ObjectNode object) {
        Map<String, Quantity> usage = new HashMap<>();
        usage.put("count/" + (group.isEmpty() ? plural : plural + "." + group), Quantity.of(1));
        if (group.isEmpty()) {
            switch (plural) {
                case "pods" -> pod(object, usage);
                case "services" -> service(object, usage);
                case "persistentvolumeclaims" -> claim(object, usage);
                default -> {
                    if (COUNTED_BY_NAME.contains(plural)) {
                        usage.put(plural, Quantity.of(1));
                    }
                }
            }
        }
        return usage;
    }

    /** Pods that have ended count no longer. */
    static boolean counts(ObjectNode pod) {
        String phase = Tree.text(pod, "status", "phase");
        return !phase.equals("Succeeded") && !phase.equals("Failed");
    }

    private static void pod(ObjectNode pod, Map<String, Quantity> usage) {
        if (!counts(pod)) {
            return;
        }
        usage.put("pods", Quantity.of(1));
        JsonNode requests = Amounts.ofPod(pod, "requests");
        for (Map.Entry<String, JsonNode> amount : Tree.fields(requests)) {
            Quantity value = Quantity.parse(amount.getValue().asText());
            usage.put("requests." + amount.getKey(), value);
            if (List.of("cpu", "memory", "ephemeral-storage").contains(amount.getKey())
                    || amount.getKey().startsWith("hugepages-")) {
                usage.put(amount.getKey(), value);
            }
        }
        for (Map.Entry<String, JsonNode> amount : Tree.fields(Amounts.ofPod(pod, "limits"))) {
            usage.put(
                    "limits." + amount.getKey(),
                    Quantity.parse(amount.getValue().asText()));
        }
    }

    private static void service(ObjectNode service, Map<String, Quantity> usage) {
        usage.put("services", Quantity.of(1));
        String type = Tree.text(service, "spec", "type");
        long ports = Tree.objects(service, "spec", "ports").size();
        boolean balanced = type.equals("LoadBalancer");
        boolean allocates = !Tree.has(service, "spec", "allocateLoadBalancerNodePorts")
                || Tree.flag(service, "spec", "allocateLoadBalancerNodePorts");
        usage.put("services.loadbalancers", Quantity.of(balanced ? 1 : 0));
        usage.put("services.nodeports", Quantity.of(type.equals("NodePort") || (balanced && allocates) ? ports : 0));
    }

    private static void claim(ObjectNode claim, Map<String, Quantity> usage) {
        usage.put("persistentvolumeclaims", Quantity.of(1));
        Quantity storage = Amounts.at(Tree.at(claim, "spec", "resources", "requests"), "storage");
        String storageClass = Tree.text(claim, "spec", "storageClassName");
        if (!storageClass.isEmpty()) {
            usage.put(storageClass + ".storageclass.storage.k8s.io/persistentvolumeclaims", Quantity.of(1));
        }
        if (storage != null) {
            usage.put("requests.storage", storage);
            if (!storageClass.isEmpty()) {
                usage.put(storageClass + ".storageclass.storage.k8s.io/requests.storage", storage);
            }
        }
    }

    /** Whether a name of a quota's bound is about objects of a resource. */
    static boolean isOf(String name, String group, String plural) {
        if (name.equals("count/" + (group.isEmpty() ? plural : plural + "." + group))) {
            return true;
        }
        if (!group.isEmpty()) {
            return false;
        }
        return switch (plural) {
            case "pods" ->
                POD_NAMES.contains(name)
                        || name.startsWith("hugepages-")
                        || name.startsWith("requests.hugepages-")
                        || (name.startsWith("requests.") && name.contains("/"));
            case "services" -> name.equals("services") || name.startsWith("services.");
            case "persistentvolumeclaims" ->
                name.equals("persistentvolumeclaims")
                        || name.equals("requests.storage")
                        || name.contains(".storageclass.storage.k8s.io/");
            default -> COUNTED_BY_NAME.contains(plural) && name.equals(plural);
        };
    }
}
