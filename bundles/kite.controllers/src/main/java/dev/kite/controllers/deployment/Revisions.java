package dev.kite.controllers.deployment;

import dev.kite.model.apps.v1.Deployment;
import dev.kite.model.apps.v1.ReplicaSet;
import dev.kite.model.core.v1.PodTemplateSpec;
import dev.kite.model.meta.v1.ObjectMeta;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A Deployment's history: which ReplicaSet is the new one, and the annotations by which kubectl rolls back. Pure. */
final class Revisions {
    static final String REVISION = "deployment.kubernetes.io/revision";
    static final String HISTORY = "deployment.kubernetes.io/revision-history";
    static final String DESIRED = "deployment.kubernetes.io/desired-replicas";
    static final String MAX = "deployment.kubernetes.io/max-replicas";

    /** Annotations of the Deployment that its ReplicaSets do not get. */
    private static final Set<String> OWN = Set.of(
            "kubectl.kubernetes.io/last-applied-configuration",
            REVISION,
            HISTORY,
            DESIRED,
            MAX,
            "deprecated.deployment.rollback.to");

    /** The longest revision history that is kept, in characters, as upstream. */
    private static final int LONGEST_HISTORY = 2000;

    static final Comparator<ReplicaSet> OLDEST_FIRST = Comparator.comparing(
                    (ReplicaSet set) -> set.metadata().creationTimestamp(),
                    Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(set -> set.metadata().name());

    private Revisions() {}

    /**
     * Finds the ReplicaSet of the Deployment's present template; where several have it, the oldest.
     *
     * @param deployment the Deployment
     * @param sets its ReplicaSets
     * @return the new ReplicaSet, or null
     */
    static @Nullable ReplicaSet current(Deployment deployment, Collection<ReplicaSet> sets) {
        PodTemplateSpec wanted = withoutHash(deployment.spec().template());
        return sets.stream()
                .sorted(OLDEST_FIRST)
                .filter(set -> withoutHash(set.spec().template()).equals(wanted))
                .findFirst()
                .orElse(null);
    }

    static PodTemplateSpec withoutHash(PodTemplateSpec template) {
        ObjectMeta metadata = template.metadata();
        if (!metadata.labels().containsKey(TemplateHash.LABEL)) {
            return template;
        }
        Map<String, String> labels = new HashMap<>(metadata.labels());
        labels.remove(TemplateHash.LABEL);
        return template.toBuilder()
                .metadata(m -> m.labels(labels.isEmpty() ? null : labels))
                .build();
    }

    /**
     * Reads a ReplicaSet's or Deployment's revision.
     *
     * @param metadata its metadata
     * @return the revision, 0 where there is none
     */
    static long of(ObjectMeta metadata) {
        return number(metadata.annotations().get(REVISION));
    }

    static long number(@Nullable String text) {
        try {
            return text == null ? 0 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            // Somebody's edit: as if there were none.
            return 0;
        }
    }

    static long newest(Collection<ReplicaSet> sets) {
        return sets.stream().mapToLong(set -> of(set.metadata())).max().orElse(0);
    }

    /**
     * Computes the annotations of the new ReplicaSet.
     *
     * @param deployment the Deployment
     * @param present what the ReplicaSet has; empty for one that is to be created
     * @param revision the revision it gets at least
     * @param exists whether it exists; a fresh one also gets its sizes
     * @return the annotations
     */
    static Map<String, String> annotations(
            Deployment deployment, Map<String, String> present, long revision, boolean exists) {
        Map<String, String> annotations = new LinkedHashMap<>(present);
        deployment.metadata().annotations().forEach((key, value) -> {
            if (!OWN.contains(key)) {
                annotations.put(key, value);
            }
        });
        String old = present.get(REVISION);
        if (number(old) < revision) {
            annotations.put(REVISION, Long.toString(revision));
            if (old != null) {
                String history = annotations.getOrDefault(HISTORY, "");
                String longer = history.isEmpty() ? old : history + "," + old;
                while (longer.length() > LONGEST_HISTORY && longer.contains(",")) {
                    longer = longer.substring(longer.indexOf(',') + 1);
                }
                annotations.put(HISTORY, longer);
            }
        }
        if (!exists) {
            annotations.putAll(sizes(deployment));
        }
        return annotations;
    }

    /**
     * The annotations by which a later scaling is done in proportion.
     *
     * @param deployment the Deployment
     * @return its size and its size with surge
     */
    static Map<String, String> sizes(Deployment deployment) {
        int desired = deployment.spec().replicas();
        return Map.of(
                DESIRED,
                Integer.toString(desired),
                MAX,
                Integer.toString(desired + Strategy.of(deployment).maxSurge()));
    }

    /**
     * Picks what the history limit removes: the oldest revisions that are empty and settled.
     *
     * @param deployment the Deployment
     * @param old its old ReplicaSets
     * @return those to delete
     */
    static List<ReplicaSet> surplus(Deployment deployment, Collection<ReplicaSet> old) {
        if (!deployment.spec().hasRevisionHistoryLimit()) {
            return List.of();
        }
        List<ReplicaSet> alive = old.stream()
                .filter(set -> !set.metadata().hasDeletionTimestamp())
                .sorted(Comparator.comparingLong((ReplicaSet set) -> of(set.metadata()))
                        .thenComparing(OLDEST_FIRST))
                .toList();
        int surplus = alive.size() - deployment.spec().revisionHistoryLimit();
        if (surplus <= 0) {
            return List.of();
        }
        return alive.subList(0, surplus).stream()
                .filter(set -> set.status().replicas() == 0
                        && set.spec().replicas() == 0
                        && set.metadata().generation() <= set.status().observedGeneration())
                .toList();
    }
}
