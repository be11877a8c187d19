package dev.kite.apiserver.table;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import java.util.List;

/** Pods and pod templates. */
final class PodColumns {
    private PodColumns() {}

    static final List<Column> POD = List.of(
            Column.NAME,
            Column.text(
                    "Ready", "containers ready of all", r -> PodSummary.of(r).ready()),
            Column.text(
                    "Status", "what its containers do", r -> PodSummary.of(r).status()),
            Column.text("Restarts", "container restarts", r -> PodSummary.of(r).restarts()),
            Column.AGE,
            Column.text("IP", "first pod address", PodColumns::address).wide(),
            Column.text("Node", "where it runs", r -> r.or(Row.NONE, "spec", "nodeName"))
                    .wide(),
            Column.text("Nominated Node", "where it may run", r -> r.or(Row.NONE, "status", "nominatedNodeName"))
                    .wide(),
            Column.text("Readiness Gates", "gates passed of all", PodColumns::gates)
                    .wide());

    static final List<Column> POD_TEMPLATE = List.of(
            Column.NAME,
            priority0(Column.containers("template")),
            priority0(Column.images("template")),
            Column.text("Pod Labels", "the template's labels", r -> r.labels("template", "metadata", "labels")));

    private static Column priority0(Column column) {
        ColumnDefinition head = column.head();
        return new Column(
                new ColumnDefinition(head.name(), head.type(), head.format(), head.description(), 0), column.cell());
    }

    private static String address(Row row) {
        List<ObjectNode> addresses = row.objects("status", "podIPs");
        String first = addresses.isEmpty() ? row.text("status", "podIP") : Tree.text(addresses.getFirst(), "ip");
        return first.isEmpty() ? Row.NONE : first;
    }

    private static String gates(Row row) {
        List<ObjectNode> gates = row.objects("spec", "readinessGates");
        if (gates.isEmpty()) {
            return Row.NONE;
        }
        long passed = gates.stream()
                .filter(gate -> row.conditionIs(Tree.text(gate, "conditionType"), "True"))
                .count();
        return passed + "/" + gates.size();
    }
}
