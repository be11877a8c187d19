package dev.kite.controllers.volumes;

import dev.kite.model.core.v1.ObjectReference;
import dev.kite.model.core.v1.PersistentVolume;
import dev.kite.model.core.v1.PersistentVolumeClaim;
import java.util.HashMap;
import java.util.Map;

/** The annotations and references by which a volume and a claim are bound. Pure. */
final class Bindings {
    static final String BIND_COMPLETED = "pv.kubernetes.io/bind-completed";
    static final String BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";
    static final String PROVISIONER = "volume.kubernetes.io/storage-provisioner";
    static final String OLD_PROVISIONER = "volume.beta.kubernetes.io/storage-provisioner";

    private Bindings() {}

    static boolean isComplete(PersistentVolumeClaim claim) {
        return claim.metadata().annotations().containsKey(BIND_COMPLETED);
    }

    /**
     * Refers a volume to a claim; a reference that somebody else made before is completed, and stays theirs.
     *
     * @param volume the volume
     * @param claim the claim
     * @return the volume, equal to the old one where it refers to the claim already
     */
    static PersistentVolume refer(PersistentVolume volume, PersistentVolumeClaim claim) {
        boolean ours = !volume.spec().hasClaimRef();
        if (!ours && volume.spec().claimRef().uid().equals(claim.metadata().uid())) {
            return volume;
        }
        Map<String, String> annotations = new HashMap<>(volume.metadata().annotations());
        if (ours) {
            annotations.put(BOUND_BY_CONTROLLER, "yes");
        }
        ObjectReference reference = ObjectReference.builder()
                .apiVersion("v1")
                .kind("PersistentVolumeClaim")
                .namespace(claim.metadata().namespace())
                .name(claim.metadata().name())
                .uid(claim.metadata().uid())
                .resourceVersion(claim.metadata().resourceVersion())
                .build();
        return volume.toBuilder()
                .metadata(meta -> meta.annotations(annotations.isEmpty() ? null : annotations))
                .spec(spec -> spec.claimRef(reference))
                .build();
    }

    /**
     * Names a volume in a claim.
     *
     * @param claim the claim
     * @param volume the volume
     * @return the claim, equal to the old one where it is bound to the volume already
     */
    static PersistentVolumeClaim name(PersistentVolumeClaim claim, PersistentVolume volume) {
        Map<String, String> annotations = new HashMap<>(claim.metadata().annotations());
        if (claim.spec().volumeName().isEmpty()) {
            annotations.put(BOUND_BY_CONTROLLER, "yes");
        }
        annotations.put(BIND_COMPLETED, "yes");
        return claim.toBuilder()
                .metadata(meta -> meta.annotations(annotations))
                .spec(spec -> spec.volumeName(volume.metadata().name()))
                .build();
    }

    /**
     * Says in a claim's status what it is bound to.
     *
     * @param claim the claim
     * @param volume the volume
     * @return the claim
     */
    static PersistentVolumeClaim bound(PersistentVolumeClaim claim, PersistentVolume volume) {
        return claim.toBuilder()
                .status(status -> {
                    status.phase("Bound").accessModes(volume.spec().accessModes());
                    // The capacity of a bound claim is the node's to change when the volume grows.
                    if (claim.status().capacity().isEmpty()) {
                        status.capacity(volume.spec().capacity());
                    }
                })
                .build();
    }
}
