package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.security.Attributes;
import dev.kite.api.security.Authorizer.Verdict;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.tree.Tree;
import dev.kite.security.Authorization;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which tokens a kubelet may have: those of pods on its node, for audiences that their volumes name or that it is allowed by name. */
final class NodeTokens {
    private final Lookups lookups;
    private final @Nullable Authorization authorization;

    NodeTokens(Lookups lookups, @Nullable Authorization authorization) {
        this.lookups = lookups;
        this.authorization = authorization;
    }

    void check(Admitting write, String node) {
        if (write.operation() != Operation.CREATE || !write.subresource().equals("token")) {
            return;
        }
        ObjectNode bound = Tree.object(write.object(), "spec", "boundObjectRef");
        String name = Tree.text(bound, "name");
        boolean toPod = Tree.text(bound, "apiVersion").equals("v1")
                && Tree.text(bound, "kind").equals("Pod")
                && !name.isEmpty();
        NodeRestriction.demand(write, toPod, "node requested token not bound to a pod");
        String uid = Tree.text(bound, "uid");
        NodeRestriction.demand(write, !uid.isEmpty(), "node requested token with a pod binding without a uid");
        ObjectNode pod = lookups.find("", "pods", write.namespace(), name);
        if (pod == null) {
            throw Errors.notFound("", "pods", name);
        }
        NodeRestriction.demand(
                write,
                uid.equals(Tree.text(pod, "metadata", "uid")),
                "the UID in the bound object reference (" + uid
                        + ") does not match the UID in record. The object might have been deleted and then recreated");
        NodeRestriction.demand(
                write,
                Tree.text(pod, "spec", "nodeName").equals(node),
                "node requested token bound to a pod scheduled on a different node");
        audience(write, pod);
    }

    private void audience(Admitting write, ObjectNode pod) {
        List<String> audiences = Tree.texts(write.object(), "spec", "audiences");
        NodeRestriction.demand(write, audiences.size() <= 1, "node may only request 0 or 1 audiences");
        String audience = audiences.isEmpty() ? "" : audiences.getFirst();
        if (named(pod, audience)) {
            return;
        }
        boolean allowed = authorization != null
                && authorization
                                .authorize(new Attributes(
                                        write.intent().user(),
                                        "request-serviceaccounts-token-audience",
                                        true,
                                        "",
                                        "v1",
                                        audience,
                                        "",
                                        write.namespace(),
                                        write.name(),
                                        "",
                                        ""))
                                .verdict()
                        == Verdict.ALLOW;
        NodeRestriction.demand(
                write,
                allowed,
                "audience \"" + audience + "\" not found in pod spec volume, "
                        + write.intent().user().name() + " is not authorized to request tokens for this audience");
    }

    /** Whether one of the pod's volumes has a token for the audience, or the driver of one asks for it. */
    private boolean named(ObjectNode pod, String audience) {
        for (ObjectNode volume : Tree.objects(pod, "spec", "volumes")) {
            for (ObjectNode source : Tree.objects(volume, "projected", "sources")) {
                if (Tree.has(source, "serviceAccountToken")
                        && Tree.text(source, "serviceAccountToken", "audience").equals(audience)) {
                    return true;
                }
            }
            if (asks(driver(pod, volume), audience)) {
                return true;
            }
        }
        return false;
    }

    private String driver(ObjectNode pod, ObjectNode volume) {
        if (Tree.has(volume, "csi")) {
            return Tree.text(volume, "csi", "driver");
        }
        String claim = Tree.text(volume, "persistentVolumeClaim", "claimName");
        if (Tree.has(volume, "ephemeral", "volumeClaimTemplate")) {
            claim = Tree.text(pod, "metadata", "name") + "-" + Tree.text(volume, "name");
        }
        if (claim.isEmpty()) {
            return "";
        }
        ObjectNode of = lookups.find("", "persistentvolumeclaims", Tree.text(pod, "metadata", "namespace"), claim);
        String name = Tree.text(of, "spec", "volumeName");
        ObjectNode backing = name.isEmpty() ? null : lookups.find("", "persistentvolumes", "", name);
        return Tree.text(backing, "spec", "csi", "driver");
    }

    private boolean asks(String driver, String audience) {
        ObjectNode csi = driver.isEmpty() ? null : lookups.find("storage.k8s.io", "csidrivers", "", driver);
        return Tree.objects(csi, "spec", "tokenRequests").stream()
                .anyMatch(request -> Tree.text(request, "audience").equals(audience));
    }
}
