package dev.kite.cri;

import java.time.Instant;
import java.util.Map;

/**
 * What a container uses. Numbers are -1 where the runtime doesn't tell.
 *
 * @param id the runtime's id
 * @param name its name in the pod
 * @param labels its labels
 * @param time when it was measured
 * @param cpuNanos CPU time used so far in ns
 * @param workingSetBytes memory that can't be reclaimed at once
 * @param usageBytes memory with caches
 * @param rssBytes anonymous memory
 * @param pageFaults page faults so far
 * @param majorPageFaults page faults that read from disk so far
 * @param writableBytes bytes of its own layer
 * @param writableInodes inodes of its own layer
 */
public record ContainerStats(
        String id,
        String name,
        Map<String, String> labels,
        Instant time,
        long cpuNanos,
        long workingSetBytes,
        long usageBytes,
        long rssBytes,
        long pageFaults,
        long majorPageFaults,
        long writableBytes,
        long writableInodes) {
    /** Copies the labels. */
    public ContainerStats {
        labels = Map.copyOf(labels);
    }
}
