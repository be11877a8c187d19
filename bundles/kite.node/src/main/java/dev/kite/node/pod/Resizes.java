package dev.kite.node.pod;

import dev.kite.cri.Resources;
import dev.kite.model.core.v1.Pod;
import dev.kite.node.pod.Containers.Ref;
import dev.kite.node.pod.PodView.Instance;
import java.util.HashMap;
import java.util.Map;

/**
 * Which limits running containers were given, so that a changed spec is noticed (resizing in place). What a container was made with is in its annotations; what it was given later is
 * kept here, and given again once after a restart. Confined to one pod's worker.
 */
final class Resizes {
    private final long machineMemory;
    private final boolean cpuQuota;
    private final Map<String, String> given = new HashMap<>();

    Resizes(long machineMemory, boolean cpuQuota) {
        this.machineMemory = machineMemory;
        this.cpuQuota = cpuQuota;
    }

    /** A container's limits in one line. */
    static String line(Resources resources) {
        return resources.cpuShares() + " " + resources.cpuQuota() + " " + resources.memoryLimit();
    }

    private Resources wanted(Pod pod, Ref ref) {
        return Limits.container(pod, ref.spec(), machineMemory, cpuQuota);
    }

    /** Whether a running container has other limits than its spec. */
    boolean differs(Pod pod, Ref ref, Instance instance) {
        String known = given.getOrDefault(
                instance.id(), instance.status().annotations().getOrDefault(Labels.LIMITS, ""));
        return !known.isEmpty() && !known.equals(line(wanted(pod, ref)));
    }

    /** Whether the container has to be restarted for what changed, by its resize policy. */
    boolean restarts(Pod pod, Ref ref, Instance instance) {
        String[] before = given.getOrDefault(
                        instance.id(), instance.status().annotations().getOrDefault(Labels.LIMITS, ""))
                .split(" ");
        String[] after = line(wanted(pod, ref)).split(" ");
        if (before.length != after.length) {
            return false;
        }
        boolean cpu = !before[0].equals(after[0]) || !before[1].equals(after[1]);
        boolean memory = !before[2].equals(after[2]);
        return ref.spec().resizePolicy().stream()
                .anyMatch(policy -> policy.restartPolicy().equals("RestartContainer")
                        && (policy.resourceName().equals("cpu") ? cpu : memory));
    }

    /** Notes that a container was given its spec's limits; returns them. */
    Resources give(Pod pod, Ref ref, Instance instance) {
        Resources resources = wanted(pod, ref);
        given.put(instance.id(), line(resources));
        return resources;
    }
}
