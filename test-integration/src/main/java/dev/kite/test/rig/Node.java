package dev.kite.test.rig;

import dev.kite.cli.host.Teardown;
import dev.kite.cli.host.VirtualNetwork;
import dev.kite.cli.image.BusyboxImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The packaged product on one host: its own data directory, cgroup parent and containerd. */
public final class Node implements AutoCloseable {
    /** An image of busybox with the newest kubectl that the machine has, by its own file's name. */
    public static final String KUBECTL_IMAGE = "kite.test/kubectl:1";

    private static final Duration START = Duration.ofMinutes(3);

    private final String name;
    private final VirtualNetwork.Host host;
    private final Path folder;
    private final String cgroupRoot;
    private final List<String> flags;
    private @Nullable Process process;

    Node(String name, VirtualNetwork.Host host, Path folder, List<String> flags) {
        this.name = name;
        this.host = host;
        this.folder = folder;
        this.cgroupRoot = "/" + host.namespace();
        this.flags = List.copyOf(flags);
    }

    /** @return the product's executable */
    public static Path product() {
        return Path.of(System.getProperty("kite.product", "distribution/target/kite"))
                .toAbsolutePath()
                .normalize();
    }

    /** @return the node's name */
    public String name() {
        return name;
    }

    /** @return the host that it is on */
    public VirtualNetwork.Host host() {
        return host;
    }

    /** @return its data directory */
    public Path data() {
        return folder.resolve("data");
    }

    /** @return the admin's kubeconfig */
    public Path kubeconfig() {
        return folder.resolve("kubeconfig.yaml");
    }

    /** @return the file of its output */
    public Path log() {
        return folder.resolve("server.log");
    }

    /** Starts the server; returns at once. Images of busybox lie in the air-gap folder. */
    public synchronized void start() throws IOException {
        Path images = data().resolve("agent/images");
        Files.createDirectories(images);
        if (!Files.exists(images.resolve("busybox.tar"))) {
            BusyboxImage.write(images.resolve("busybox.tar"), BusyboxImage.NAME);
            BusyboxImage.write(images.resolve("busybox-next.tar"), "docker.io/library/busybox:1.37");
            BusyboxImage.write(
                    images.resolve("kubectl.tar"),
                    KUBECTL_IMAGE,
                    Kubectl.versions().getLast());
        }
        List<String> command = new ArrayList<>(host.enter());
        command.addAll(List.of(
                product().toString(),
                "server",
                "--data-dir=" + data(),
                "--write-kubeconfig=" + kubeconfig(),
                "--node-name=" + name,
                "--cgroup-root=" + cgroupRoot,
                "--node-password-dir=" + folder.resolve("password")));
        command.addAll(flags);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.environment()
                .put("K3S_CONFIG_FILE", folder.resolve("config.yaml").toString());
        process = builder.start();
    }

    /** Waits until the API answers and the node is Ready. */
    public void awaitReady() {
        Await.until(() -> "the node is ready; its log ends:\n" + tail(), START, () -> {
            if (!running()) {
                throw new AssertionError("the server ended:\n" + tail());
            }
            return Files.exists(kubeconfig())
                    && kubectl()
                            .execute(
                                    "get",
                                    "node",
                                    name,
                                    "-o",
                                    "jsonpath={.status.conditions[?(@.type=='Ready')].status}")
                            .output()
                            .equals("True");
        });
    }

    /** @return the last lines of its output */
    public String tail() {
        try {
            List<String> lines = Files.readAllLines(log());
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** @return whether the server's process lives */
    public synchronized boolean running() {
        return process != null && process.isAlive();
    }

    /** @return the server's process */
    public synchronized Process process() {
        if (process == null) {
            throw new IllegalStateException("not started");
        }
        return process;
    }

    /**
     * Ends the server by SIGTERM; its containers stay.
     *
     * @return its exit code
     */
    public int stop() throws InterruptedException {
        Process running = process();
        running.destroy();
        if (!running.waitFor(60, TimeUnit.SECONDS)) {
            running.destroyForcibly().waitFor();
            throw new AssertionError("the server did not end within 60 s of SIGTERM:\n" + tail());
        }
        return running.exitValue();
    }

    /** Kills the server by SIGKILL, as a power cut would. */
    public void kill() throws InterruptedException {
        process().destroyForcibly().waitFor();
    }

    /** @return kubectl as the admin; the one on the PATH */
    public Kubectl kubectl() {
        return new Kubectl(Kubectl.onPath().orElseThrow(), host.enter(), kubeconfig(), folder);
    }

    /**
     * Runs a command in the host's network namespace.
     *
     * @param command its words
     * @return what came of it
     */
    public Execution execute(String... command) {
        List<String> words = new ArrayList<>(host.enter());
        words.addAll(List.of(command));
        return Execution.run(words, "", Map.of(), Duration.ofMinutes(2));
    }

    /**
     * Runs a command of the product on this host.
     *
     * @param arguments its words
     * @return what came of it
     */
    public Execution kite(String... arguments) {
        List<String> words = new ArrayList<>(host.enter());
        words.add(product().toString());
        words.addAll(List.of(arguments));
        return Execution.run(
                words,
                "",
                Map.of("KUBECONFIG", kubeconfig().toString(), "K3S_DATA_DIR", data().toString()),
                Duration.ofMinutes(5));
    }

    @Override
    public void close() throws IOException {
        try {
            if (running()) {
                stop();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            new Teardown(data(), cgroupRoot).run();
        }
    }
}
