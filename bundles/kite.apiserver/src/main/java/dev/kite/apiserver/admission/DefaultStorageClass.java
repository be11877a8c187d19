package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.tree.Tree;

/** Claims without a storage class get the one that is marked as default. */
final class DefaultStorageClass implements AdmissionRule {
    private final Lookups lookups;

    DefaultStorageClass(Lookups lookups) {
        this.lookups = lookups;
    }

    @Override
    public String name() {
        return "DefaultStorageClass";
    }

    @Override
    public void admit(Admitting write) {
        ObjectNode claim = write.object();
        if (claim == null || write.operation() != Operation.CREATE || !write.isOf("", "persistentvolumeclaims")) {
            return;
        }
        boolean chosen = Tree.has(claim, "spec", "storageClassName")
                || Tree.has(claim, "metadata", "annotations", "volume.beta.kubernetes.io/storage-class");
        String found = chosen
                ? null
                : DefaultClasses.marked(
                        lookups.list("storage.k8s.io", "storageclasses", ""),
                        "storageclass.kubernetes.io/is-default-class",
                        "storageclass.beta.kubernetes.io/is-default-class");
        if (found != null) {
            claim.withObject("/spec").put("storageClassName", found);
        }
    }
}
