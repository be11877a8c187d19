package dev.kite.node.pod;

import dev.kite.cri.Resources;
import dev.kite.model.Quantity;
import dev.kite.model.core.v1.Container;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.ResourceRequirements;
import java.util.HashMap;
import java.util.Map;

/** Requests and limits as cgroup numbers (the kubelet's formulas). Pure. */
final class Limits {
    private static final long PERIOD = 100_000;
    private static final long SMALLEST_QUOTA = 1_000;
    private static final long SMALLEST_SHARES = 2;
    private static final long LARGEST_SHARES = 262_144;
    private static final String HUGE = "hugepages-";
    private static final int CRITICAL = 2_000_000_000;

    private Limits() {}

    static Resources container(Pod pod, Container container, long machineMemory, boolean cpuQuota) {
        ResourceRequirements wanted = container.resources();
        Quantity limit = wanted.limits().get("cpu");
        Quantity request = wanted.requests().getOrDefault("cpu", limit == null ? Quantity.ZERO : limit);
        long memory = wanted.limits().getOrDefault("memory", Quantity.ZERO).value();
        Map<String, Long> hugePages = new HashMap<>();
        wanted.limits().forEach((name, quantity) -> {
            if (name.startsWith(HUGE)) {
                hugePages.put(pageSize(name.substring(HUGE.length())), quantity.value());
            }
        });
        boolean critical = pod.spec().priority() >= CRITICAL;
        return new Resources(
                PERIOD,
                limit == null || !cpuQuota ? 0 : quota(limit.milliValue()),
                shares(request.milliValue()),
                memory,
                Qos.of(pod).oomScore(container, critical, machineMemory),
                "",
                "",
                hugePages,
                Map.of());
    }

    /** The page size as the kernel's cgroup files have it: 2Mi is 2MB. */
    private static String pageSize(String size) {
        long bytes = Quantity.parse(size).value();
        String[] units = {"B", "KB", "MB", "GB", "TB"};
        int unit = 0;
        while (bytes >= 1024 && bytes % 1024 == 0 && unit < units.length - 1) {
            bytes /= 1024;
            unit++;
        }
        return bytes + units[unit];
    }

    static long shares(long milli) {
        return milli == 0 ? SMALLEST_SHARES : Math.clamp(milli * 1024 / 1000, SMALLEST_SHARES, LARGEST_SHARES);
    }

    static long quota(long milli) {
        return milli == 0 ? 0 : Math.max(SMALLEST_QUOTA, milli * PERIOD / 1000);
    }

    /** A whole pod's limits: of the containers that run together, and of any init container alone. */
    record PodLimits(long cpuShares, long cpuQuota, long memory) {}

    static PodLimits pod(Pod pod) {
        Qos qos = Qos.of(pod);
        long request = sum(pod, "cpu", false);
        boolean cpuLimited = allHave(pod, "cpu");
        boolean memoryLimited = allHave(pod, "memory");
        return new PodLimits(
                qos == Qos.BEST_EFFORT ? SMALLEST_SHARES : shares(request),
                cpuLimited ? quota(sum(pod, "cpu", true)) : 0,
                memoryLimited ? sum(pod, "memory", true) : 0);
    }

    private static boolean allHave(Pod pod, String resource) {
        return pod.spec().resources().limits().containsKey(resource)
                || Containers.all(pod).stream()
                        .filter(one -> one.kind() != Containers.Kind.EPHEMERAL)
                        .allMatch(one -> one.spec().resources().limits().containsKey(resource));
    }

    private static long sum(Pod pod, String resource, boolean limits) {
        Quantity whole = amount(pod.spec().resources(), resource, limits);
        if (whole.signum() > 0) {
            return number(whole, resource);
        }
        Quantity sidecars = Quantity.ZERO;
        Quantity largestInit = Quantity.ZERO;
        for (Containers.Ref one : Containers.init(pod)) {
            Quantity own = amount(one.spec().resources(), resource, limits);
            if (one.kind() == Containers.Kind.SIDECAR) {
                sidecars = sidecars.add(own);
            } else {
                largestInit = largestInit.max(sidecars.add(own));
            }
        }
        Quantity together = sidecars;
        for (Container one : pod.spec().containers()) {
            together = together.add(amount(one.resources(), resource, limits));
        }
        Quantity overhead = pod.spec().overhead().getOrDefault(resource, Quantity.ZERO);
        return number(together.max(largestInit).add(overhead), resource);
    }

    private static Quantity amount(ResourceRequirements wanted, String resource, boolean limits) {
        Quantity limit = wanted.limits().getOrDefault(resource, Quantity.ZERO);
        return limits ? limit : wanted.requests().getOrDefault(resource, limit);
    }

    private static long number(Quantity quantity, String resource) {
        return resource.equals("cpu") ? quantity.milliValue() : quantity.value();
    }
}
