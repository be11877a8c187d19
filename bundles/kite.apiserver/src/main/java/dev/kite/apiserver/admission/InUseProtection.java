package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;

/** Volumes and claims that are in use don't go: a controller takes the finalizer away once they are not. */
public final class InUseProtection implements AdmissionRule {
    /** The rule. */
    public InUseProtection() {}

    @Override
    public String name() {
        return "StorageObjectInUseProtection";
    }

    @Override
    public void admit(Admitting write) {
        ObjectNode object = write.object();
        if (object == null || write.operation() != Operation.CREATE) {
            return;
        }
        if (write.isOf("", "persistentvolumeclaims")) {
            protect(object, "kubernetes.io/pvc-protection");
        } else if (write.isOf("", "persistentvolumes")) {
            protect(object, "kubernetes.io/pv-protection");
        }
    }

    private static void protect(ObjectNode object, String finalizer) {
        ObjectNode metadata = Trees.metadata(object);
        if (!Tree.texts(metadata, "finalizers").contains(finalizer)) {
            ArrayNode finalizers =
                    metadata.get("finalizers") instanceof ArrayNode there ? there : metadata.putArray("finalizers");
            finalizers.add(finalizer);
        }
    }
}
