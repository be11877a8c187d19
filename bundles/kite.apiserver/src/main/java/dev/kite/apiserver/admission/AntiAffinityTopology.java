package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.tree.Tree;

/** Pods keep others from their node at most, not from a whole zone. */
final class AntiAffinityTopology implements AdmissionRule {
    private static final String HOST = "kubernetes.io/hostname";

    AntiAffinityTopology() {}

    @Override
    public String name() {
        return "LimitPodHardAntiAffinityTopology";
    }

    @Override
    public void validate(Admitting write) {
        boolean written = write.operation() == Operation.CREATE || write.operation() == Operation.UPDATE;
        if (!written || !write.isOf("", "pods")) {
            return;
        }
        for (ObjectNode term : Tree.objects(
                write.object(),
                "spec",
                "affinity",
                "podAntiAffinity",
                "requiredDuringSchedulingIgnoredDuringExecution")) {
            String key = Tree.text(term, "topologyKey");
            if (!key.equals(HOST)) {
                throw write.resource()
                        .forbidden(
                                write.name(),
                                "affinity.PodAntiAffinity.RequiredDuringScheduling has TopologyKey " + key
                                        + " but only key " + HOST + " is allowed");
            }
        }
    }
}
