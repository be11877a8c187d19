package dev.kite.cli.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.kite.cli.trial.Trial;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kite bench start}: a server in a network namespace of its own, from its start to its ready API and node, then left idle. */
@Command(
        name = "start",
        description = "Measure start to ready, memory (RSS and PSS of the process tree) and idle CPU of this server.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class StartBench implements Callable<Integer> {
    @Option(names = "--rounds", description = "How many starts; medians are shown")
    private int rounds = 3;

    @Option(names = "--settle", description = "Seconds between ready and the idle measurement")
    private int settle = 20;

    @Option(names = "--idle", description = "Seconds over which idle CPU is measured")
    private int idle = 30;

    @Option(
            names = {"-o", "--output"},
            description = "text or json")
    private String output = "text";

    StartBench() {}

    private record Round(double apiSeconds, double nodeSeconds, ProcessTree.Use use, double idlePercent) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Round> all = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            System.err.printf("start %d of %d%n", i + 1, rounds);
            all.add(round());
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("rounds", rounds);
        result.put("apiReadySeconds", median(all, Round::apiSeconds));
        result.put("nodeReadySeconds", median(all, Round::nodeSeconds));
        result.put("rssMegabytes", median(all, round -> round.use().rssBytes() / 1e6));
        result.put("pssMegabytes", median(all, round -> round.use().pssBytes() / 1e6));
        result.put("idleCpuPercentOfOneCore", median(all, Round::idlePercent));
        result.put("processes", median(all, round -> round.use().processes()));
        result.put("threads", median(all, round -> round.use().threads()));
        if (output.equals("json")) {
            System.out.println(new ObjectMapper()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .writeValueAsString(result));
        } else {
            result.forEach((name, value) -> System.out.printf("%-26s %s%n", name, value));
        }
        return 0;
    }

    private Round round() throws IOException, InterruptedException {
        try (Trial trial = Trial.startQuietly()) {
            double api = trial.awaitApi(120);
            double node = trial.awaitNode(120);
            TimeUnit.SECONDS.sleep(settle);
            ProcessTree tree = new ProcessTree(trial.serverPid());
            ProcessTree.Use before = tree.read();
            TimeUnit.SECONDS.sleep(idle);
            ProcessTree.Use after = tree.read();
            return new Round(api, node, after, (after.cpuSeconds() - before.cpuSeconds()) * 100 / idle);
        }
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
        double[] values = rounds.stream().mapToDouble(figure).sorted().toArray();
        return Double.parseDouble(String.format(Locale.ROOT, "%.2f", values[values.length / 2]));
    }
}
