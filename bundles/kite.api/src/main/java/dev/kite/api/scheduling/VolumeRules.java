package dev.kite.api.scheduling;

import dev.kite.model.Quantity;
import dev.kite.model.core.v1.Node;
import dev.kite.model.core.v1.ObjectReference;
import dev.kite.model.core.v1.PersistentVolume;
import dev.kite.model.core.v1.PersistentVolumeClaim;
import dev.kite.model.selector.LabelSelectors;
import java.util.Collection;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** Which volumes satisfy which claims, and where (core.v1 PersistentVolume, PersistentVolumeClaim). Pure functions. */
public final class VolumeRules {
    /** The annotation by which the scheduler tells provisioners where a claim's pod will run. */
    public static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";

    private static final String OLD_CLASS = "volume.beta.kubernetes.io/storage-class";

    private VolumeRules() {}

    /**
     * Tells a claim's storage class.
     *
     * @param claim the claim
     * @return the class's name, empty for none
     */
    public static String storageClass(PersistentVolumeClaim claim) {
        return claim.metadata()
                .annotations()
                .getOrDefault(OLD_CLASS, claim.spec().storageClassName());
    }

    /**
     * Tells a volume's storage class.
     *
     * @param volume the volume
     * @return the class's name, empty for none
     */
    public static String storageClass(PersistentVolume volume) {
        return volume.metadata()
                .annotations()
                .getOrDefault(OLD_CLASS, volume.spec().storageClassName());
    }

    /**
     * Tells whether a volume is meant for a claim by its reference.
     *
     * @param volume the volume
     * @param claim the claim
     * @return whether its claimRef names the claim, and its uid where it has one
     */
    public static boolean refersTo(PersistentVolume volume, PersistentVolumeClaim claim) {
        ObjectReference reference = volume.spec().claimRef();
        return reference.name().equals(claim.metadata().name())
                && reference.namespace().equals(claim.metadata().namespace())
                && (reference.uid().isEmpty()
                        || reference.uid().equals(claim.metadata().uid()));
    }

    /**
     * Finds the volume that satisfies a claim best: one that is reserved for it, else the smallest that is large enough.
     *
     * @param claim the claim
     * @param volumes the volumes to choose from
     * @param node where its pod will run, null where that does not matter
     * @return the volume, or null
     */
    public static @Nullable PersistentVolume best(
            PersistentVolumeClaim claim, Collection<PersistentVolume> volumes, @Nullable Node node) {
        return volumes.stream()
                .filter(volume -> satisfies(volume, claim) && (node == null || reaches(volume, node)))
                .min(Comparator.comparing((PersistentVolume volume) -> !refersTo(volume, claim))
                        .thenComparing(volume -> capacity(volume))
                        .thenComparing(volume -> volume.metadata().name()))
                .orElse(null);
    }

    /**
     * Tells whether a volume could be bound to a claim.
     *
     * @param volume the volume
     * @param claim the claim
     * @return whether it is free or reserved for it, and of its class, size, modes and labels
     */
    public static boolean satisfies(PersistentVolume volume, PersistentVolumeClaim claim) {
        boolean reserved = volume.spec().hasClaimRef();
        if (reserved ? !refersTo(volume, claim) : !volume.status().phase().equals("Available")) {
            return false;
        }
        Quantity wanted = claim.spec().resources().requests().get("storage");
        return !volume.metadata().hasDeletionTimestamp()
                && storageClass(volume).equals(storageClass(claim))
                && (wanted == null || capacity(volume).compareTo(wanted) >= 0)
                && mode(volume.spec().volumeMode()).equals(mode(claim.spec().volumeMode()))
                && volume.spec().accessModes().containsAll(claim.spec().accessModes())
                && volume.spec().volumeAttributesClassName().equals(claim.spec().volumeAttributesClassName())
                && (!claim.spec().hasSelector()
                        || LabelSelectors.of(claim.spec().selector())
                                .matches(volume.metadata().labels()));
    }

    private static Quantity capacity(PersistentVolume volume) {
        return volume.spec().capacity().getOrDefault("storage", Quantity.ZERO);
    }

    private static String mode(String mode) {
        return mode.isEmpty() ? "Filesystem" : mode;
    }

    /**
     * Tells whether a volume can be used on a node.
     *
     * @param volume the volume
     * @param node the node
     * @return whether its node affinity allows it
     */
    public static boolean reaches(PersistentVolume volume, Node node) {
        return !volume.spec().nodeAffinity().hasRequired()
                || NodeRules.matches(volume.spec().nodeAffinity().required(), node);
    }
}
