package dev.kite.test.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The promises with the tests that hold them, as the modules' {@code target/behaviours.tsv} tell, and those of {@code docs/promises.txt} that no test holds. */
final class Behaviours {
    private record Evidence(String test, String outcome) {}

    private final Map<String, List<Evidence>> held = new TreeMap<>();
    private final List<String> promises;

    private Behaviours(List<String> promises) {
        this.promises = List.copyOf(promises);
    }

    static Behaviours collect(Path root) throws IOException {
        Path list = root.resolve("docs/promises.txt");
        List<String> promises = Files.exists(list)
                ? Files.readAllLines(list).stream()
                        .filter(line -> !line.isBlank() && !line.startsWith("#"))
                        .toList()
                : List.of();
        Behaviours behaviours = new Behaviours(promises);
        try (Stream<Path> tree = Files.walk(root, 5)) {
            for (Path file : tree.filter(path -> path.endsWith("target/behaviours.tsv"))
                    .sorted()
                    .toList()) {
                for (String line : Files.readAllLines(file)) {
                    behaviours.add(line.split("\t", -1));
                }
            }
        }
        return behaviours;
    }

    private void add(String[] fields) {
        if (fields.length >= 3) {
            held.computeIfAbsent(fields[0], _ -> new ArrayList<>()).add(new Evidence(fields[1], fields[2]));
        }
    }

    void write(Path page) throws IOException {
        StringBuilder text = new StringBuilder();
        text.append(
                "# Behaviours\n\nWritten by `./kite test` from the tests; not edited by hand. A promise is held when every test of it passed in the last run.\n\n");
        text.append("| promise | test | last run |\n|---|---|---|\n");
        held.forEach((promise, evidence) -> evidence.forEach(each -> text.append("| ")
                .append(promise.replace("|", "\\|"))
                .append(" | ")
                .append(each.test().replaceAll("^dev\\.kite\\.", ""))
                .append(" | ")
                .append(each.outcome())
                .append(" |\n")));
        List<String> open =
                promises.stream().filter(promise -> !held.containsKey(promise)).toList();
        text.append("\n## Promises that no test holds yet\n\n");
        open.forEach(promise -> text.append("- ").append(promise).append('\n'));
        if (open.isEmpty()) {
            text.append("None of those listed in promises.txt.\n");
        }
        Files.createDirectories(page.toAbsolutePath().getParent());
        Files.writeString(page, text);
    }
}
