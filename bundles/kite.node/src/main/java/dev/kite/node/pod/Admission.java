package dev.kite.node.pod;

import dev.kite.model.Quantity;
import dev.kite.model.core.v1.Container;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.ResourceRequirements;
import dev.kite.model.core.v1.Sysctl;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether this node takes a pod that it was given: the kubelet's own checks, for pods that came past the scheduler or before the node was full. Pure.
 *
 * @param allocatable what pods may use of the node
 * @param unsafeSysctls sysctls, or prefixes that end in an asterisk, that are allowed besides the safe ones
 */
record Admission(Map<String, Quantity> allocatable, List<String> unsafeSysctls) {
    /** Sysctls that concern only the pod that sets them (the API's list). */
    private static final Set<String> SAFE = Set.of(
            "kernel.shm_rmid_forced",
            "net.ipv4.ip_local_port_range",
            "net.ipv4.tcp_syncookies",
            "net.ipv4.ping_group_range",
            "net.ipv4.ip_unprivileged_port_start",
            "net.ipv4.ip_local_reserved_ports",
            "net.ipv4.tcp_keepalive_time",
            "net.ipv4.tcp_fin_timeout",
            "net.ipv4.tcp_keepalive_intvl",
            "net.ipv4.tcp_keepalive_probes",
            "net.ipv4.tcp_rmem",
            "net.ipv4.tcp_wmem");

    private static final int CRITICAL = 2_000_000_000;

    /** Why a pod is refused, null where it is taken. */
    PodStatuses.@Nullable Verdict refuse(Pod pod, Collection<Pod> others) {
        for (Sysctl sysctl : pod.spec().securityContext().sysctls()) {
            String name = sysctl.name().replace('/', '.');
            if (!SAFE.contains(name) && !allowed(name)) {
                return new PodStatuses.Verdict(
                        "SysctlForbidden", "forbidden sysctl: \"" + sysctl.name() + "\" not allowlisted");
            }
        }
        if (pod.spec().priority() >= CRITICAL) {
            return null;
        }
        long most = allocatable.getOrDefault("pods", Quantity.of(110)).value();
        if (others.size() + 1 > most) {
            return full("pods", Quantity.of(1), Quantity.of(others.size()), Quantity.of(most));
        }
        for (String resource : List.of("cpu", "memory")) {
            Quantity wanted = requests(pod, resource);
            Quantity used = Quantity.ZERO;
            for (Pod other : others) {
                used = used.add(requests(other, resource));
            }
            Quantity there = allocatable.getOrDefault(resource, Quantity.ZERO);
            if (wanted.signum() > 0 && used.add(wanted).compareTo(there) > 0) {
                return full(resource, wanted, used, there);
            }
        }
        return null;
    }

    private boolean allowed(String name) {
        return unsafeSysctls.stream()
                .anyMatch(pattern -> pattern.endsWith("*")
                        ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                        : name.equals(pattern));
    }

    private static PodStatuses.Verdict full(String resource, Quantity wanted, Quantity used, Quantity there) {
        return new PodStatuses.Verdict(
                "OutOf" + resource,
                "Node didn't have enough resource: " + resource + ", requested: " + number(resource, wanted)
                        + ", used: " + number(resource, used) + ", capacity: " + number(resource, there));
    }

    private static long number(String resource, Quantity quantity) {
        return resource.equals("cpu") ? quantity.milliValue() : quantity.value();
    }

    /** What a pod asks for: its containers together, or its largest init container where that is more. */
    static Quantity requests(Pod pod, String resource) {
        Quantity whole = amount(pod.spec().resources(), resource);
        if (whole.signum() > 0) {
            return whole;
        }
        Quantity together = Quantity.ZERO;
        for (Container container : pod.spec().containers()) {
            together = together.add(amount(container.resources(), resource));
        }
        Quantity most = Quantity.ZERO;
        for (Containers.Ref init : Containers.init(pod)) {
            Quantity own = amount(init.spec().resources(), resource);
            if (init.kind() == Containers.Kind.SIDECAR) {
                together = together.add(own);
            } else {
                most = most.max(own);
            }
        }
        return together.max(most).add(pod.spec().overhead().getOrDefault(resource, Quantity.ZERO));
    }

    private static Quantity amount(ResourceRequirements wanted, String resource) {
        return wanted.requests().getOrDefault(resource, wanted.limits().getOrDefault(resource, Quantity.ZERO));
    }
}
