package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.tree.Tree;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Kubelets write their own node, its lease, and the pods bound to it; nobody else's. */
public final class NodeRestriction implements AdmissionRule {
    private static final String USER = "system:node:";
    private static final String GROUP = "system:nodes";
    private static final String MIRROR = "kubernetes.io/config.mirror";

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

    /** The rule. */
    public NodeRestriction() {}

    @Override
    public String name() {
        return "NodeRestriction";
    }

    /** The node that writes, or null where it is none. */
    private static @Nullable String node(Admitting write) {
        String user = write.intent().user().name();
        return user.startsWith(USER) && write.intent().user().groups().contains(GROUP)
                ? user.substring(USER.length())
                : null;
    }

    @Override
    public void validate(Admitting write) {
        String node = node(write);
        if (node == null) {
            return;
        }
        if (write.resource().is("", "pods")) {
            pod(write, node);
        } else if (write.resource().is("", "nodes")) {
            own(write, node);
        } else if (write.resource().is("coordination.k8s.io", "leases")) {
            if (!write.namespace().equals("kube-node-lease") || !write.name().equals(node)) {
                throw refused(write, "node \"" + node + "\" is not allowed to write leases other than its own");
            }
        } else if (write.resource().is("storage.k8s.io", "csinodes")
                && !write.name().equals(node)) {
            throw refused(write, "node \"" + node + "\" is not allowed to modify CSINode \"" + write.name() + "\"");
        }
    }

    private static void pod(Admitting write, String node) {
        ObjectNode object = write.object();
        ObjectNode old = write.old();
        switch (write.operation()) {
            case CREATE -> {
                if (object == null || !Tree.has(object, "metadata", "annotations", MIRROR)) {
                    throw refused(
                            write,
                            "pod does not have \"" + MIRROR + "\" annotation, node \"" + node
                                    + "\" can only create mirror pods");
                }
                if (!Tree.text(object, "spec", "nodeName").equals(node)) {
                    throw refused(write, "node \"" + node + "\" can only create pods with spec.nodeName set to itself");
                }
            }
            case UPDATE, DELETE -> {
                if (old == null || !Tree.text(old, "spec", "nodeName").equals(node)) {
                    String does = write.operation() == Operation.DELETE
                            ? "can only delete pods with spec.nodeName set to itself"
                            : "can only update pod status for pods with spec.nodeName set to itself";
                    throw refused(write, "node \"" + node + "\" " + does);
                }
            }
            case CONNECT -> {}
        }
    }

    private static void own(Admitting write, String node) {
        if (!write.name().equals(node)) {
            throw refused(write, "node \"" + node + "\" is not allowed to modify node \"" + write.name() + "\"");
        }
        ObjectNode object = write.object();
        ObjectNode old = write.old();
        if (object == null || write.operation() == Operation.DELETE) {
            return;
        }
        JsonNode before = old == null ? object.objectNode() : Tree.at(old, "metadata", "labels");
        for (Map.Entry<String, JsonNode> label : Tree.fields(object, "metadata", "labels")) {
            if (!label.getValue().equals(before.get(label.getKey())) && forbidden(label.getKey())) {
                throw refused(write, "is not allowed to modify labels: " + label.getKey());
            }
        }
        if (old != null
                && write.subresource().isEmpty()
                && !Tree.at(object, "spec", "taints").equals(Tree.at(old, "spec", "taints"))) {
            throw refused(write, "node \"" + node + "\" is not allowed to modify taints");
        }
    }

    private static boolean forbidden(String label) {
        int slash = label.indexOf('/');
        String domain = slash < 0 ? "" : label.substring(0, slash);
        boolean reserved = domain.equals("kubernetes.io")
                || domain.endsWith(".kubernetes.io")
                || domain.equals("k8s.io")
                || domain.endsWith(".k8s.io");
        if (!reserved || OWN_LABELS.contains(label)) {
            return false;
        }
        if (domain.equals("node-restriction.kubernetes.io") || domain.endsWith(".node-restriction.kubernetes.io")) {
            return true;
        }
        return !domain.equals("kubelet.kubernetes.io")
                && !domain.endsWith(".kubelet.kubernetes.io")
                && !domain.equals("node.kubernetes.io")
                && !domain.endsWith(".node.kubernetes.io");
    }

    private static StatusException refused(Admitting write, String why) {
        return write.resource().forbidden(write.name(), why);
    }
}
