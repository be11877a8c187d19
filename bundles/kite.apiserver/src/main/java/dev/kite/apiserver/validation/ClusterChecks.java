package dev.kite.apiserver.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.model.validation.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Namespaces, nodes, quotas, limits, budgets, autoscalers, classes, leases, events. Stateless. */
final class ClusterChecks {
    private static final int USER_PRIORITY_MAX = 1_000_000_000;

    private ClusterChecks() {}

    static void namespace(At namespace) {
        namespace.field("spec", "finalizers").items().forEach(f -> {
            At list = namespace.field("spec", "finalizers");
            Names.qualifiedName(f.text()).forEach(m -> list.invalid(f.text(), m));
            if (!f.text().contains("/")
                    && !f.text().equals("kubernetes")
                    && !f.text().equals("orphan")) {
                list.invalid(f.text(), "name is neither a standard finalizer name nor is it fully qualified");
            }
        });
    }

    static void node(At node) {
        Set<String> seen = new HashSet<>();
        // Messages put the taints under the metadata.
        At taints = node.field("spec", "taints").told("metadata.taints");
        for (At taint : taints.items()) {
            taint.field("key").each(Names::qualifiedName);
            taint.field("value").each(Names::labelValue);
            taint.field("effect").neededOneOf("NoSchedule", "PreferNoSchedule", "NoExecute");
            if (!seen.add(
                    taint.field("key").text() + ":" + taint.field("effect").text())) {
                taint.duplicate(
                        Internals.of("io.k8s.api.core.v1.Taint", taint.node()),
                        "taints must be unique by key and effect pair");
            }
        }
        At cidrs = node.field("spec", "podCIDRs");
        cidrs.items().forEach(ServiceChecks::cidr);
        for (String list : List.of("capacity", "allocatable")) {
            At amounts = node.field("status", list);
            for (Map.Entry<String, JsonNode> one : MetaChecks.sorted(amounts)) {
                if (Quantities.negative(one.getValue())) {
                    amounts.key(one.getKey()).invalid(At.NEGATIVE);
                }
            }
        }
    }

    static void nodeUpdate(At node, At old) {
        node(node);
        At cidrs = node.field("spec", "podCIDRs");
        if (!old.field("spec", "podCIDRs").empty() && !cidrs.same(old.field("spec", "podCIDRs"))) {
            cidrs.forbidden("node updates may not change podCIDR except from \"\" to valid");
        }
        At provider = node.field("spec", "providerID");
        if (!old.field("spec", "providerID").empty() && !provider.same(old.field("spec", "providerID"))) {
            provider.forbidden("node updates may not change providerID except from \"\" to valid");
        }
    }

    static void resourceQuota(At quota) {
        At hard = quota.field("spec", "hard");
        for (Map.Entry<String, JsonNode> one : MetaChecks.sorted(hard)) {
            ResourceChecks.quotaName(hard.key(one.getKey()), one.getKey());
            ResourceChecks.amount(hard.key(one.getKey()), one.getKey());
        }
        QuotaChecks.scopes(quota.field("spec"));
    }

    static void resourceQuotaUpdate(At quota, At old) {
        if (!quota.field("spec", "scopes").same(old.field("spec", "scopes"))) {
            quota.field("spec", "scopes").invalid(At.IMMUTABLE);
        }
    }

    static void disruptionBudget(At budget) {
        At spec = budget.field("spec");
        At min = spec.field("minAvailable");
        At max = spec.field("maxUnavailable");
        if (min.present() && max.present()) {
            spec.invalid(
                    Internals.of("io.k8s.api.policy.v1.PodDisruptionBudgetSpec", spec.node()),
                    "minAvailable and maxUnavailable cannot be both set");
        }
        for (At value : List.of(min, max)) {
            if (value.present()) {
                WorkloadChecks.intOrPercent(value);
                WorkloadChecks.atMostAll(value);
            }
        }
        spec.field("unhealthyPodEvictionPolicy").oneOf("AlwaysAllow", "IfHealthyBudget");
        Selectors.labelSelector(spec.field("selector"));
    }

    static void autoscaler(At scaler) {
        At spec = scaler.field("spec");
        At min = spec.field("minReplicas");
        At max = spec.field("maxReplicas");
        if (min.present() && min.number() < 1) {
            min.invalid("must be greater than or equal to 1");
        }
        if (max.number() < 1) {
            max.invalid("must be greater than 0");
        }
        if (min.present() && max.number() < min.number()) {
            max.invalid("must be greater than or equal to `minReplicas`");
        }
        for (String field : List.of("kind", "name")) {
            spec.field("scaleTargetRef", field).needed();
        }
        for (At metric : spec.field("metrics").items()) {
            At type = metric.field("type");
            type.neededOneOf("ContainerResource", "External", "Object", "Pods", "Resource");
            if (!type.text().isEmpty()) {
                String part = type.text().substring(0, 1).toLowerCase(Locale.ROOT)
                        + type.text().substring(1);
                if (metric.field(part).absent()) {
                    metric.field(part).required("must populate information for the given metric source");
                }
            }
        }
    }

    static void priorityClass(At priorityClass) {
        At name = priorityClass.field("metadata", "name");
        boolean system =
                name.text().equals("system-node-critical") || name.text().equals("system-cluster-critical");
        if (name.text().startsWith("system-") && !system) {
            name.forbidden("priority class names with 'system-' prefix are reserved for system use only");
        }
        At value = priorityClass.field("value");
        if (!system && value.number() > USER_PRIORITY_MAX) {
            value.forbidden("maximum allowed value of a user defined priority is " + USER_PRIORITY_MAX);
        }
        priorityClass.field("preemptionPolicy").oneOf("PreemptLowerPriority", "Never");
    }

    static void priorityClassUpdate(At priorityClass, At old) {
        for (String field : List.of("value", "preemptionPolicy")) {
            if (!priorityClass.field(field).same(old.field(field))) {
                priorityClass.field(field).forbidden("may not be changed in an update.");
            }
        }
    }

    static void runtimeClass(At runtimeClass) {
        At handler = runtimeClass.field("handler");
        if (handler.needed()) {
            handler.each(Names::dnsLabel);
        }
        MetaChecks.labels(runtimeClass.field("scheduling", "nodeSelector"));
        SchedulingChecks.tolerations(runtimeClass.field("scheduling", "tolerations"));
        At overhead = runtimeClass.field("overhead", "podFixed").told("overhead.limits");
        for (var amount : MetaChecks.sorted(overhead)) {
            ResourceChecks.containerName(overhead.key(amount.getKey()), amount.getKey());
            ResourceChecks.amount(overhead.key(amount.getKey()), amount.getKey());
        }
    }

    static void runtimeClassUpdate(At runtimeClass, At old) {
        runtimeClass.field("handler").immutable(old.field("handler"));
    }

    static void lease(At lease) {
        At spec = lease.field("spec");
        At seconds = spec.field("leaseDurationSeconds");
        if (seconds.present() && seconds.number() <= 0) {
            seconds.invalid("must be greater than 0");
        }
        spec.field("leaseTransitions").nonNegative();
        if (spec.field("holderIdentity").present()
                && spec.field("holderIdentity").empty()) {
            // An empty holder is how a lease is given back.
            return;
        }
        if (spec.field("preferredHolder").present() && spec.field("strategy").empty()) {
            spec.field("preferredHolder").forbidden("may only be specified when `strategy` is defined");
        }
    }

    static void event(At event) {
        At namespace = event.field("metadata", "namespace");
        String about = event.field("involvedObject", "namespace").text();
        if (about.isEmpty()) {
            about = event.field("regarding", "namespace").text();
        }
        if (about.isEmpty()) {
            if (!namespace.text().equals("default") && !namespace.text().equals("kube-system")) {
                event.field("involvedObject", "namespace").invalid("does not match event.namespace");
            }
        } else if (!about.equals(namespace.text())) {
            event.field("involvedObject", "namespace").invalid(about, "does not match event.namespace");
        }
    }
}
