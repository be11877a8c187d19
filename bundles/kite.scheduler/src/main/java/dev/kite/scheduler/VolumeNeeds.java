package dev.kite.scheduler;

import dev.kite.api.scheduling.NodeRules;
import dev.kite.api.scheduling.VolumeRules;
import dev.kite.model.core.v1.Node;
import dev.kite.model.core.v1.NodeSelectorTerm;
import dev.kite.model.core.v1.PersistentVolume;
import dev.kite.model.core.v1.PersistentVolumeClaim;
import dev.kite.model.core.v1.TopologySelectorTerm;
import dev.kite.model.storage.v1.StorageClass;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a pod's claims ask of nodes. Pure.
 *
 * @param problem why no node will do, empty where one may
 * @param bound volumes of claims that are bound
 * @param waiting claims that are bound when their pod has a node, with their classes
 * @param free the volumes that claims may be bound to
 */
record VolumeNeeds(
        String problem,
        List<PersistentVolume> bound,
        Map<PersistentVolumeClaim, StorageClass> waiting,
        Collection<PersistentVolume> free) {
    private static final String NO_PROVISIONER = "kubernetes.io/no-provisioner";

    /** Of a pod without claims. */
    static final VolumeNeeds NONE = new VolumeNeeds("", List.of(), Map.of(), List.of());

    /**
     * What is to be done with claims when a node is chosen.
     *
     * @param volumes volumes that claims are bound to
     * @param provisioned claims whose volumes a provisioner makes
     */
    record Choice(Map<PersistentVolumeClaim, PersistentVolume> volumes, List<PersistentVolumeClaim> provisioned) {}

    static VolumeNeeds impossible(String problem) {
        return new VolumeNeeds(problem, List.of(), Map.of(), List.of());
    }

    Filter.@Nullable Rejection filter(Node node) {
        for (PersistentVolume volume : bound) {
            if (!VolumeRules.reaches(volume, node)) {
                return Filter.Rejection.forGood("node(s) didn't match PersistentVolume's node affinity");
            }
        }
        return waiting.isEmpty() || choose(node) != null
                ? null
                : Filter.Rejection.forGood("node(s) didn't find available persistent volumes to bind");
    }

    /**
     * Chooses volumes for a node.
     *
     * @param node the node
     * @return what to do with the claims, or null where one can't be satisfied there
     */
    @Nullable
    Choice choose(Node node) {
        Map<PersistentVolumeClaim, PersistentVolume> volumes = new LinkedHashMap<>();
        List<PersistentVolumeClaim> provisioned = new ArrayList<>();
        List<PersistentVolume> left = new ArrayList<>(free);
        for (Map.Entry<PersistentVolumeClaim, StorageClass> entry : waiting.entrySet()) {
            PersistentVolume best = VolumeRules.best(entry.getKey(), left, node);
            if (best != null) {
                left.remove(best);
                volumes.put(entry.getKey(), best);
            } else if (provisions(entry.getValue(), node)) {
                provisioned.add(entry.getKey());
            } else {
                return null;
            }
        }
        return new Choice(volumes, provisioned);
    }

    private static boolean provisions(StorageClass storageClass, Node node) {
        if (storageClass.provisioner().isEmpty() || storageClass.provisioner().equals(NO_PROVISIONER)) {
            return false;
        }
        return storageClass.allowedTopologies().isEmpty()
                || storageClass.allowedTopologies().stream().anyMatch(term -> allows(term, node));
    }

    private static boolean allows(TopologySelectorTerm term, Node node) {
        NodeSelectorTerm.Builder wanted = NodeSelectorTerm.builder();
        term.matchLabelExpressions()
                .forEach(label -> wanted.addMatchExpressions(
                        e -> e.key(label.key()).operator("In").values(label.values())));
        return NodeRules.matches(wanted.build(), node);
    }
}
