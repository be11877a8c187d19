package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.tree.Tree;

/** A new node takes no pods until the node lifecycle controller has seen it ready. */
public final class NodeTaints implements AdmissionRule {
    private static final String NOT_READY = "node.kubernetes.io/not-ready";

    /** The rule. */
    public NodeTaints() {}

    @Override
    public String name() {
        return "TaintNodesByCondition";
    }

    @Override
    public void admit(Admitting write) {
        ObjectNode node = write.object();
        if (node == null || write.operation() != Operation.CREATE || !write.isOf("", "nodes")) {
            return;
        }
        ObjectNode spec = node.withObject("/spec");
        boolean there = Tree.objects(spec, "taints").stream()
                .anyMatch(taint -> Tree.text(taint, "key").equals(NOT_READY)
                        && Tree.text(taint, "effect").equals("NoSchedule"));
        if (!there) {
            ArrayNode taints = spec.get("taints") instanceof ArrayNode array ? array : spec.putArray("taints");
            taints.addObject().put("key", NOT_READY).put("effect", "NoSchedule");
        }
    }
}
