package dev.kite.cli.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StaleTrialsTest {
    @TempDir
    Path parent;

    @Test
    void foldersOfDeadTrialsGoAndAllOthersStay() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Path stale = Files.createDirectories(parent.resolve("kite-try-" + dead.pid() + "-17"));
        Files.createDirectories(stale.resolve("data/server"));
        Path kept = Files.createDirectories(parent.resolve("kite-try-" + dead.pid() + "-18"));
        Files.writeString(kept.resolve("kept"), "");
        Path alive = Files.createDirectories(
                parent.resolve("kite-try-" + ProcessHandle.current().pid() + "-19"));
        Path other = Files.createDirectories(parent.resolve("kite-try-mine"));
        StaleTrials.remove(parent);
        assertThat(stale).doesNotExist();
        assertThat(kept).exists();
        assertThat(alive).exists();
        assertThat(other).exists();
    }

    @Test
    void allStepsAreTriedAndTheFirstFailureIsTold() {
        List<String> done = new ArrayList<>();
        Failures failures = new Failures();
        failures.attempt(() -> {
            throw new IOException("first");
        });
        failures.attempt(() -> done.add("second"));
        failures.attempt(() -> {
            throw new IOException("third");
        });
        assertThat(done).containsExactly("second");
        assertThatThrownBy(failures::rethrow)
                .isInstanceOf(IOException.class)
                .hasMessage("first")
                .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(1));
    }
}
