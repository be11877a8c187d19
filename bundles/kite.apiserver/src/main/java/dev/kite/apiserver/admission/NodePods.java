package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.tree.Tree;
import java.util.List;

/** What a kubelet may do with pods: mirror its static ones, report on those that run on it, and end them. */
final class NodePods {
    private static final String MIRROR = "kubernetes.io/config.mirror";

    private final Lookups lookups;

    NodePods(Lookups lookups) {
        this.lookups = lookups;
    }

    void check(Admitting write, String node) {
        switch (write.subresource()) {
            case "" -> object(write, node);
            case "status" -> status(write, node);
            case "eviction" -> {
                ObjectNode pod = lookups.find("", "pods", write.namespace(), write.name());
                if (pod == null) {
                    throw Errors.notFound("", "pods", write.name());
                }
                demand(
                        write,
                        Tree.text(pod, "spec", "nodeName").equals(node),
                        "node " + node + " can only evict pods with spec.nodeName set to itself");
            }
            default ->
                throw NodeRestriction.refused(
                        write,
                        "unexpected pod subresource \"" + write.subresource()
                                + "\", only 'status' and 'eviction' are allowed");
        }
    }

    private void object(Admitting write, String node) {
        switch (write.operation()) {
            case CREATE -> create(write, node);
            case DELETE ->
                demand(
                        write,
                        Tree.text(write.old(), "spec", "nodeName").equals(node),
                        "node \"" + node + "\" can only delete pods with spec.nodeName set to itself");
            case UPDATE, CONNECT ->
                throw NodeRestriction.refused(
                        write,
                        "unexpected operation \"" + write.operation() + "\", node \"" + node
                                + "\" can only create and delete mirror pods");
        }
    }

    private void create(Admitting write, String node) {
        ObjectNode pod = write.object();
        demand(
                write,
                pod != null && Tree.has(pod, "metadata", "annotations", MIRROR),
                "pod does not have \"" + MIRROR + "\" annotation, node \"" + node + "\" can only create mirror pods");
        demand(
                write,
                Tree.text(pod, "spec", "nodeName").equals(node),
                "node \"" + node + "\" can only create pods with spec.nodeName set to itself");
        List<ObjectNode> owners = Tree.objects(pod, "metadata", "ownerReferences");
        demand(
                write,
                owners.size() <= 1,
                "node \"" + node + "\" can only create pods with a single owner reference set to itself");
        ObjectNode owner = owners.isEmpty() ? null : owners.getFirst();
        demand(
                write,
                owner != null
                        && Tree.text(owner, "apiVersion").equals("v1")
                        && Tree.text(owner, "kind").equals("Node")
                        && Tree.text(owner, "name").equals(node),
                "node \"" + node + "\" can only create pods with an owner reference set to itself");
        demand(
                write,
                Tree.flag(owner, "controller"),
                "node \"" + node + "\" can only create pods with a controller owner reference set to itself");
        demand(
                write,
                !Tree.flag(owner, "blockOwnerDeletion"),
                "node \"" + node + "\" must not set blockOwnerDeletion on an owner reference");
        ObjectNode own = lookups.find("", "nodes", "", node);
        String uid = Tree.text(own, "metadata", "uid");
        demand(
                write,
                own != null && uid.equals(Tree.text(owner, "uid")),
                "node " + node + " UID mismatch: expected " + Tree.text(owner, "uid") + " got " + uid);
        if (pod != null) {
            references(write, node, pod);
        }
    }

    private static void references(Admitting write, String node, ObjectNode pod) {
        String found = "";
        if (PodSecrets.any(pod)) {
            found = "secrets";
        } else if (!Tree.text(pod, "spec", "serviceAccountName").isEmpty()) {
            found = "serviceaccounts";
        }
        for (ObjectNode volume : Tree.objects(pod, "spec", "volumes")) {
            boolean projected = Tree.objects(volume, "projected", "sources").stream()
                    .anyMatch(source -> Tree.has(source, "configMap"));
            if (Tree.has(volume, "configMap") || projected) {
                found = "configmaps";
            } else if (Tree.has(volume, "persistentVolumeClaim")) {
                found = "persistentvolumeclaims";
            }
        }
        demand(write, found.isEmpty(), "node \"" + node + "\" can not create pods that reference " + found);
    }

    private static void status(Admitting write, String node) {
        ObjectNode old = write.old();
        ObjectNode pod = write.object();
        demand(
                write,
                old != null && Tree.text(old, "spec", "nodeName").equals(node),
                "node \"" + node + "\" can only update pod status for pods with spec.nodeName set to itself");
        demand(
                write,
                Tree.at(pod, "metadata", "labels").equals(Tree.at(old, "metadata", "labels")),
                "node \"" + node + "\" cannot update labels through pod status");
        demand(
                write,
                Tree.at(pod, "status", "resourceClaimStatuses").equals(Tree.at(old, "status", "resourceClaimStatuses")),
                "node \"" + node + "\" cannot update resource claim statues");
        demand(
                write,
                Tree.at(pod, "status", "extendedResourceClaimStatus")
                        .equals(Tree.at(old, "status", "extendedResourceClaimStatus")),
                "node \"" + node + "\" cannot update extended resource claim status");
    }

    private static void demand(Admitting write, boolean holds, String otherwise) {
        NodeRestriction.demand(write, holds, otherwise);
    }
}
