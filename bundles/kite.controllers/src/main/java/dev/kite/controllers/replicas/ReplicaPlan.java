package dev.kite.controllers.replicas;

import dev.kite.model.core.v1.Pod;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What brings the number of pods to the desired one. */
sealed interface ReplicaPlan {
    /** At most so many pods are created or deleted at once, as upstream's burst. */
    int BURST = 500;

    /** Nothing to do. */
    record Keep() implements ReplicaPlan {}

    /**
     * Create pods.
     *
     * @param count how many
     */
    record Create(int count) implements ReplicaPlan {}

    /**
     * Delete pods.
     *
     * @param pods which
     */
    record Delete(List<Pod> pods) implements ReplicaPlan {
        /** Copies the list. */
        public Delete {
            pods = List.copyOf(pods);
        }
    }

    /**
     * Decides.
     *
     * @param active the pods that count
     * @param desired how many there shall be
     * @param related the pods of all that are controlled by the same owner, which say how full a node is
     * @param now the time
     * @return what to do
     */
    static ReplicaPlan decide(Collection<Pod> active, int desired, Collection<Pod> related, Instant now) {
        int missing = desired - active.size();
        if (missing == 0) {
            return new Keep();
        }
        if (missing > 0) {
            return new Create(Math.min(missing, BURST));
        }
        int surplus = Math.min(-missing, BURST);
        if (surplus >= active.size()) {
            return new Delete(List.copyOf(active));
        }
        Map<String, Integer> podsOnNode = new HashMap<>();
        for (Pod pod : related) {
            podsOnNode.merge(pod.spec().nodeName(), 1, Integer::sum);
        }
        return new Delete(active.stream()
                .sorted(DeletionRanking.order(podsOnNode, now))
                .limit(surplus)
                .toList());
    }
}
