package dev.kite.cri;

import java.util.Map;

/**
 * Limits of a container or sandbox, for its cgroup. 0 and empty are not set.
 *
 * @param cpuPeriod CFS period in µs
 * @param cpuQuota CFS quota in µs per period
 * @param cpuShares weight, 2 to 262144
 * @param memoryLimit bytes
 * @param oomScoreAdj -1000 to 1000; set as it is, so 0 is 0
 * @param cpusetCpus CPUs, for example {@code 0-3,5}
 * @param cpusetMems memory nodes
 * @param hugePages bytes by page size, for example {@code 2MB}
 * @param unified cgroup v2 files and their content
 */
public record Resources(
        long cpuPeriod,
        long cpuQuota,
        long cpuShares,
        long memoryLimit,
        long oomScoreAdj,
        String cpusetCpus,
        String cpusetMems,
        Map<String, Long> hugePages,
        Map<String, String> unified) {
    /** No limits. */
    public static final Resources NONE = new Resources(0, 0, 0, 0, 0, "", "", Map.of(), Map.of());

    /** Copies the maps. */
    public Resources {
        hugePages = Map.copyOf(hugePages);
        unified = Map.copyOf(unified);
    }
}
