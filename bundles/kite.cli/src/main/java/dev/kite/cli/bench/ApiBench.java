package dev.kite.cli.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kite bench api}. */
@Command(
        name = "api",
        description = "Create, get, list, patch, watch and delete objects through any Kubernetes API.",
        footer = {
            "",
            "With two kubeconfigs each phase runs on both in turns, so that they are compared under the same conditions of this machine.",
            "Rates for a second of the server's CPU time are shown where it serves process_cpu_seconds_total, or where --pid names its process."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class ApiBench implements Callable<Integer> {
    @Option(
            names = "--kubeconfig",
            required = true,
            description = "The server's kubeconfig; twice to compare two servers")
    private List<Path> kubeconfigs = List.of();

    @Option(
            names = "--pid",
            description =
                    "The server's process on this machine, in the order of the kubeconfigs: CPU and memory are then its tree's, not what /metrics says")
    private List<Long> pids = List.of();

    @Option(names = "--clients", description = "Requests at once")
    private int clients = 16;

    @Option(names = "--objects", description = "Objects of each kind")
    private int objects = 500;

    @Option(names = "--rounds", description = "How often all phases run; the median round is shown")
    private int rounds = 1;

    @Option(names = "--kinds", split = ",", description = "configmaps, pods")
    private List<String> kinds = List.of("configmaps", "pods");

    @Option(
            names = {"-o", "--output"},
            description = "text or json")
    private String output = "text";

    /** By kind, then by server: bytes of resident memory more for each object. */
    private final Map<String, Map<String, Long>> grown = new LinkedHashMap<>();

    ApiBench() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (kubeconfigs.size() > 2
                || pids.size() > kubeconfigs.size()
                || clients < 1
                || objects < 1
                || rounds < 1
                || clients > 1000
                || objects > 1_000_000) {
            System.err.println(
                    "kite: one or two kubeconfigs, at most a --pid for each, 1 to 1000 clients, 1 to 1000000 objects, and at least one round");
            return 2;
        }
        Map<String, Map<String, Map<String, Samples.Summary>>> results = new LinkedHashMap<>();
        for (String kind : kinds) {
            Workload workload = workload(kind);
            if (workload == null) {
                System.err.println("kite: no kind \"" + kind + "\" here; configmaps or pods");
                return 2;
            }
            results.put(workload.plural(), measure(workload));
        }
        print(results);
        boolean failed = results.values().stream()
                .flatMap(phases -> phases.values().stream())
                .flatMap(servers -> servers.values().stream())
                .anyMatch(summary -> summary.failures() > 0);
        return failed ? 1 : 0;
    }

    private static @org.jspecify.annotations.Nullable Workload workload(String kind) {
        for (Workload workload : Workload.values()) {
            if (workload.plural().equals(kind)) {
                return workload;
            }
        }
        return null;
    }

    /** By phase, then by server. */
    private Map<String, Map<String, Samples.Summary>> measure(Workload workload)
            throws IOException, InterruptedException {
        List<Driver> drivers = new ArrayList<>();
        try {
            for (int server = 0; server < kubeconfigs.size(); server++) {
                Long pid = server < pids.size() ? pids.get(server) : null;
                drivers.add(Driver.open(
                        kubeconfigs.get(server), pid, workload, clients, objects, done -> progress(workload, done)));
            }
            List<OptionalDouble> before = new ArrayList<>();
            for (Driver driver : drivers) {
                before.add(driver.residentBytes());
            }
            List<Map<Driver.Phase, List<Samples.Summary>>> byServer = new ArrayList<>();
            drivers.forEach(_ -> byServer.add(new EnumMap<>(Driver.Phase.class)));
            for (int round = 0; round < rounds; round++) {
                for (Driver.Phase phase : Driver.Phase.values()) {
                    for (int server = 0; server < drivers.size(); server++) {
                        byServer.get(server)
                                .computeIfAbsent(phase, _ -> new ArrayList<>())
                                .add(drivers.get(server).run(phase, round));
                        if (phase == Driver.Phase.WATCH && round == 0) {
                            held(
                                    workload,
                                    server,
                                    before.get(server),
                                    drivers.get(server).residentBytes());
                        }
                    }
                }
            }
            return medians(byServer);
        } finally {
            for (Driver driver : drivers) {
                driver.close();
            }
        }
    }

    /** All objects are there now, and have been read and written: what the server's memory has grown by. */
    private void held(Workload workload, int server, OptionalDouble before, OptionalDouble after) {
        if (before.isPresent() && after.isPresent()) {
            grown.computeIfAbsent(workload.plural(), _ -> new LinkedHashMap<>())
                    .put(
                            kubeconfigs.get(server).toString(),
                            Math.round((after.getAsDouble() - before.getAsDouble()) / objects));
        }
    }

    private Map<String, Map<String, Samples.Summary>> medians(List<Map<Driver.Phase, List<Samples.Summary>>> byServer) {
        Map<String, Map<String, Samples.Summary>> medians = new LinkedHashMap<>();
        for (Driver.Phase phase : Driver.Phase.values()) {
            Map<String, Samples.Summary> servers = new LinkedHashMap<>();
            for (int server = 0; server < byServer.size(); server++) {
                List<Samples.Summary> all = byServer.get(server).getOrDefault(phase, List.of()).stream()
                        .sorted(java.util.Comparator.comparingDouble(Samples.Summary::perSecond))
                        .toList();
                double[] perCore = all.stream()
                        .mapToDouble(Samples.Summary::perCore)
                        .sorted()
                        .toArray();
                servers.put(
                        kubeconfigs.get(server).toString(),
                        all.get(all.size() / 2).withPerCore(perCore[perCore.length / 2]));
            }
            medians.put(phase.name().toLowerCase(Locale.ROOT), servers);
        }
        return medians;
    }

    private static String perCore(Samples.Summary first, Samples.Summary second) {
        return first.perCore() > 0 && second.perCore() > 0
                ? String.format(Locale.ROOT, "%.2f", first.perCore() / second.perCore())
                : "";
    }

    private void progress(Workload workload, int done) {
        if (output.equals("text") && done % 100 == 0) {
            System.err.printf("\r%s %d/%d ", workload.plural(), done, objects);
        }
    }

    private void print(Map<String, Map<String, Map<String, Samples.Summary>>> results) throws IOException {
        PrintStream out = System.out;
        if (output.equals("json")) {
            Map<String, Object> root = new LinkedHashMap<>();
            root.put("clients", clients);
            root.put("objects", objects);
            root.put("rounds", rounds);
            root.put("results", results);
            root.put("residentBytesAnObject", grown);
            out.println(new ObjectMapper()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .writeValueAsString(root));
            return;
        }
        System.err.print("\r                              \r");
        results.forEach((kind, phases) -> phases.forEach((phase, servers) -> {
            servers.forEach((server, summary) -> out.printf(
                    "%-11s %-7s %s%s%n", kind, phase, summary.line(), servers.size() > 1 ? "  " + server : ""));
            if (servers.size() == 2) {
                List<Samples.Summary> pair = List.copyOf(servers.values());
                out.printf(
                        Locale.ROOT,
                        "%-11s %-7s %10.2f  %10s  first to second%n",
                        kind,
                        phase,
                        pair.getFirst().perSecond() / pair.getLast().perSecond(),
                        perCore(pair.getFirst(), pair.getLast()));
            }
        }));
        grown.forEach((kind, servers) -> servers.forEach(
                (server, bytes) -> out.printf("%-11s memory  %10d bytes an object  %s%n", kind, bytes, server)));
    }
}
