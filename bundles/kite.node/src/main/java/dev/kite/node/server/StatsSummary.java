package dev.kite.node.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.cri.ContainerRuntime;
import dev.kite.cri.ContainerStats;
import dev.kite.linux.FileSystemUsage;
import dev.kite.model.core.v1.Pod;
import dev.kite.node.NodeContext;
import dev.kite.node.NodePods;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The kubelet's {@code /stats/summary} (Summary API, v1alpha1): the node's and its pods' use of CPU, memory and disk. */
final class StatsSummary {
    private static final String POD_UID = "io.kubernetes.pod.uid";
    private static final long KIBIBYTE = 1024;
    private static final long TICK_NANOS = 10_000_000;

    private final NodeContext node;
    private final NodePods pods;
    private final ContainerRuntime runtime;

    StatsSummary(NodeContext node, NodePods pods, ContainerRuntime runtime) {
        this.node = node;
        this.pods = pods;
        this.runtime = runtime;
    }

    ObjectNode summary() throws IOException {
        return summary(runtime.stats(Map.of()));
    }

    /** Of containers that were just looked at. */
    ObjectNode summary(List<ContainerStats> containers) throws IOException {
        ObjectNode summary = JsonNodeFactory.instance.objectNode();
        summary.set("node", node());
        ArrayNode list = summary.putArray("pods");
        Map<String, List<ContainerStats>> byPod = new HashMap<>();
        for (ContainerStats stats : containers) {
            byPod.computeIfAbsent(stats.labels().getOrDefault(POD_UID, ""), _ -> new java.util.ArrayList<>())
                    .add(stats);
        }
        for (Pod pod : pods.pods()) {
            list.add(pod(pod, byPod.getOrDefault(pod.metadata().uid(), List.of())));
        }
        return summary;
    }

    private ObjectNode node() throws IOException {
        ObjectNode stats = JsonNodeFactory.instance.objectNode().put("nodeName", node.name());
        String now = Instant.now().toString();
        stats.put("startTime", Instant.now().minusSeconds(uptimeSeconds()).toString());
        stats.putObject("cpu").put("time", now).put("usageCoreNanoSeconds", busyNanos());
        Map<String, Long> memory = memory();
        long total = memory.getOrDefault("MemTotal", 0L);
        long available = memory.getOrDefault("MemAvailable", 0L);
        long free = memory.getOrDefault("MemFree", 0L);
        stats.putObject("memory")
                .put("time", now)
                .put("availableBytes", available)
                .put("usageBytes", total - free)
                .put("workingSetBytes", total - available)
                .put("rssBytes", memory.getOrDefault("AnonPages", 0L));
        FileSystemUsage disk = FileSystemUsage.of(node.paths().data());
        stats.putObject("fs")
                .put("time", now)
                .put("availableBytes", disk.availableBytes())
                .put("capacityBytes", disk.capacityBytes())
                .put("usedBytes", disk.usedBytes());
        return stats;
    }

    private static ObjectNode pod(Pod pod, List<ContainerStats> containers) {
        ObjectNode stats = JsonNodeFactory.instance.objectNode();
        stats.putObject("podRef")
                .put("name", pod.metadata().name())
                .put("namespace", pod.metadata().namespace())
                .put("uid", pod.metadata().uid());
        Instant started = pod.status().startTime();
        if (started != null) {
            stats.put("startTime", started.toString());
        }
        ArrayNode list = stats.putArray("containers");
        long cpu = 0;
        long working = 0;
        for (ContainerStats container : containers) {
            list.add(container(container));
            cpu += Math.max(0, container.cpuNanos());
            working += Math.max(0, container.workingSetBytes());
        }
        String now = Instant.now().toString();
        stats.putObject("cpu").put("time", now).put("usageCoreNanoSeconds", cpu);
        stats.putObject("memory").put("time", now).put("workingSetBytes", working);
        return stats;
    }

    private static ObjectNode container(ContainerStats container) {
        ObjectNode stats = JsonNodeFactory.instance.objectNode().put("name", container.name());
        stats.put("startTime", container.time().toString());
        ObjectNode cpu = stats.putObject("cpu").put("time", container.time().toString());
        known(cpu, "usageCoreNanoSeconds", container.cpuNanos());
        ObjectNode memory =
                stats.putObject("memory").put("time", container.time().toString());
        known(memory, "usageBytes", container.usageBytes());
        known(memory, "workingSetBytes", container.workingSetBytes());
        known(memory, "rssBytes", container.rssBytes());
        known(memory, "pageFaults", container.pageFaults());
        known(memory, "majorPageFaults", container.majorPageFaults());
        ObjectNode layer =
                stats.putObject("rootfs").put("time", container.time().toString());
        known(layer, "usedBytes", container.writableBytes());
        known(layer, "inodesUsed", container.writableInodes());
        return stats;
    }

    private static void known(ObjectNode object, String name, long value) {
        if (value >= 0) {
            object.put(name, value);
        }
    }

    private static long uptimeSeconds() throws IOException {
        return (long)
                Double.parseDouble(Files.readString(Path.of("/proc/uptime")).split(" ")[0]);
    }

    /** user, nice and system of /proc/stat's first line, in ticks of 10 ms (proc_stat(5)). */
    private static long busyNanos() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/stat"))) {
            String[] fields = lines.findFirst().orElse("").split("\\s+");
            long ticks = 0;
            for (int i = 1; i <= 3 && i < fields.length; i++) {
                ticks += Long.parseLong(fields[i]);
            }
            return ticks * TICK_NANOS;
        }
    }

    /** Bytes by their names in /proc/meminfo. */
    static Map<String, Long> memory() throws IOException {
        Map<String, Long> values = new HashMap<>();
        for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
            String[] fields = line.split("[:\\s]+");
            if (fields.length >= 2) {
                values.put(fields[0], Long.parseLong(fields[1]) * KIBIBYTE);
            }
        }
        return values;
    }
}
