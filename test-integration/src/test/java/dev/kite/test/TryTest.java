package dev.kite.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.behaviour.Behaviour;
import dev.kite.linux.MountInfo;
import dev.kite.linux.Mounts;
import dev.kite.linux.Signals;
import dev.kite.test.rig.Await;
import dev.kite.test.rig.Execution;
import dev.kite.test.rig.Node;
import dev.kite.test.rig.Requirements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The README's first command. */
@ExtendWith(Requirements.class)
class TryTest {
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @TempDir
    Path folder;

    private static List<String> words(String... arguments) {
        List<String> words = new ArrayList<>(List.of(Node.product().toString(), "try"));
        words.addAll(List.of(arguments));
        return words;
    }

    /** Whatever of this machine belongs to the trial of one process: by its name, which namespaces, folders and cgroups have. */
    private static List<String> traces(long pid) throws IOException {
        String name = "kite-try-" + pid;
        List<String> found = new ArrayList<>();
        for (Path parent : List.of(
                Path.of("/run/netns"),
                Path.of("/var/tmp"),
                Path.of("/sys/fs/cgroup/memory"),
                Path.of("/sys/fs/cgroup"))) {
            if (Files.isDirectory(parent)) {
                try (Stream<Path> entries = Files.list(parent)) {
                    entries.map(Path::toString)
                            .filter(path -> path.matches(".*/" + name + "(-.*)?"))
                            .forEach(found::add);
                }
            }
        }
        for (MountInfo mount : Mounts.list()) {
            if (mount.mountPoint().toString().contains(name + "-")) {
                found.add("mount " + mount.mountPoint());
            }
        }
        ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains("/var/tmp/" + name + "-"))
                .forEach(process -> found.add("process " + process.pid()));
        return found;
    }

    private static TreeSet<String> homesAndStates() throws IOException {
        TreeSet<String> found = new TreeSet<>();
        try (Stream<Path> entries = Files.list(Path.of("/var/tmp"))) {
            entries.map(Path::toString)
                    .filter(path -> path.contains("kite-home-"))
                    .forEach(found::add);
        }
        return found;
    }

    private Process start(String... arguments) throws IOException {
        // A background job of a shell ignores SIGINT, and so would all that it starts.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.addAll(words(arguments));
        return new ProcessBuilder(command)
                .directory(Path.of(System.getProperty("kite.root", ".")).toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("log"));
    }

    @Test
    @Behaviour(
            "./kite try runs the package in a network namespace of its own, a demo on request, and leaves nothing behind")
    void theDemoRunsAndNothingIsLeft() throws Exception {
        TreeSet<String> before = homesAndStates();
        Process trial = start("--demo", "--", "kubectl", "-n", "hello", "get", "pods");
        assertThat(trial.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as(log())
                .isTrue();
        assertThat(trial.exitValue()).as(log()).isZero();
        assertThat(log()).contains("successfully rolled out", "Hello from Kite.", "nothing is left");
        assertThat(traces(trial.pid())).isEmpty();
        assertThat(homesAndStates()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 15})
    @Behaviour("./kite try leaves nothing behind, also when it is interrupted")
    void aSignalEndsItAndNothingIsLeft(int signal) throws Exception {
        Process trial = start();
        Await.until("the cluster is ready: " + folder, PATIENCE, () -> log().contains("The cluster is ready"));
        String kubeconfig = log().lines()
                .filter(line -> line.contains("export KUBECONFIG="))
                .map(line -> line.substring(line.indexOf('=') + 1))
                .findFirst()
                .orElseThrow();
        Execution run = Execution.run(
                List.of("kubectl", "run", "stays", "--image=busybox:1.36", "--", "sleep", "3600"),
                "",
                Map.of("KUBECONFIG", kubeconfig),
                Duration.ofMinutes(1));
        assertThat(run.code()).as(run.error()).isZero();
        Execution ready = Execution.run(
                List.of("kubectl", "wait", "--for=condition=Ready", "pod/stays", "--timeout=120s"),
                "",
                Map.of("KUBECONFIG", kubeconfig),
                Duration.ofMinutes(3));
        assertThat(ready.code()).as(ready.error()).isZero();
        assertThat(traces(trial.pid())).isNotEmpty();
        Signals.kill((int) trial.pid(), signal);
        assertThat(trial.waitFor(90, TimeUnit.SECONDS)).as(log()).isTrue();
        assertThat(traces(trial.pid())).isEmpty();
    }

    @Test
    void aKilledTrialIsClearedAwayByTheNext() throws Exception {
        Process killed = start("--server-flag=--disable-agent", "--timeout=600");
        Await.until("the API is ready", PATIENCE, () -> log().contains("kubeconfig "));
        killed.destroyForcibly().waitFor();
        Path left;
        try (Stream<Path> entries = Files.list(Path.of("/var/tmp"))) {
            left = entries.filter(path -> path.toString().contains("kite-try-" + killed.pid() + "-"))
                    .findFirst()
                    .orElseThrow();
        }
        // Its server lives on as a child of nobody; a machine that died has none.
        ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(left.toString()))
                .forEach(ProcessHandle::destroyForcibly);
        Process next = start("--timeout=1", "--server-flag=--no-such-flag");
        assertThat(next.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(traces(killed.pid())).isEmpty();
        assertThat(traces(next.pid())).isEmpty();
    }
}
