package dev.kite.cli.trial;

import dev.kite.cli.host.LoopbackForward;
import dev.kite.cli.host.Teardown;
import dev.kite.cli.host.VirtualNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A running trial: namespaces, server, forwarded API port, kubeconfig. Closing it, also by a signal, ends all and leaves nothing behind.
 */
public final class Trial implements AutoCloseable {
    private static final int API_PORT = 6443;

    private final Path folder;
    private final VirtualNetwork network;
    private final VirtualNetwork.Host host;
    private final LoopbackForward forward;
    private final Process server;
    private final String cgroupRoot;
    private final boolean keep;
    private final boolean quiet;
    private final long started = System.nanoTime();
    private final Thread hook;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Trial(
            Path folder,
            VirtualNetwork network,
            VirtualNetwork.Host host,
            LoopbackForward forward,
            Process server,
            String cgroupRoot,
            boolean keep,
            boolean quiet) {
        this.folder = folder;
        this.network = network;
        this.host = host;
        this.forward = forward;
        this.server = server;
        this.cgroupRoot = cgroupRoot;
        this.keep = keep;
        this.quiet = quiet;
        this.hook = new Thread(this::closeOnSignal, "kite-try-stop");
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
        String name = "kite-try-" + ProcessHandle.current().pid();
        Path folder = Files.createTempDirectory(Path.of("/var/tmp"), "kite-try-");
        VirtualNetwork network = VirtualNetwork.create(name);
        try {
            VirtualNetwork.Host host = network.add("node");
            List<String> command = new ArrayList<>(host.enter());
            String cgroupRoot = "/" + name;
            command.addAll(List.of(
                    executable,
                    "server",
                    "--data-dir=" + folder.resolve("data"),
                    "--write-kubeconfig=" + folder.resolve("server.yaml"),
                    "--node-name=try",
                    "--cgroup-root=" + cgroupRoot,
                    "--node-password-dir=" + folder.resolve("node")));
            command.addAll(serverFlags);
            LoopbackForward forward = LoopbackForward.start(host.namespace(), API_PORT);
            ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
            if (quiet) {
                builder.redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log").toFile());
            }
            Process server = builder.start();
            Trial trial = new Trial(folder, network, host, forward, server, cgroupRoot, keep, quiet);
            Runtime.getRuntime().addShutdownHook(trial.hook);
            return trial;
        } catch (IOException e) {
            network.close();
            Teardown.delete(folder);
            throw e;
        }
    }

    Path data() {
        return folder.resolve("data");
    }

    Path kubeconfig() {
        return folder.resolve("kubeconfig");
    }

    VirtualNetwork.Host host() {
        return host;
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
                .replaceAll("https://127\\.0\\.0\\.1:\\d+", "https://127.0.0.1:" + forward.port());
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
        return server.pid();
    }

    private void check(long deadline, String what) throws IOException, InterruptedException {
        if (!server.isAlive()) {
            throw new IOException("the server ended with code " + server.exitValue());
        }
        if (System.nanoTime() > deadline) {
            throw new IOException(what + " in time; the server's lines above say why");
        }
        server.waitFor(20, TimeUnit.MILLISECONDS);
    }

    void explain() {
        System.out.println();
        System.out.println("The cluster is ready. From another terminal:");
        System.out.println("  export KUBECONFIG=" + kubeconfig());
        System.out.println("  kubectl get nodes");
        System.out.println("Inside its network (pods, Services): " + String.join(" ", host.enter()) + " COMMAND");
        System.out.println();
    }

    int awaitEnd() throws InterruptedException {
        System.out.println("Ctrl-C ends it and leaves nothing behind.");
        return server.waitFor();
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
        Runtime.getRuntime().removeShutdownHook(hook);
        end();
    }

    private void end() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        forward.close();
        server.destroy();
        try {
            if (!server.waitFor(40, TimeUnit.SECONDS)) {
                server.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            server.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        new Teardown(data(), cgroupRoot).run();
        network.close();
        if (!keep) {
            Teardown.delete(folder);
        }
        if (!quiet) {
            System.out.println(keep ? "Ended; the data is in " + folder : "Ended; nothing is left.");
        }
    }
}
