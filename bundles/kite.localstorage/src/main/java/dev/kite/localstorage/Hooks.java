package dev.kite.localstorage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Somebody's own way to make and remove folders: {@code setupCommand}, {@code teardownCommand}, or changed scripts in the ConfigMap. They get what the local-path
 * provisioner's helper pods get: {@code VOL_DIR}, {@code VOL_MODE}, {@code VOL_SIZE_BYTES} and the arguments {@code -p -s -m -a}; but run on the node itself.
 */
final class Hooks {
    private static final Logger LOG = LoggerFactory.getLogger(Hooks.class);
    private static final int MOST_OUTPUT = 2000;

    private Hooks() {}

    /**
     * What a hook is about.
     *
     * @param action create or delete
     * @param folder the volume's folder
     * @param bytes the volume's size
     */
    record Request(String action, Path folder, long bytes) {}

    /**
     * Runs a command.
     *
     * @param command the command's file
     * @param request what about
     * @param patience how long it may take
     * @throws VolumeException if it fails or takes longer
     * @throws InterruptedException if the thread is interrupted; the command is ended then
     */
    static void command(String command, Request request, Duration patience)
            throws VolumeException, InterruptedException {
        run(List.of(command), "", request, patience);
    }

    /**
     * Runs a script by the shell.
     *
     * @param script the script
     * @param request what about
     * @param patience how long it may take
     * @throws VolumeException if it fails or takes longer
     * @throws InterruptedException if the thread is interrupted; the script is ended then
     */
    static void script(String script, Request request, Duration patience) throws VolumeException, InterruptedException {
        run(List.of("/bin/sh", "-s", "--"), script, request, patience);
    }

    private static void run(List<String> command, String input, Request request, Duration patience)
            throws VolumeException, InterruptedException {
        List<String> line = new java.util.ArrayList<>(command);
        String bytes = Long.toString(request.bytes());
        line.addAll(
                List.of("-p", request.folder().toString(), "-s", bytes, "-m", "Filesystem", "-a", request.action()));
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .directory(Path.of("/").toFile());
        builder.environment()
                .putAll(Map.of(
                        "VOL_DIR", request.folder().toString(), "VOL_MODE", "Filesystem", "VOL_SIZE_BYTES", bytes));
        String what = request.action() + " process";
        try {
            Process process = builder.start();
            Thread reader = null;
            ByteArrayOutputStream output = new ByteArrayOutputStream();
            try {
                reader = Thread.ofVirtual()
                        .name("kite-local-storage-hook")
                        .start(() -> read(process.getInputStream(), output));
                try (OutputStream in = process.getOutputStream()) {
                    in.write(input.getBytes(StandardCharsets.UTF_8));
                }
                if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new VolumeException(what + " timeout after " + patience.toSeconds() + " seconds");
                }
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                if (reader != null) {
                    reader.join(Duration.ofSeconds(1));
                }
            }
            if (process.exitValue() != 0) {
                throw new VolumeException(what + " ended with " + process.exitValue() + ": "
                        + output.toString(StandardCharsets.UTF_8).strip());
            }
        } catch (IOException e) {
            throw new VolumeException(what + " cannot run: " + e.getMessage(), e);
        }
    }

    /** Keeps the first of what a command says, and reads the rest, so that it does not wait for a reader. */
    private static void read(InputStream in, ByteArrayOutputStream output) {
        byte[] buffer = new byte[4096];
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (output.size() < MOST_OUTPUT) {
                    output.write(buffer, 0, n);
                }
            }
        } catch (IOException e) {
            LOG.debug("local-storage: the output of a hook ended: {}", e.getMessage());
        }
    }
}
