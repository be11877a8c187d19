package dev.kite.apiserver.defaults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Namespaces, nodes, limits, autoscalers, classes, roles, devices. Stateless. */
final class ClusterDefaults {
    private static final String RBAC = "rbac.authorization.k8s.io";

    private ClusterDefaults() {}

    static void namespace(ObjectNode namespace) {
        String name = Tree.text(namespace, "metadata", "name");
        if (!name.isEmpty()) {
            Fill.in(
                    namespace,
                    "metadata",
                    metadata -> Fill.in(metadata, "labels", labels -> {
                        if (!Tree.text(labels, "kubernetes.io/metadata.name").equals(name)) {
                            labels.put("kubernetes.io/metadata.name", name);
                        }
                    }));
        }
        Fill.in(namespace, "status", status -> Fill.text(status, "phase", "Active"));
    }

    static void node(ObjectNode node) {
        Fill.at(
                node,
                status -> {
                    if (Fill.absent(status, "allocatable")
                            && status.path("capacity").isObject()) {
                        status.set("allocatable", status.get("capacity").deepCopy());
                    }
                },
                "status");
    }

    static void secret(ObjectNode secret) {
        Fill.text(secret, "type", "Opaque");
        writeOnly(secret);
    }

    /** stringData is never stored: it is a way to write data. A value that is no text is left for validation to refuse. */
    private static void writeOnly(ObjectNode secret) {
        boolean writable = Fill.absent(secret, "data") || secret.get("data") instanceof ObjectNode;
        if (!writable || !(secret.get("stringData") instanceof ObjectNode texts)) {
            return;
        }
        for (Map.Entry<String, JsonNode> entry : List.copyOf(texts.properties())) {
            if (entry.getValue().isTextual()) {
                byte[] bytes = entry.getValue().textValue().getBytes(StandardCharsets.UTF_8);
                secret.withObject("/data")
                        .put(entry.getKey(), Base64.getEncoder().encodeToString(bytes));
                texts.remove(entry.getKey());
            }
        }
        if (texts.isEmpty()) {
            secret.remove("stringData");
        }
    }

    static void limitRange(ObjectNode range) {
        Fill.each(range, ClusterDefaults::limit, "spec", "limits");
    }

    private static void limit(ObjectNode limit) {
        if (!Tree.text(limit, "type").equals("Container")) {
            return;
        }
        copy(limit, "default", limit.path("max"));
        copy(limit, "defaultRequest", limit.path("default"));
        copy(limit, "defaultRequest", limit.path("min"));
    }

    private static void copy(ObjectNode limit, String field, JsonNode from) {
        if (from.isObject() && !from.isEmpty()) {
            Fill.in(limit, field, into -> Fill.missing(into, from));
        }
    }

    static void autoscalerV1(ObjectNode scaler) {
        Fill.in(scaler, "spec", spec -> {
            Fill.number(spec, "minReplicas", 1);
            Fill.number(spec, "targetCPUUtilizationPercentage", 80);
        });
    }

    static void autoscalerV2(ObjectNode scaler) {
        Fill.in(scaler, "spec", spec -> {
            Fill.number(spec, "minReplicas", 1);
            JsonNode metrics = spec.path("metrics");
            if (metrics.isMissingNode() || metrics.isNull() || (metrics.isArray() && metrics.isEmpty())) {
                ObjectNode resource = spec.putArray("metrics")
                        .addObject()
                        .put("type", "Resource")
                        .putObject("resource");
                resource.put("name", "cpu")
                        .putObject("target")
                        .put("type", "Utilization")
                        .put("averageUtilization", 80);
            }
            Fill.at(spec, ClusterDefaults::behavior, "behavior");
        });
    }

    private static void behavior(ObjectNode behavior) {
        Fill.in(behavior, "scaleUp", up -> {
            Fill.number(up, "stabilizationWindowSeconds", 0);
            Fill.pointer(up, "selectPolicy", "Max");
            if (Fill.absent(up, "policies")) {
                ArrayNode policies = up.putArray("policies");
                policy(policies, "Pods", 4);
                policy(policies, "Percent", 100);
            }
        });
        Fill.in(behavior, "scaleDown", down -> {
            Fill.pointer(down, "selectPolicy", "Max");
            if (Fill.absent(down, "policies")) {
                policy(down.putArray("policies"), "Percent", 100);
            }
        });
    }

    private static void policy(ArrayNode policies, String type, int value) {
        policies.addObject().put("type", type).put("value", value).put("periodSeconds", 15);
    }

    static void priorityClass(ObjectNode priorityClass) {
        Fill.pointer(priorityClass, "preemptionPolicy", "PreemptLowerPriority");
    }

    static void roleBinding(ObjectNode binding) {
        Fill.in(binding, "roleRef", role -> Fill.text(role, "apiGroup", RBAC));
        Fill.each(
                binding,
                subject -> {
                    String kind = Tree.text(subject, "kind");
                    if (kind.equals("User") || kind.equals("Group")) {
                        Fill.text(subject, "apiGroup", RBAC);
                    }
                },
                "subjects");
    }

    static void tokenRequest(ObjectNode request) {
        Fill.in(request, "spec", spec -> Fill.number(spec, "expirationSeconds", 3600));
    }

    static void podCertificate(ObjectNode request) {
        Fill.in(request, "spec", spec -> Fill.number(spec, "maxExpirationSeconds", 86400));
    }

    /** A claim for devices, or the template of one at its spec. */
    static void resourceClaim(ObjectNode claim) {
        Fill.each(claim, ClusterDefaults::deviceRequest, "spec", "devices", "requests");
    }

    static void resourceClaimTemplate(ObjectNode template) {
        Fill.at(template, ClusterDefaults::resourceClaim, "spec");
    }

    private static void deviceRequest(ObjectNode request) {
        if (!Tree.text(request, "deviceClassName").isEmpty()) {
            exactDevices(request);
        }
        Fill.at(request, ClusterDefaults::exactDevices, "exactly");
        Fill.each(request, ClusterDefaults::exactDevices, "firstAvailable");
    }

    private static void exactDevices(ObjectNode request) {
        Fill.text(request, "allocationMode", "ExactCount");
        if (Tree.text(request, "allocationMode").equals("ExactCount")) {
            Fill.nonZero(request, "count", 1);
        }
        Fill.each(request, toleration -> Fill.text(toleration, "operator", "Equal"), "tolerations");
    }
}
