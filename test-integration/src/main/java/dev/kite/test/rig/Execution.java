package dev.kite.test.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A command that has run.
 *
 * @param command its words
 * @param code its exit code
 * @param output what it wrote to stdout
 * @param error what it wrote to stderr
 */
public record Execution(List<String> command, int code, String output, String error) {
    /**
     * Runs a command to its end.
     *
     * @param command the words
     * @param input what it reads
     * @param environment further environment variables
     * @param patience how long it may take; then it is killed and the call fails
     * @return what came of it
     */
    public static Execution run(
            List<String> command, String input, Map<String, String> environment, Duration patience) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(Path.of(System.getProperty("kite.root", "."), ".").toFile());
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            CompletableFuture<String> output =
                    CompletableFuture.supplyAsync(() -> text(process.getInputStream()), Thread::startVirtualThread);
            CompletableFuture<String> error =
                    CompletableFuture.supplyAsync(() -> text(process.getErrorStream()), Thread::startVirtualThread);
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // The command ended without reading its input; its exit code tells.
                error.isDone();
            }
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError("not ended within " + patience.toSeconds() + " s: " + String.join(" ", command)
                        + "\n" + output.join() + error.join());
            }
            return new Execution(List.copyOf(command), process.exitValue(), output.join(), error.join());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static String text(java.io.InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @return itself, if it ended with 0; else this fails with all that it wrote */
    public Execution succeeded() {
        if (code != 0) {
            throw new AssertionError("code " + code + ": " + String.join(" ", command) + "\n" + output + error);
        }
        return this;
    }
}
