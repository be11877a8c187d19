package dev.kite.controllers.policy;

import dev.kite.controllers.base.Pods;
import dev.kite.model.Quantity;
import dev.kite.model.core.v1.Container;
import dev.kite.model.core.v1.PersistentVolumeClaim;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.ResourceQuota;
import dev.kite.model.core.v1.ScopedResourceSelectorRequirement;
import dev.kite.model.core.v1.Service;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** What objects count for, by the names that quotas use. Pure. */
final class QuotaUsage {
    /** Counted under their own names; pods, services and claims are counted with what they need. */
    static final Set<String> COUNTED_BY_NAME =
            Set.of("secrets", "configmaps", "replicationcontrollers", "resourcequotas");

    private static final Set<String> SHORT = Set.of("cpu", "memory", "ephemeral-storage");
    private static final Quantity ONE = Quantity.of(1);

    private QuotaUsage() {}

    private static void add(Map<String, Quantity> used, String name, Quantity amount) {
        used.merge(name, amount, Quantity::add);
    }

    static void addPod(Map<String, Quantity> used, Pod pod) {
        add(used, "count/pods", ONE);
        if (Pods.isFinished(pod)) {
            return;
        }
        add(used, "pods", ONE);
        total(pod, container -> container.resources().requests()).forEach((name, amount) -> {
            add(used, "requests." + name, amount);
            if (SHORT.contains(name)) {
                add(used, name, amount);
            }
        });
        total(pod, container -> container.resources().limits())
                .forEach((name, amount) -> add(used, "limits." + name, amount));
    }

    /** Containers and sidecars together, or the largest init container beside the sidecars before it, and the overhead. */
    private static Map<String, Quantity> total(Pod pod, Function<Container, Map<String, Quantity>> amounts) {
        Map<String, Quantity> running = new HashMap<>();
        pod.spec().containers().forEach(container -> amounts.apply(container).forEach((n, q) -> add(running, n, q)));
        Map<String, Quantity> sidecars = new HashMap<>();
        Map<String, Quantity> starting = new HashMap<>();
        for (Container container : pod.spec().initContainers()) {
            boolean stays = container.restartPolicy().equals("Always");
            amounts.apply(container).forEach((name, amount) -> {
                Quantity together = sidecars.getOrDefault(name, Quantity.ZERO).add(amount);
                starting.merge(name, together, Quantity::max);
                if (stays) {
                    sidecars.put(name, together);
                }
            });
        }
        sidecars.forEach((name, amount) -> add(running, name, amount));
        starting.forEach((name, amount) -> running.merge(name, amount, Quantity::max));
        pod.spec().overhead().forEach((name, amount) -> add(running, name, amount));
        return running;
    }

    static void addService(Map<String, Quantity> used, Service service) {
        add(used, "count/services", ONE);
        add(used, "services", ONE);
        boolean balanced = service.spec().type().equals("LoadBalancer");
        boolean ports = service.spec().type().equals("NodePort")
                || (balanced
                        && (!service.spec().hasAllocateLoadBalancerNodePorts()
                                || service.spec().allocateLoadBalancerNodePorts()));
        add(used, "services.loadbalancers", balanced ? ONE : Quantity.ZERO);
        add(
                used,
                "services.nodeports",
                Quantity.of(ports ? service.spec().ports().size() : 0));
    }

    static void addClaim(Map<String, Quantity> used, PersistentVolumeClaim claim) {
        Quantity storage = claim.spec().resources().requests().getOrDefault("storage", Quantity.ZERO);
        add(used, "count/persistentvolumeclaims", ONE);
        add(used, "persistentvolumeclaims", ONE);
        add(used, "requests.storage", storage);
        if (!claim.spec().storageClassName().isEmpty()) {
            String prefix = claim.spec().storageClassName() + ".storageclass.storage.k8s.io/";
            add(used, prefix + "persistentvolumeclaims", ONE);
            add(used, prefix + "requests.storage", storage);
        }
    }

    static boolean inScope(ResourceQuota quota, Pod pod) {
        if (!quota.spec().scopes().stream().allMatch(scope -> matches(scope, pod))) {
            return false;
        }
        return quota.spec().scopeSelector().matchExpressions().stream().allMatch(term -> matches(term, pod));
    }

    private static boolean matches(ScopedResourceSelectorRequirement term, Pod pod) {
        if (!term.scopeName().equals("PriorityClass")) {
            return matches(term.scopeName(), pod) != term.operator().equals("DoesNotExist");
        }
        String priority = pod.spec().priorityClassName();
        List<String> values = term.values();
        return switch (term.operator()) {
            case "In" -> values.contains(priority);
            case "NotIn" -> !values.contains(priority);
            case "DoesNotExist" -> priority.isEmpty();
            default -> !priority.isEmpty();
        };
    }

    private static boolean matches(String scope, Pod pod) {
        boolean terminating = pod.spec().hasActiveDeadlineSeconds();
        boolean bestEffort = pod.status().qosClass().equals("BestEffort");
        return switch (scope) {
            case "Terminating" -> terminating;
            case "NotTerminating" -> !terminating;
            case "BestEffort" -> bestEffort;
            case "NotBestEffort" -> !bestEffort;
            case "PriorityClass" -> !pod.spec().priorityClassName().isEmpty();
            default -> false;
        };
    }
}
