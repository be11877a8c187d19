package dev.kite.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.behaviour.Behaviour;
import dev.kite.linux.Mounts;
import dev.kite.test.rig.Cluster;
import dev.kite.test.rig.Execution;
import dev.kite.test.rig.Node;
import dev.kite.test.rig.Requirements;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Starts that can't succeed, by the packaged product: one line that says what to do, code 1, nothing lost. And what a service manager is told. */
@ExtendWith(Requirements.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StartFaultsTest {
    private Cluster cluster;
    private Node host;

    @TempDir
    Path folder;

    @BeforeAll
    void start() throws IOException {
        cluster = Cluster.create();
        host = cluster.add("faults");
    }

    @AfterAll
    void end() throws IOException {
        if (cluster != null) {
            cluster.close();
        }
    }

    private Execution server(Path data, String... flags) {
        List<String> words = new ArrayList<>(List.of(
                "server",
                "--disable-agent",
                "--data-dir=" + data,
                "--write-kubeconfig=" + folder.resolve("kubeconfig")));
        words.addAll(List.of(flags));
        return host.kite(words.toArray(String[]::new));
    }

    private static String oneLine(Execution execution) {
        assertThat(execution.code()).as(execution.error()).isEqualTo(1);
        List<String> lines = execution
                .error()
                .lines()
                .filter(line -> !line.contains(" INFO "))
                .toList();
        assertThat(lines).as(execution.error()).hasSize(1);
        assertThat(lines.getFirst()).startsWith("kite: ");
        return lines.getFirst();
    }

    @Test
    @Behaviour("Bad input: a data directory from a newer version is one line that says what to do, nothing lost")
    void aNewerDataDirectoryIsRefused() throws IOException {
        Path data = folder.resolve("newer");
        Path version = Files.createDirectories(data.resolve("server")).resolve("version");
        Files.writeString(version, "layout 99, written by Kite 9.9.9\n");
        assertThat(oneLine(server(data))).contains("written by Kite 9.9.9", "install that version");
        assertThat(version).hasContent("layout 99, written by Kite 9.9.9");
        assertThat(data.resolve("server/db")).doesNotExist();
    }

    @Test
    @Behaviour("Bad input: a corrupt database is one line that says what to do, nothing lost")
    void aDamagedDatabaseIsLeftAsItIs() throws IOException {
        Path data = folder.resolve("damaged");
        Path database = Files.createDirectories(data.resolve("server/db")).resolve("state.db");
        byte[] garbage = new byte[20_000];
        new Random(7).nextBytes(garbage);
        Files.write(database, garbage);
        assertThat(oneLine(server(data))).contains(database.toString(), "damaged", "backup");
        assertThat(database).hasBinaryContent(garbage);
    }

    @Test
    @Behaviour("Bad input: a full disk is one line that says what to do")
    void aFullDiskIsSaid() throws IOException {
        Path data = Files.createDirectories(folder.resolve("full"));
        // The product itself is unpacked elsewhere: only the state lies on the full disk.
        Mounts.tmpfs(data, 4 << 20, 0755);
        try {
            Files.createDirectories(data.resolve("server"));
            Files.createSymbolicLink(data.resolve("data"), Files.createDirectories(folder.resolve("product")));
            try (var filler = Files.newOutputStream(data.resolve("filler"))) {
                filler.write(new byte[3_900_000]);
            }
            assertThat(oneLine(server(data))).containsIgnoringCase("space");
        } finally {
            Mounts.unmount(data);
        }
    }

    @Test
    @Behaviour("Bad input: a read-only data directory is one line that says what to do")
    void aReadOnlyDataDirectoryIsSaid() throws IOException {
        Path data = Files.createDirectories(folder.resolve("readonly"));
        Mounts.tmpfs(data, 4 << 20, 0755);
        try {
            Files.createSymbolicLink(data.resolve("data"), Files.createDirectories(folder.resolve("product")));
            Mounts.bind(data, data);
            Mounts.remountReadOnly(data);
            assertThat(oneLine(server(data))).contains("cannot write to the data directory " + data, "--data-dir");
        } finally {
            Mounts.unmountAll(data);
        }
    }

    @Test
    @Behaviour("Bad input: a missing containerd is one line that says what to do")
    void missingProgramsAreNamed() throws IOException {
        Path empty = Files.createDirectories(folder.resolve("no-programs"));
        // A mount namespace of its own hides the programs from this one start only.
        Execution execution = host.execute(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount --bind /dev/null /usr/bin/containerd && mount --bind " + empty + " /usr/lib/cni && exec "
                        + Node.product() + " server --data-dir=" + folder.resolve("missing") + " --write-kubeconfig="
                        + folder.resolve("kubeconfig"));
        assertThat(oneLine(execution)).contains("missing", "containerd", "CNI plugin bridge", "apt-get install");
    }

    @Test
    @Behaviour("Bad input: a clock jump is one line that says what to do")
    void aClockBeforeTheLastKnownTimeIsSaid() throws Exception {
        Path data = folder.resolve("clock");
        Path version = Files.createDirectories(data.resolve("server")).resolve("version");
        Files.writeString(version, "layout 1, written by Kite 0.1.0\n");
        Files.setLastModifiedTime(version, FileTime.from(Instant.now().plus(Duration.ofHours(1))));
        List<String> words = new ArrayList<>(host.host().enter());
        words.addAll(List.of(Node.product().toString(), "server", "--disable-agent", "--data-dir=" + data));
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        try (BufferedReader lines = process.inputReader()) {
            assertThat(lines.readLine()).startsWith("kite: the clock says ").contains("time service");
        } finally {
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    @Behaviour("systemd notify is honoured")
    void theServiceManagerIsToldReadyAndStopping() throws Exception {
        Path socket = folder.resolve("notify");
        String receive = "import socket,sys\ns=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM)\ns.bind(sys.argv[1])\n"
                + "print('bound',flush=True)\nfor i in range(2): print(s.recv(200).decode().split()[0],flush=True)";
        Process manager = start(List.of("python3", "-c", receive, socket.toString()), Map.of());
        Assumptions.assumeTrue(manager != null, "skipped: there is no python3 to play the service manager");
        try (BufferedReader told = manager.inputReader()) {
            assertThat(told.readLine()).isEqualTo("bound");
            List<String> words = new ArrayList<>(host.host().enter());
            words.addAll(List.of(
                    Node.product().toString(),
                    "server",
                    "--disable-agent",
                    "--data-dir=" + folder.resolve("notified"),
                    "--write-kubeconfig=" + folder.resolve("kubeconfig")));
            Process server = start(words, Map.of("NOTIFY_SOCKET", socket.toString()));
            assertThat(told.readLine()).isEqualTo("READY=1");
            server.destroy();
            assertThat(told.readLine()).isEqualTo("STOPPING=1");
            assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(server.exitValue()).isZero();
        } finally {
            manager.destroyForcibly();
        }
    }

    private Process start(List<String> words, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("errors").toFile()));
        if (!environment.isEmpty()) {
            builder.redirectOutput(folder.resolve("output").toFile());
        }
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException e) {
            return null;
        }
    }
}
