package dev.kite.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Between autoscaling/v2, as which autoscalers are stored, and v1, which knows one CPU target and carries the rest in annotations
 * named {@code autoscaling.alpha.kubernetes.io/…}. Stateless.
 */
final class AutoscalerForms {
    private static final String PREFIX = "autoscaling.alpha.kubernetes.io/";
    private static final String METRICS = PREFIX + "metrics";
    private static final String BEHAVIOR = PREFIX + "behavior";
    private static final String CONDITIONS = PREFIX + "conditions";
    private static final String CURRENT = PREFIX + "current-metrics";

    private AutoscalerForms() {}

    static void toV1(ObjectNode autoscaler) {
        ObjectNode spec = autoscaler.withObject("/spec");
        ArrayNode others = JsonNodeFactory.instance.arrayNode();
        for (JsonNode metric : removed(spec, "metrics")) {
            if (isCpu(metric, "target") && !spec.has("targetCPUUtilizationPercentage")) {
                spec.set("targetCPUUtilizationPercentage", Tree.at(metric, "resource", "target", "averageUtilization"));
            } else {
                others.add(metric);
            }
        }
        keep(autoscaler, METRICS, others);
        keep(autoscaler, BEHAVIOR, removed(spec, "behavior"));
        if (autoscaler.get("status") instanceof ObjectNode status) {
            ArrayNode current = JsonNodeFactory.instance.arrayNode();
            for (JsonNode metric : removed(status, "currentMetrics")) {
                if (isCpu(metric, "current") && !status.has("currentCPUUtilizationPercentage")) {
                    status.set(
                            "currentCPUUtilizationPercentage",
                            Tree.at(metric, "resource", "current", "averageUtilization"));
                } else {
                    current.add(metric);
                }
            }
            keep(autoscaler, CURRENT, current);
            keep(autoscaler, CONDITIONS, removed(status, "conditions"));
        }
    }

    static void toV2(ObjectNode autoscaler) {
        ObjectNode spec = autoscaler.withObject("/spec");
        ArrayNode metrics = JsonNodeFactory.instance.arrayNode();
        addCpu(metrics, "target", spec.remove("targetCPUUtilizationPercentage"));
        if (taken(autoscaler, METRICS) instanceof ArrayNode kept) {
            metrics.addAll(kept);
        }
        set(spec, "metrics", metrics);
        set(spec, "behavior", taken(autoscaler, BEHAVIOR));
        JsonNode conditions = taken(autoscaler, CONDITIONS);
        JsonNode current = taken(autoscaler, CURRENT);
        if (autoscaler.get("status") instanceof ObjectNode status) {
            ArrayNode all = JsonNodeFactory.instance.arrayNode();
            addCpu(all, "current", status.remove("currentCPUUtilizationPercentage"));
            if (current instanceof ArrayNode kept) {
                all.addAll(kept);
            }
            set(status, "currentMetrics", all);
            set(status, "conditions", conditions);
        }
    }

    private static boolean isCpu(JsonNode metric, String side) {
        return Tree.text(metric, "type").equals("Resource")
                && Tree.text(metric, "resource", "name").equals("cpu")
                && Tree.has(metric, "resource", side, "averageUtilization");
    }

    private static void addCpu(ArrayNode metrics, String side, @Nullable JsonNode utilization) {
        if (utilization != null && utilization.isNumber()) {
            ObjectNode resource = metrics.addObject().put("type", "Resource").putObject("resource");
            ObjectNode value = resource.put("name", "cpu").putObject(side);
            if (side.equals("target")) {
                value.put("type", "Utilization");
            }
            value.set("averageUtilization", utilization);
        }
    }

    private static JsonNode removed(ObjectNode from, String field) {
        JsonNode value = from.remove(field);
        return value == null ? JsonNodeFactory.instance.missingNode() : value;
    }

    private static void set(ObjectNode into, String field, @Nullable JsonNode value) {
        if (value != null && !value.isEmpty()) {
            into.set(field, value);
        }
    }

    private static void keep(ObjectNode autoscaler, String annotation, JsonNode value) {
        if (!value.isEmpty()) {
            Trees.metadata(autoscaler).withObject("/annotations").put(annotation, value.toString());
        }
    }

    private static JsonNode taken(ObjectNode autoscaler, String annotation) {
        ObjectNode annotations = Tree.object(autoscaler, "metadata", "annotations");
        JsonNode text = annotations == null ? null : annotations.remove(annotation);
        if (text == null || !text.isTextual()) {
            return JsonNodeFactory.instance.missingNode();
        }
        try {
            return Trees.mapper().readTree(text.textValue());
        } catch (IOException _) {
            return JsonNodeFactory.instance
                    .missingNode(); // somebody else's annotation of that name: nothing to restore
        }
    }
}
