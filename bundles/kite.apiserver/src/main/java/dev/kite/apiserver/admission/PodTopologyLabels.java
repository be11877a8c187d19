package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import java.util.List;

/** Pods that are bound to a node carry its zone and region as labels, so that they find them by the downward API. */
final class PodTopologyLabels implements AdmissionRule {
    private static final List<String> LABELS = List.of("topology.kubernetes.io/zone", "topology.kubernetes.io/region");

    private final Lookups lookups;

    PodTopologyLabels(Lookups lookups) {
        this.lookups = lookups;
    }

    @Override
    public String name() {
        return "PodTopologyLabels";
    }

    @Override
    public void admit(Admitting write) {
        ObjectNode object = write.object();
        if (object == null || !write.resource().is("", "pods")) {
            return;
        }
        switch (write.subresource()) {
            case "" -> label(object, Tree.text(object, "spec", "nodeName"));
            case "binding" -> {
                String kind = Tree.text(object, "target", "kind");
                if (kind.equals("Node")) {
                    label(object, Tree.text(object, "target", "name"));
                }
            }
            default -> {}
        }
    }

    private void label(ObjectNode object, String name) {
        ObjectNode node = name.isEmpty() ? null : lookups.find("", "nodes", "", name);
        for (String label : LABELS) {
            if (Tree.has(node, "metadata", "labels", label)) {
                ObjectNode metadata = Trees.metadata(object);
                ObjectNode labels =
                        metadata.get("labels") instanceof ObjectNode there ? there : metadata.putObject("labels");
                labels.set(label, Tree.at(node, "metadata", "labels", label));
            }
        }
    }
}
