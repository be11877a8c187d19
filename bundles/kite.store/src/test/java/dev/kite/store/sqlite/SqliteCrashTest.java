package dev.kite.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.behaviour.Behaviour;
import dev.kite.store.Entry;
import dev.kite.store.RangeOptions;
import dev.kite.store.ValueTransformer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process under load with SIGKILL, again and again on one datastore. Ten rounds, or {@code -Dkite.store.crash.rounds};
 * {@code -Dkite.store.crash.seed} repeats a run's choices.
 */
@Behaviour(
        "a crash test that kills the process at random points under load and finds every acknowledged write, in-flight writes whole or absent, and no part of one")
final class SqliteCrashTest {
    private record Acknowledged(boolean deleted, long sequence, long revision) {}

    @TempDir
    Path directory;

    private final Map<String, Acknowledged> acknowledged = new HashMap<>();
    private final Set<String> deleting = new HashSet<>();
    private long newest;

    @Test
    void afterEveryKillEachAcknowledgedWriteIsThereAndOthersAreWholeOrAbsent() throws Exception {
        int rounds = Integer.getInteger("kite.store.crash.rounds", 10);
        long seed = Long.getLong("kite.store.crash.seed", System.nanoTime());
        System.out.println("crash test: " + rounds + " rounds, seed " + seed);
        Random random = new Random(seed);
        int total = 0;
        for (int round = 0; round < rounds; round++) {
            int lines = runAndKill(random.nextLong(), 20 + random.nextInt(500));
            total += lines;
            verify();
        }
        System.out.println("crash test: " + total + " acknowledged writes, all found");
        assertThat(total).isGreaterThan(rounds * 20);
    }

    /** Runs the load until so many milliseconds after its first acknowledgement; returns the count of those. */
    private int runAndKill(long seed, int millis) throws Exception {
        // A file, not a pipe: killing a process closes its pipe, and acknowledgements in it would be forgotten.
        Path output = Files.createTempFile(directory, "acknowledged", ".txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashLoad.class.getName(),
                        directory.toString(),
                        "" + seed)
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            while (Files.size(output) == 0) {
                assertThat(process.isAlive()).as("the load runs").isTrue();
                Thread.sleep(1);
            }
            Thread.sleep(millis);
        } finally {
            process.destroyForcibly();
            process.waitFor();
        }
        // A line without its end was cut off by the kill.
        String text = Files.readString(output);
        List<String> lines =
                text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        lines.forEach(this::note);
        return lines.size();
    }

    private void note(String line) {
        String[] words = line.split(" ");
        long revision = Long.parseLong(words[3]);
        newest = Math.max(newest, revision);
        if (words[0].equals("deleting")) {
            deleting.add(words[1]);
        } else if (!words[0].equals("relaxed")) {
            deleting.remove(words[1]);
            acknowledged.put(words[1], new Acknowledged(words[0].equals("delete"), Long.parseLong(words[2]), revision));
        }
    }

    private void verify() {
        try (SqliteStore store = SqliteStore.open(CrashLoad.options(directory), ValueTransformer.identity())) {
            assertThat(store.revision()).as("no revision is given out twice").isGreaterThanOrEqualTo(newest);
            acknowledged.forEach((key, last) -> check(key, last, store.get(key)));
            for (Entry entry : store.range("/crash/", RangeOptions.ALL).entries()) {
                long sequence = CrashLoad.parse(entry.key(), entry.bytes());
                // One that was in flight and arrived is the base of the next round.
                acknowledged.put(entry.key(), new Acknowledged(false, sequence, entry.modRevision()));
            }
            deleting.clear();
            acknowledged.entrySet().removeIf(known -> store.get(known.getKey()) == null);
        }
    }

    /** The key is as acknowledged, or as the one write that was in flight behind it left it. */
    private void check(String key, Acknowledged last, Entry entry) {
        if (entry == null) {
            assertThat(last.deleted() || deleting.contains(key))
                    .as(key + " is gone")
                    .isTrue();
            return;
        }
        long sequence = CrashLoad.parse(key, entry.bytes());
        if (entry.modRevision() == last.revision()) {
            assertThat(last.deleted()).isFalse();
            assertThat(sequence).isEqualTo(last.sequence());
        } else {
            assertThat(entry.modRevision()).as(key).isGreaterThan(last.revision());
            assertThat(sequence).as(key).isEqualTo(last.deleted() ? 1 : last.sequence() + 1);
        }
    }
}
