package dev.kite.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import java.util.ArrayList;
import java.util.List;

/** Horizontal pod autoscalers, v1 and v2. */
final class AutoscalerColumns {
    private static final int SHOWN = 2;

    private AutoscalerColumns() {}

    static final List<Column> AUTOSCALER = List.of(
            Column.NAME,
            Column.text(
                    "Reference",
                    "what it scales",
                    r -> r.text("spec", "scaleTargetRef", "kind") + "/" + r.text("spec", "scaleTargetRef", "name")),
            Column.text("Targets", "current of wanted, a metric each", AutoscalerColumns::targets),
            Column.text("MinPods", "lowest number of pods", r -> r.intOrString(Row.UNSET, "spec", "minReplicas")),
            Column.text("MaxPods", "highest number of pods", r -> r.number("spec", "maxReplicas")),
            Column.text("Replicas", "pods there are", r -> r.number("status", "currentReplicas")),
            Column.AGE);

    private static String targets(Row row) {
        if (row.has("spec", "targetCPUUtilizationPercentage")) {
            return "cpu: " + percent(row.at("status", "currentCPUUtilizationPercentage")) + "/"
                    + percent(row.at("spec", "targetCPUUtilizationPercentage"));
        }
        List<ObjectNode> metrics = row.objects("spec", "metrics");
        if (metrics.isEmpty()) {
            return Row.NONE;
        }
        List<ObjectNode> current = row.objects("status", "currentMetrics");
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < Math.min(SHOWN, metrics.size()); i++) {
            shown.add(metric(metrics.get(i), i < current.size() ? current.get(i) : Tree.at(null)));
        }
        String words = String.join(", ", shown);
        return metrics.size() > SHOWN ? words + " + " + (metrics.size() - SHOWN) + " more..." : words;
    }

    private static String metric(ObjectNode wanted, JsonNode current) {
        return switch (Tree.text(wanted, "type")) {
            case "External" -> value(wanted.path("external"), current.path("external"));
            case "Object" -> value(wanted.path("object"), current.path("object"));
            case "Pods" ->
                quantity(current.path("pods"), "current", "averageValue") + "/"
                        + quantity(wanted.path("pods"), "target", "averageValue");
            case "Resource" -> resource(wanted.path("resource"), current.path("resource"));
            case "ContainerResource" -> resource(wanted.path("containerResource"), current.path("containerResource"));
            default -> "<unknown type>";
        };
    }

    private static String value(JsonNode wanted, JsonNode current) {
        if (Tree.has(wanted, "target", "averageValue")) {
            return quantity(current, "current", "averageValue") + "/" + quantity(wanted, "target", "averageValue")
                    + " (avg)";
        }
        return quantity(current, "current", "value") + "/" + quantity(wanted, "target", "value");
    }

    private static String resource(JsonNode wanted, JsonNode current) {
        String name = Tree.text(wanted, "name");
        if (Tree.has(wanted, "target", "averageValue")) {
            return name + ": " + quantity(current, "current", "averageValue") + "/"
                    + quantity(wanted, "target", "averageValue");
        }
        JsonNode target = Tree.at(wanted, "target", "averageUtilization");
        return name + ": " + percent(Tree.at(current, "current", "averageUtilization")) + "/"
                + (target.isNumber() ? percent(target) : "<auto>");
    }

    private static String percent(JsonNode number) {
        return number.isNumber() ? number.longValue() + "%" : Row.UNKNOWN;
    }

    private static String quantity(JsonNode node, String... path) {
        JsonNode found = Tree.at(node, path);
        return found.isTextual() || found.isNumber() ? found.asText() : Row.UNKNOWN;
    }
}
