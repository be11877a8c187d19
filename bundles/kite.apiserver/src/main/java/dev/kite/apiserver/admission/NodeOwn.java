package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.tree.Tree;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a kubelet may write of its own node. Stateless. */
final class NodeOwn {
    /** Labels below kubernetes.io and k8s.io that kubelets may set on their node. */
    private static final Set<String> OWN_LABELS = Set.of(
            "kubernetes.io/hostname",
            "kubernetes.io/arch",
            "kubernetes.io/os",
            "beta.kubernetes.io/arch",
            "beta.kubernetes.io/os",
            "beta.kubernetes.io/instance-type",
            "node.kubernetes.io/instance-type",
            "failure-domain.beta.kubernetes.io/region",
            "failure-domain.beta.kubernetes.io/zone",
            "failure-domain.kubernetes.io/region",
            "failure-domain.kubernetes.io/zone",
            "topology.kubernetes.io/region",
            "topology.kubernetes.io/zone");

    private NodeOwn() {}

    static void check(Admitting write, String node) {
        NodeRestriction.demand(
                write,
                write.name().equals(node),
                "node \"" + node + "\" is not allowed to modify node \"" + write.name() + "\"");
        ObjectNode object = write.object();
        ObjectNode old = write.old();
        if (object == null || write.operation() == Operation.DELETE) {
            return;
        }
        Set<String> bad = new TreeSet<>();
        for (String label : changed(object, old)) {
            if (forbidden(label)) {
                bad.add(label);
            }
        }
        if (old == null) {
            NodeRestriction.demand(
                    write,
                    bad.isEmpty(),
                    "node \"" + node + "\" is not allowed to set the following labels: " + String.join(", ", bad));
            return;
        }
        same(write, node, object, old, "taints", "spec", "taints");
        same(write, node, object, old, "ownerReferences", "metadata", "ownerReferences");
        NodeRestriction.demand(write, bad.isEmpty(), "is not allowed to modify labels: " + String.join(", ", bad));
    }

    private static void same(
            Admitting write, String node, ObjectNode object, ObjectNode old, String what, String... path) {
        JsonNode now = Tree.at(object, path);
        JsonNode before = Tree.at(old, path);
        boolean same = now.equals(before) || (now.isEmpty() && before.isEmpty());
        NodeRestriction.demand(write, same, "node \"" + node + "\" is not allowed to modify " + what);
    }

    private static Set<String> changed(ObjectNode object, @org.jspecify.annotations.Nullable ObjectNode old) {
        JsonNode now = Tree.at(object, "metadata", "labels");
        JsonNode before = Tree.at(old, "metadata", "labels");
        Set<String> changed = new TreeSet<>();
        for (Map.Entry<String, JsonNode> label : Tree.fields(now)) {
            if (!label.getValue().equals(before.get(label.getKey()))) {
                changed.add(label.getKey());
            }
        }
        for (Map.Entry<String, JsonNode> label : Tree.fields(before)) {
            if (!now.has(label.getKey())) {
                changed.add(label.getKey());
            }
        }
        return changed;
    }

    private static boolean forbidden(String label) {
        int slash = label.indexOf('/');
        String domain = slash < 0 ? "" : label.substring(0, slash);
        if (in(domain, "node-restriction.kubernetes.io")) {
            return true;
        }
        boolean reserved = in(domain, "kubernetes.io") || in(domain, "k8s.io");
        boolean kubelets = in(domain, "kubelet.kubernetes.io") || in(domain, "node.kubernetes.io");
        return reserved && !kubelets && !OWN_LABELS.contains(label);
    }

    private static boolean in(String domain, String parent) {
        return domain.equals(parent) || domain.endsWith("." + parent);
    }
}
