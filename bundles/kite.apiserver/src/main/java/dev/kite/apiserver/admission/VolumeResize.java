package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.tree.Tree;
import dev.kite.model.Quantity;

/** Claims grow only once they are bound, and where their storage class allows it. */
final class VolumeResize implements AdmissionRule {
    private final Lookups lookups;

    VolumeResize(Lookups lookups) {
        this.lookups = lookups;
    }

    @Override
    public String name() {
        return "PersistentVolumeClaimResize";
    }

    @Override
    public void validate(Admitting write) {
        ObjectNode claim = write.object();
        ObjectNode old = write.old();
        if (claim == null
                || old == null
                || write.operation() != Operation.UPDATE
                || !write.isOf("", "persistentvolumeclaims")
                || size(claim).compareTo(size(old)) <= 0) {
            return;
        }
        if (!Tree.text(old, "status", "phase").equals("Bound")) {
            throw write.resource().forbidden(write.name(), "Only bound persistent volume claims can be expanded");
        }
        String name = storageClass(claim);
        boolean named = !name.isEmpty() && name.equals(storageClass(old));
        ObjectNode found = named ? lookups.find("storage.k8s.io", "storageclasses", "", name) : null;
        if (!Tree.flag(found, "allowVolumeExpansion")) {
            throw write.resource()
                    .forbidden(
                            write.name(),
                            "only dynamically provisioned pvc can be resized and the storageclass that provisions the"
                                    + " pvc must support resize");
        }
    }

    private static Quantity size(ObjectNode claim) {
        Quantity size = Amounts.at(Tree.at(claim, "spec", "resources", "requests"), "storage");
        return size == null ? Quantity.ZERO : size;
    }

    private static String storageClass(ObjectNode claim) {
        String old = Tree.text(claim, "metadata", "annotations", "volume.beta.kubernetes.io/storage-class");
        return old.isEmpty() ? Tree.text(claim, "spec", "storageClassName") : old;
    }
}
