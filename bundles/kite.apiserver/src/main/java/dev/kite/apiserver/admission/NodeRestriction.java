package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.tree.Tree;
import dev.kite.security.Authorization;
import dev.kite.security.CertificateSigningRequest;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Kubelets write their own node, its lease, and the pods bound to it; nobody else's. */
public final class NodeRestriction implements AdmissionRule {
    private static final String USER = "system:node:";
    private static final String GROUP = "system:nodes";
    private static final List<String> KUBELET_SIGNERS =
            List.of("kubernetes.io/kubelet-serving", "kubernetes.io/kube-apiserver-client-kubelet");

    private final NodePods pods;
    private final NodeTokens tokens;

    /**
     * The rule.
     *
     * @param lookups finds pods and nodes
     * @param authorization knows which audiences nodes may ask for by name; null in tests that have none
     */
    public NodeRestriction(Lookups lookups, @Nullable Authorization authorization) {
        this.pods = new NodePods(lookups);
        this.tokens = new NodeTokens(lookups, authorization);
    }

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
    public void admit(Admitting write) {
        String node = node(write);
        if (node == null || write.operation() == Operation.CONNECT) {
            return;
        }
        if (node.isEmpty()) {
            throw refused(
                    write,
                    "could not determine node from user \""
                            + write.intent().user().name() + "\"");
        }
        switch (write.resource().qualified()) {
            case "pods" -> pods.check(write, node);
            case "serviceaccounts" -> tokens.check(write, node);
            case "nodes" -> NodeOwn.check(write, node);
            case "persistentvolumeclaims" -> claim(write, node);
            case "leases.coordination.k8s.io" -> lease(write, node);
            case "csinodes.storage.k8s.io" ->
                demand(
                        write,
                        write.name().equals(node),
                        "can only access CSINode with the same name as the requesting node");
            case "resourceslices.resource.k8s.io" -> slice(write, node);
            case "certificatesigningrequests.certificates.k8s.io" -> request(write, node);
            default -> {}
        }
    }

    private static void lease(Admitting write, String node) {
        demand(
                write,
                write.namespace().equals("kube-node-lease"),
                "can only access leases in the \"kube-node-lease\" system namespace");
        demand(
                write,
                write.name().equals(node),
                "can only access node lease with the same name as the requesting node");
    }

    private static void claim(Admitting write, String node) {
        demand(write, write.subresource().equals("status"), "may only update PVC status");
        ObjectNode object = write.object();
        ObjectNode old = write.old();
        if (object != null && old != null && !plain(object).equals(plain(old))) {
            throw refused(
                    write,
                    "node \"" + node
                            + "\" is not allowed to update fields other than status.quantity and status.conditions");
        }
    }

    private static ObjectNode plain(ObjectNode claim) {
        ObjectNode plain = claim.deepCopy();
        if (plain.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove(List.of("resourceVersion", "managedFields"));
        }
        if (plain.get("status") instanceof ObjectNode status) {
            status.remove(List.of("capacity", "conditions", "allocatedResourceStatuses", "allocatedResources"));
            if (status.isEmpty()) {
                plain.remove("status");
            }
        }
        return plain;
    }

    private static void slice(Admitting write, String node) {
        switch (write.operation()) {
            case CREATE ->
                demand(
                        write,
                        Tree.text(write.object(), "spec", "nodeName").equals(node),
                        "can only create ResourceSlice with the same NodeName as the requesting node");
            case DELETE ->
                demand(
                        write,
                        Tree.text(write.old(), "spec", "nodeName").equals(node),
                        "can only delete ResourceSlice with the same NodeName as the requesting node");
            case UPDATE, CONNECT -> {}
        }
    }

    private static void request(Admitting write, String node) {
        ObjectNode request = write.object();
        if (write.operation() != Operation.CREATE
                || !KUBELET_SIGNERS.contains(Tree.text(request, "spec", "signerName"))) {
            return;
        }
        try {
            byte[] pem = Base64.getDecoder().decode(Tree.text(request, "spec", "request"));
            demand(
                    write,
                    CertificateSigningRequest.parse(pem).commonName().equals(USER + node),
                    "can only create a node CSR with CN=" + USER + node);
        } catch (IllegalArgumentException e) {
            throw refused(write, "unable to parse csr: " + e.getMessage());
        }
    }

    static void demand(Admitting write, boolean holds, String otherwise) {
        if (!holds) {
            throw refused(write, otherwise);
        }
    }

    static RuntimeException refused(Admitting write, String why) {
        return write.resource().forbidden(write.name(), why);
    }
}
