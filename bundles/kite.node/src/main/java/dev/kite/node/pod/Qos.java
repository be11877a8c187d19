package dev.kite.node.pod;

import dev.kite.model.Quantity;
import dev.kite.model.core.v1.Container;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.ResourceRequirements;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How well a pod is served when memory is short (the API's quality of service classes). */
enum Qos {
    GUARANTEED("Guaranteed", ""),
    BURSTABLE("Burstable", "burstable"),
    BEST_EFFORT("BestEffort", "besteffort");

    private static final Set<String> COUNTED = Set.of("cpu", "memory");
    private static final long OOM_GUARANTEED = -997;
    private static final long OOM_BEST_EFFORT = 1000;

    private final String word;
    private final String cgroup;

    Qos(String word, String cgroup) {
        this.word = word;
        this.cgroup = cgroup;
    }

    String word() {
        return word;
    }

    /** The folder between kubepods and the pod, empty for none. */
    String cgroup() {
        return cgroup;
    }

    static Qos of(Pod pod) {
        List<Container> containers = new ArrayList<>(pod.spec().containers());
        containers.addAll(pod.spec().initContainers());
        List<ResourceRequirements> all = new ArrayList<>();
        if (pod.spec().hasResources() && !isEmpty(pod.spec().resources())) {
            all.add(pod.spec().resources());
        } else {
            containers.forEach(one -> all.add(one.resources()));
        }
        boolean any = false;
        boolean guaranteed = true;
        for (ResourceRequirements one : all) {
            for (String name : COUNTED) {
                Quantity limit = one.limits().get(name);
                Quantity request = one.requests().getOrDefault(name, limit);
                Quantity asked = request == null ? Quantity.ZERO : request;
                Quantity most = limit == null ? Quantity.ZERO : limit;
                any |= asked.signum() > 0 || most.signum() > 0;
                guaranteed &= most.signum() > 0 && asked.compareTo(most) == 0;
            }
        }
        return !any ? BEST_EFFORT : guaranteed ? GUARANTEED : BURSTABLE;
    }

    private static boolean isEmpty(ResourceRequirements requirements) {
        return requirements.limits().isEmpty() && requirements.requests().isEmpty();
    }

    /** A container's OOM score adjustment: the more memory it asked for, the later it is killed. */
    long oomScore(Container container, boolean critical, long machineMemory) {
        if (critical || this == GUARANTEED) {
            return OOM_GUARANTEED;
        }
        if (this == BEST_EFFORT) {
            return OOM_BEST_EFFORT;
        }
        Map<String, Quantity> requests = container.resources().requests();
        long memory = requests.getOrDefault("memory", Quantity.ZERO).value();
        long score = 1000 - 1000 * memory / Math.max(1, machineMemory);
        return Math.clamp(score, 1000 + OOM_GUARANTEED, OOM_BEST_EFFORT - 1);
    }
}
