package dev.kite.cri;

import dev.kite.linux.Processes;
import dev.kite.linux.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * containerd as a child: started, and started again with back-off when it dies. Containers are its shims' children, not its own, so they go on while it is away and
 * are adopted by the next one. One thread, named {@code containerd}, waits for it.
 */
final class ContainerdProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ContainerdProcess.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration STEADY = Duration.ofMinutes(1);
    private static final Duration STOP = Duration.ofSeconds(20);
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration STEP = Duration.ofMillis(30);
    private static final long LARGEST_LOG = 20 << 20;

    private final Path program;
    private final String path;
    private final ContainerdLayout layout;
    private final CriClient client;
    private final Thread supervisor;
    private volatile boolean stopping;

    ContainerdProcess(Path program, String path, ContainerdLayout layout, CriClient client) {
        this.program = program;
        this.path = path;
        this.layout = layout;
        this.client = client;
        this.supervisor = Thread.ofVirtual().name("containerd").unstarted(this::supervise);
    }

    /** Starts containerd and waits until it answers. */
    void start() throws IOException, InterruptedException {
        endFormer();
        supervisor.start();
        awaitAnswer();
    }

    /** Ends a containerd that a Kite before this one started and did not stop; its containers stay. */
    private void endFormer() throws IOException, InterruptedException {
        if (!Files.exists(layout.pidFile())) {
            return;
        }
        String text = Files.readString(layout.pidFile()).strip();
        if (text.matches("[1-9]\\d{0,8}")) {
            int pid = Integer.parseInt(text);
            List<String> arguments = Processes.arguments(pid);
            if (arguments.contains(layout.config().toString())) {
                LOG.info("Ending the containerd (pid {}) of a Kite that was killed", pid);
                Signals.kill(pid, Signals.SIGTERM);
                long limit = System.nanoTime() + STOP.toNanos();
                while (Processes.arguments(pid).equals(arguments) && System.nanoTime() < limit) {
                    Thread.sleep(STEP);
                }
            }
        }
        Files.deleteIfExists(layout.pidFile());
    }

    /** The runtime has no way to tell that it is ready but to answer. */
    private void awaitAnswer() throws IOException, InterruptedException {
        long limit = System.nanoTime() + START.toNanos();
        while (true) {
            if (Files.exists(layout.socket())) {
                try {
                    client.version();
                    return;
                } catch (CriException e) {
                    if (System.nanoTime() > limit) {
                        throw new IOException("containerd does not answer, see " + layout.log(), e);
                    }
                }
            } else if (System.nanoTime() > limit) {
                throw new IOException("containerd did not start, see " + layout.log());
            }
            Thread.sleep(STEP);
        }
    }

    private void supervise() {
        Duration pause = FIRST_PAUSE;
        while (!stopping) {
            long began = System.nanoTime();
            try {
                int code = runOnce();
                if (stopping) {
                    return;
                }
                LOG.warn("containerd ended with {}, see {}", code, layout.log());
            } catch (IOException e) {
                LOG.error("Cannot run containerd: {}", e.getMessage());
            } catch (InterruptedException e) {
                return;
            }
            pause = System.nanoTime() - began > STEADY.toNanos() ? FIRST_PAUSE : pause;
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                return;
            }
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
    }

    private int runOnce() throws IOException, InterruptedException {
        Path log = layout.log();
        if (Files.exists(log) && Files.size(log) > LARGEST_LOG) {
            Files.move(log, log.resolveSibling("containerd.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        ProcessBuilder builder = new ProcessBuilder(
                        program.toString(), "--config", layout.config().toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("PATH", path);
        builder.environment().remove("NOTIFY_SOCKET"); // ours, not its
        Process process = builder.start();
        try {
            Files.writeString(layout.pidFile(), process.pid() + "\n");
            return process.waitFor();
        } finally {
            if (process.isAlive()) {
                stop(process);
            }
            Files.deleteIfExists(layout.pidFile());
        }
    }

    private static void stop(Process process) {
        process.destroy();
        boolean interrupted = Thread.interrupted();
        try {
            if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops containerd; its containers stay. */
    @Override
    public void close() {
        stopping = true;
        supervisor.interrupt();
        try {
            supervisor.join(STOP.plusSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
