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
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kite bench api}. */
@Command(
        name = "api",
        description = "Create, get, list, patch, watch and delete objects through any Kubernetes API.",
        footer = {
            "",
            "With two kubeconfigs each phase runs on both in turns, so that they are compared under the same conditions of this machine."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class ApiBench implements Callable<Integer> {
    @Option(
            names = "--kubeconfig",
            required = true,
            description = "The server's kubeconfig; twice to compare two servers")
    private List<Path> kubeconfigs = List.of();

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

    ApiBench() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (kubeconfigs.size() > 2
                || clients < 1
                || objects < 1
                || rounds < 1
                || clients > 1000
                || objects > 1_000_000) {
            System.err.println(
                    "kite: one or two kubeconfigs, 1 to 1000 clients, 1 to 1000000 objects, and at least one round");
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
            for (Path kubeconfig : kubeconfigs) {
                drivers.add(Driver.open(kubeconfig, workload, clients, objects, done -> progress(workload, done)));
            }
            List<Map<Driver.Phase, List<Samples.Summary>>> byServer = new ArrayList<>();
            drivers.forEach(_ -> byServer.add(new EnumMap<>(Driver.Phase.class)));
            for (int round = 0; round < rounds; round++) {
                for (Driver.Phase phase : Driver.Phase.values()) {
                    for (int server = 0; server < drivers.size(); server++) {
                        byServer.get(server)
                                .computeIfAbsent(phase, _ -> new ArrayList<>())
                                .add(drivers.get(server).run(phase, round));
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

    private Map<String, Map<String, Samples.Summary>> medians(List<Map<Driver.Phase, List<Samples.Summary>>> byServer) {
        Map<String, Map<String, Samples.Summary>> medians = new LinkedHashMap<>();
        for (Driver.Phase phase : Driver.Phase.values()) {
            Map<String, Samples.Summary> servers = new LinkedHashMap<>();
            for (int server = 0; server < byServer.size(); server++) {
                List<Samples.Summary> all = byServer.get(server).getOrDefault(phase, List.of()).stream()
                        .sorted(java.util.Comparator.comparingDouble(Samples.Summary::perSecond))
                        .toList();
                servers.put(kubeconfigs.get(server).toString(), all.get(all.size() / 2));
            }
            medians.put(phase.name().toLowerCase(Locale.ROOT), servers);
        }
        return medians;
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
                        "%-11s %-7s %10.2f  first to second%n",
                        kind,
                        phase,
                        pair.getFirst().perSecond() / pair.getLast().perSecond());
            }
        }));
    }
}
