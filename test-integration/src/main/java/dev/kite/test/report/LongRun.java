package dev.kite.test.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes {@code results/NAME.json} of a longer tier: commit, date, shard, counts, and what the tests left in {@code target/figures.json}. */
public final class LongRun {
    private LongRun() {}

    /**
     * Writes the result.
     *
     * @param arguments the checkout's folder, the tier's name, the shard, the folder of the module whose tests ran
     * @throws IOException if reports can't be read or the result not written
     */
    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(arguments[0]);
        Path module = root.resolve(arguments[3]);
        TestCounts counts = TestCounts.read(module);
        ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("name", arguments[1]);
        result.put("commit", commit(root));
        result.put("date", LocalDate.now(ZoneOffset.UTC).toString());
        result.put("shard", arguments[2]);
        result.put("passed", counts.passed());
        result.put("failed", counts.failures().size());
        result.put("skipped", counts.skips().size());
        Path figures = module.resolve("target/figures.json");
        if (Files.exists(figures)) {
            result.put("figures", mapper.readTree(figures.toFile()));
        }
        Path file = root.resolve("results").resolve(arguments[1] + ".json");
        Files.createDirectories(file.getParent());
        Files.writeString(file, mapper.writeValueAsString(result) + "\n");
        counts.print();
        System.exit(counts.succeeded() ? 0 : 1);
    }

    private static String commit(Path root) throws IOException {
        Process git = new ProcessBuilder("git", "-C", root.toString(), "rev-parse", "HEAD").start();
        return new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }
}
