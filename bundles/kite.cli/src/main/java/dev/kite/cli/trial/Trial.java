package dev.kite.cli.trial;

import dev.kite.cli.host.LoopbackForward;
import dev.kite.cli.host.Teardown;
import dev.kite.cli.host.VirtualNetwork;
import dev.kite.cli.image.BusyboxImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A running trial: namespaces, server, forwarded API port, kubeconfig. Closing it, also by a signal, ends all and leaves nothing behind.
 */
public final class Trial implements AutoCloseable {
    private static final int API_PORT = 6443;

    private final String name = StaleTrials.PREFIX + ProcessHandle.current().pid();
    private final Path folder;
    private final boolean keep;
    private final boolean quiet;
    private final long started = System.nanoTime();
    private final Thread hook = new Thread(this::closeOnSignal, "kite-try-stop");
    private final AtomicBoolean closed = new AtomicBoolean();
    private @Nullable VirtualNetwork network;
    private VirtualNetwork.@Nullable Host host;
    private @Nullable LoopbackForward forward;
    private @Nullable Process server;

    private Trial(Path folder, boolean keep, boolean quiet) {
        this.folder = folder;
        this.keep = keep;
        this.quiet = quiet;
    }

    /**
     * Starts a server whose output goes to a file.
     *
     * @return the trial, to be closed
     * @throws IOException if namespaces or the server can't be made
     */
    public static Trial startQuietly() throws IOException {
        return start(List.of(), false, true);
    }

    static Trial start(List<String> serverFlags, boolean keep) throws IOException {
        return start(serverFlags, keep, false);
    }

    private static Trial start(List<String> serverFlags, boolean keep, boolean quiet) throws IOException {
        String executable = System.getenv("KITE_EXECUTABLE");
        if (executable == null) {
            throw new IOException("start this by the kite executable");
        }
        StaleTrials.remove();
        Path folder = Files.createTempDirectory(
                Path.of("/var/tmp"),
                StaleTrials.PREFIX + ProcessHandle.current().pid() + "-");
        Trial trial = new Trial(folder, keep, quiet);
        Runtime.getRuntime().addShutdownHook(trial.hook);
        try {
            trial.begin(executable, serverFlags);
            return trial;
        } catch (IOException e) {
            trial.close();
            throw e;
        }
    }

    private void begin(String executable, List<String> serverFlags) throws IOException {
        images();
        network = VirtualNetwork.create(name);
        host = network.add("node");
        forward = LoopbackForward.start(host.namespace(), API_PORT);
        List<String> command = new ArrayList<>(host.enter());
        command.addAll(List.of(
                executable,
                "server",
                "--data-dir=" + data(),
                "--write-kubeconfig=" + folder.resolve("server.yaml"),
                "--node-name=try",
                "--cgroup-root=" + cgroupRoot(),
                "--node-password-dir=" + folder.resolve("node")));
        command.addAll(serverFlags);
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        // This machine's own settings are not the trial's; the product is unpacked already.
        builder.environment().keySet().removeIf(variable -> variable.startsWith("K3S_"));
        builder.environment()
                .put("K3S_CONFIG_FILE", folder.resolve("config.yaml").toString());
        builder.environment().put("KITE_HOME", String.valueOf(System.getProperty("kite.home")));
        if (quiet) {
            builder.redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile());
        }
        server = builder.start();
    }

    /** The demo's image without a registry: this machine's static busybox. */
    private void images() throws IOException {
        if (BusyboxImage.available()) {
            Path images = Files.createDirectories(data().resolve("agent/images"));
            BusyboxImage.write(images.resolve("busybox.tar"), BusyboxImage.NAME);
        }
    }

    private String cgroupRoot() {
        return "/" + name;
    }

    Path data() {
        return folder.resolve("data");
    }

    Path kubeconfig() {
        return folder.resolve("kubeconfig");
    }

    VirtualNetwork.Host host() {
        return Objects.requireNonNull(host);
    }

    private Process server() {
        return Objects.requireNonNull(server);
    }

    void awaitReady(int seconds) throws IOException, InterruptedException {
        awaitApi(seconds);
        awaitNode(seconds);
    }

    /**
     * Waits until the API is ready. Its kubeconfig is written before that; from then on it is asked each 20 ms.
     *
     * @param seconds how long at most
     * @return seconds since the start
     * @throws IOException if it is not ready in time
     * @throws InterruptedException if the thread is interrupted
     */
    public double awaitApi(int seconds) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        Path written = folder.resolve("server.yaml");
        while (!Files.exists(written)) {
            check(deadline, "the API did not come up");
        }
        String text = Files.readString(written)
                .replaceAll(
                        "https://127\\.0\\.0\\.1:\\d+",
                        "https://127.0.0.1:" + Objects.requireNonNull(forward).port());
        Files.writeString(kubeconfig(), text);
        Files.setPosixFilePermissions(kubeconfig(), PosixFilePermissions.fromString("rw-------"));
        ApiProbe probe = ApiProbe.of(kubeconfig());
        while (!probe.apiReady()) {
            check(deadline, "the API did not become ready");
        }
        return elapsed();
    }

    /**
     * Waits until the node is ready.
     *
     * @param seconds how long at most
     * @return seconds since the start
     * @throws IOException if it is not ready in time
     * @throws InterruptedException if the thread is interrupted
     */
    public double awaitNode(int seconds) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        ApiProbe probe = ApiProbe.of(kubeconfig());
        while (!probe.nodeReady("try")) {
            check(deadline, "the node did not become ready");
        }
        return elapsed();
    }

    private double elapsed() {
        return (System.nanoTime() - started) / 1e9;
    }

    /** @return the server's process */
    public long serverPid() {
        return server().pid();
    }

    private void check(long deadline, String what) throws IOException, InterruptedException {
        if (!server().isAlive()) {
            throw new IOException("the server ended with code " + server().exitValue());
        }
        if (System.nanoTime() > deadline) {
            throw new IOException(what + " in time; the server's lines above say why");
        }
        server().waitFor(20, TimeUnit.MILLISECONDS);
    }

    void explain() {
        System.out.println();
        System.out.println("The cluster is ready. From another terminal:");
        System.out.println("  export KUBECONFIG=" + kubeconfig());
        System.out.println("  kubectl get nodes");
        System.out.println("Inside its network (pods, Services): " + String.join(" ", host().enter()) + " COMMAND");
        System.out.println();
    }

    int awaitEnd() throws InterruptedException {
        System.out.println("Ctrl-C ends it and leaves nothing behind.");
        return server().waitFor();
    }

    int run(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put("KUBECONFIG", kubeconfig().toString());
        return builder.start().waitFor();
    }

    private void closeOnSignal() {
        try {
            end();
        } catch (IOException e) {
            System.err.println("kite: " + e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // A signal came first: the hook ends it, and this waits for that.
            return;
        }
        end();
    }

    /** Each step is tried, whatever became of those before; the first failure is told at the end. */
    private void end() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Failures failures = new Failures();
        failures.attempt(() -> {
            if (forward != null) {
                forward.close();
            }
        });
        if (server != null) {
            endServer(server);
        }
        failures.attempt(() -> new Teardown(data(), cgroupRoot()).run());
        failures.attempt(() -> {
            if (network != null) {
                network.close();
            }
        });
        failures.attempt(() -> {
            if (keep) {
                Files.writeString(folder.resolve("kept"), "by --keep\n");
            } else {
                Teardown.delete(folder);
            }
        });
        String temporary = System.getenv("KITE_TEMPORARY_HOME");
        if (temporary != null) {
            // This program's own files: what it still needs is loaded.
            failures.attempt(() -> Teardown.delete(Path.of(temporary)));
        }
        failures.rethrow();
        if (!quiet) {
            System.out.println(keep ? "Ended; the data is in " + folder : "Ended; nothing is left.");
        }
    }

    private static void endServer(Process server) {
        server.destroy();
        try {
            if (!server.waitFor(40, TimeUnit.SECONDS)) {
                server.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            server.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
