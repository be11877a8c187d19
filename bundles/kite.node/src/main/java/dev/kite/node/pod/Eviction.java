package dev.kite.node.pod;

import dev.kite.model.core.v1.Pod;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which pod goes when the disk is full: of the least priority, the least quality of service, the largest use, in that order; critical pods never. Pure. */
final class Eviction {
    private static final int CRITICAL = 2_000_000_000;

    private Eviction() {}

    static Optional<Pod> choose(List<Pod> pods, Map<String, Long> bytesByUid) {
        return pods.stream()
                .filter(pod -> pod.spec().priority() < CRITICAL
                        && !pod.metadata().hasDeletionTimestamp()
                        && !PodStatuses.terminal(pod.status().phase()))
                .min(Comparator.comparingInt((Pod pod) -> pod.spec().priority())
                        .thenComparing(Qos::of, Comparator.reverseOrder())
                        .thenComparing(
                                pod -> bytesByUid.getOrDefault(pod.metadata().uid(), 0L), Comparator.reverseOrder()));
    }
}
