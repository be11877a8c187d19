package dev.kite.node.self;

import dev.kite.cri.ContainerImage;
import dev.kite.cri.RuntimeInfo;
import dev.kite.model.Quantity;
import dev.kite.model.core.v1.Node;
import dev.kite.model.core.v1.NodeCondition;
import dev.kite.model.core.v1.NodeStatus;
import dev.kite.model.core.v1.Taint;
import dev.kite.node.KubeletArguments;
import java.net.InetAddress;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The Node object that this node is shown as. Pure.
 *
 * @param name its name
 * @param machine what it runs on
 * @param addresses its internal addresses
 * @param externalAddresses its external addresses
 * @param port the kubelet's port
 * @param arguments what the kubelet is told
 * @param server whether it is a server's node
 * @param labels labels {@code key=value} that were set
 * @param taints taints {@code key=value:Effect} that were set
 */
record NodeObject(
        String name,
        Machine machine,
        List<InetAddress> addresses,
        List<String> externalAddresses,
        int port,
        KubeletArguments arguments,
        boolean server,
        List<String> labels,
        List<String> taints) {
    static final String VERSION = "v1.36.2+k3s.kite";
    private static final Set<String> OWN_CONDITIONS = Set.of("Ready", "MemoryPressure", "DiskPressure", "PIDPressure");

    /** How the runtime is; null while it isn't there. */
    record Health(@Nullable RuntimeInfo runtime, List<ContainerImage> images, Set<String> pressures) {}

    /** The object as it is registered, without status. */
    Node registration() {
        return Node.builder()
                .metadata(meta -> meta.name(name).labels(labelMap()).annotations(annotations()))
                .spec(spec -> spec.providerID(arguments.given().text("provider-id", "k3s://" + name))
                        .taints(Stream.concat(taints.stream(), arguments.given().list("register-with-taints").stream())
                                .map(NodeObject::taint)
                                .toList()))
                .build();
    }

    Map<String, String> labelMap() {
        Map<String, String> all = new TreeMap<>();
        all.put("kubernetes.io/hostname", name);
        all.put("kubernetes.io/os", "linux");
        all.put("kubernetes.io/arch", machine.architecture());
        all.put("beta.kubernetes.io/os", "linux");
        all.put("beta.kubernetes.io/arch", machine.architecture());
        all.put("node.kubernetes.io/instance-type", "k3s");
        all.put("beta.kubernetes.io/instance-type", "k3s");
        if (server) {
            all.put("node-role.kubernetes.io/control-plane", "true");
        }
        all.putAll(arguments.given().map("node-labels"));
        for (String label : labels) {
            int equals = label.indexOf('=');
            all.put(equals < 0 ? label : label.substring(0, equals), equals < 0 ? "" : label.substring(equals + 1));
        }
        return all;
    }

    Map<String, String> annotations() {
        return Map.of(
                "k3s.io/hostname",
                name,
                "k3s.io/internal-ip",
                String.join(
                        ",", addresses.stream().map(InetAddress::getHostAddress).toList()),
                "volumes.kubernetes.io/controller-managed-attach-detach",
                "true");
    }

    /** {@code key=value:Effect}, {@code key:Effect}. */
    static Taint taint(String text) {
        int colon = text.lastIndexOf(':');
        String head = colon < 0 ? text : text.substring(0, colon);
        int equals = head.indexOf('=');
        Taint.Builder taint = Taint.builder()
                .key(equals < 0 ? head : head.substring(0, equals))
                .effect(colon < 0 ? "NoSchedule" : text.substring(colon + 1));
        if (equals >= 0) {
            taint.value(head.substring(equals + 1));
        }
        return taint.build();
    }

    Map<String, Quantity> capacity() {
        Map<String, Quantity> capacity = new TreeMap<>();
        capacity.put("cpu", Quantity.of(machine.cpus()));
        capacity.put("memory", Quantity.parse(machine.memory() / 1024 + "Ki"));
        capacity.put("ephemeral-storage", Quantity.parse(machine.disk() / 1024 + "Ki"));
        capacity.put("pods", Quantity.of(arguments.maxPods(machine.cpus())));
        machine.hugePages()
                .forEach((size, bytes) -> capacity.put("hugepages-" + Quantity.ofBytes(size), Quantity.ofBytes(bytes)));
        return capacity;
    }

    /** What pods may use: all but the huge pages' memory, what is reserved, and what eviction keeps free. */
    Map<String, Quantity> allocatable() {
        Map<String, Quantity> all = new TreeMap<>(capacity());
        long huge =
                machine.hugePages().values().stream().mapToLong(Long::longValue).sum();
        all.put("memory", Quantity.parse((machine.memory() - huge) / 1024 + "Ki"));
        List<Threshold> thresholds = arguments.given().flag("experimental-allocatable-ignore-eviction", false)
                ? List.of()
                : Threshold.all(arguments.given());
        keep(all, "cpu", Quantity.ZERO);
        keep(all, "memory", Threshold.kept(thresholds, Signal.MEMORY, machine.memory()));
        keep(all, "ephemeral-storage", Threshold.kept(thresholds, Signal.NODE_DISK, machine.disk()));
        return all;
    }

    private void keep(Map<String, Quantity> allocatable, String resource, Quantity free) {
        Quantity kept = arguments.reserved(resource).add(free);
        if (kept.signum() > 0) {
            allocatable.computeIfPresent(
                    resource, (_, all) -> all.subtract(kept).max(Quantity.ZERO));
        }
    }

    NodeStatus status(NodeStatus before, Health health, Instant now) {
        NodeStatus.Builder status = before.toBuilder()
                .capacity(capacity())
                .allocatable(allocatable())
                .addresses(List.of())
                .conditions(conditions(before, health, now))
                .daemonEndpoints(ports -> ports.kubeletEndpoint(kubelet -> kubelet.port(port)))
                .nodeInfo(info -> info.machineID(machine.machineId())
                        .systemUUID(machine.systemUuid())
                        .bootID(machine.bootId())
                        .kernelVersion(machine.kernel())
                        .osImage(machine.os())
                        .containerRuntimeVersion(version(health.runtime()))
                        .kubeletVersion(VERSION)
                        .kubeProxyVersion("")
                        .operatingSystem("linux")
                        .architecture(machine.architecture()))
                .images(List.of());
        addresses.forEach(
                address -> status.addAddresses(one -> one.type("InternalIP").address(address.getHostAddress())));
        externalAddresses.forEach(
                address -> status.addAddresses(one -> one.type("ExternalIP").address(address)));
        status.addAddresses(one -> one.type("Hostname").address(name));
        health.images().stream()
                .sorted(Comparator.comparingLong(ContainerImage::size).reversed())
                .limit(mostImages())
                .forEach(image ->
                        status.addImages(one -> one.names(Stream.concat(image.digests().stream(), image.tags().stream())
                                        .toList())
                                .sizeBytes(image.size())));
        return status.build();
    }

    private long mostImages() {
        long most = arguments.given().number("node-status-max-images", 50);
        return most < 0 ? Long.MAX_VALUE : most;
    }

    private static String version(@Nullable RuntimeInfo runtime) {
        return runtime == null ? "containerd://" : runtime.name() + "://" + runtime.version();
    }

    private static List<NodeCondition> conditions(NodeStatus before, Health health, Instant now) {
        List<NodeCondition> all = new ArrayList<>();
        for (NodeCondition other : before.conditions()) {
            if (!OWN_CONDITIONS.contains(other.type())) {
                all.add(other);
            }
        }
        all.add(pressure(before, health, "MemoryPressure", "SufficientMemory", "InsufficientMemory", now));
        all.add(pressure(before, health, "DiskPressure", "NoDiskPressure", "DiskPressure", now));
        all.add(pressure(before, health, "PIDPressure", "SufficientPID", "InsufficientPID", now));
        String problem = problem(health.runtime());
        all.add(
                problem.isEmpty()
                        ? condition(before, "Ready", true, "KubeletReady", "kubelet is posting ready status", now)
                        : condition(before, "Ready", false, "KubeletNotReady", problem, now));
        return all;
    }

    private static final Map<String, String> MESSAGES = Map.of(
            "SufficientMemory", "kubelet has sufficient memory available",
            "InsufficientMemory", "kubelet has insufficient memory available",
            "NoDiskPressure", "kubelet has no disk pressure",
            "DiskPressure", "kubelet has disk pressure",
            "SufficientPID", "kubelet has sufficient PID available",
            "InsufficientPID", "kubelet has insufficient PID available");

    private static NodeCondition pressure(
            NodeStatus before, Health health, String type, String enough, String tooLittle, Instant now) {
        boolean holds = health.pressures().contains(type);
        String word = holds ? tooLittle : enough;
        return condition(before, type, holds, "KubeletHas" + word, MESSAGES.getOrDefault(word, ""), now);
    }

    private static String problem(@Nullable RuntimeInfo runtime) {
        if (runtime == null) {
            return "container runtime is down";
        }
        for (RuntimeInfo.Condition condition : runtime.conditions()) {
            if (!condition.status()) {
                String what = condition.type().equals("NetworkReady")
                        ? "container runtime network not ready: NetworkReady=false"
                        : "container runtime not ready: " + condition.type() + "=false";
                return what + " reason:" + condition.reason() + " message:" + condition.message();
            }
        }
        return "";
    }

    private static NodeCondition condition(
            NodeStatus before, String type, boolean holds, String reason, String message, Instant time) {
        Instant now = time.truncatedTo(ChronoUnit.SECONDS);
        String word = holds ? "True" : "False";
        Instant since = before.conditions().stream()
                .filter(one -> one.type().equals(type) && one.status().equals(word) && one.hasLastTransitionTime())
                .map(NodeCondition::lastTransitionTime)
                .findFirst()
                .orElse(now);
        return NodeCondition.builder()
                .type(type)
                .status(word)
                .reason(reason)
                .message(message)
                .lastHeartbeatTime(now)
                .lastTransitionTime(since)
                .build();
    }

    /** Whether two statuses differ in more than heartbeats. */
    static boolean differ(NodeStatus one, NodeStatus other) {
        return !quiet(one).equals(quiet(other));
    }

    private static NodeStatus quiet(NodeStatus status) {
        return status.toBuilder()
                .conditions(status.conditions().stream()
                        .map(condition -> condition.toBuilder()
                                .lastHeartbeatTime((Instant) null)
                                .build())
                        .toList())
                .build();
    }
}
