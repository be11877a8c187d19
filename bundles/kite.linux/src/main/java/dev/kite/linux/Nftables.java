package dev.kite.linux;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The kernel's packet filter through {@code nft -j} (libnftables-json(5)). One {@link #apply} is one transaction: all of it or none. Works in the network
 * namespace of the calling thread, so inside {@link NetworkNamespace#call} in that one. Thread-safe.
 */
public final class Nftables {
    private static final long PATIENCE_SECONDS = 60;

    private final String program;

    /** With the {@code nft} on the path. */
    public Nftables() {
        this("nft");
    }

    /**
     * With another program.
     *
     * @param program the path of nft
     */
    public Nftables(String program) {
        this.program = program;
    }

    /**
     * Applies commands in one transaction.
     *
     * @param json {@code {"nftables": [...]}}
     * @throws IOException if the kernel or nft refuses, with nft's words; nothing is changed then
     */
    public void apply(String json) throws IOException {
        run(List.of("-j", "-f", "-"), json);
    }

    /**
     * Lists objects.
     *
     * @param what the words after {@code nft -j list}, for example {@code table}, {@code inet}, {@code kite-proxy}
     * @return nft's JSON
     * @throws IOException if there is no such thing
     */
    public String list(String... what) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-j", "list"));
        arguments.addAll(List.of(what));
        return run(arguments, "");
    }

    private String run(List<String> arguments, String input) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(program);
        command.addAll(arguments);
        Process process;
        try {
            process = new ProcessBuilder(command).start();
        } catch (IOException e) {
            throw new IOException("cannot run nft; install the nftables package", e);
        }
        try {
            CompletableFuture<String> errors = read(process.getErrorStream());
            CompletableFuture<String> output = read(process.getInputStream());
            try (OutputStream stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // nft ended without reading all: its exit code and words say why
                if (process.isAlive()) {
                    process.waitFor(1, TimeUnit.SECONDS);
                }
            }
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("nft took longer than " + PATIENCE_SECONDS + " s");
            }
            if (process.exitValue() != 0) {
                throw new IOException("nft: " + errors.join().strip());
            }
            return output.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while nft ran", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static CompletableFuture<String> read(InputStream stream) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try (stream) {
                text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                text.complete("");
            }
        });
        return text;
    }
}
