package dev.kite.test.rig;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A real kubectl, run inside a node's network namespace with a kubeconfig. */
public final class Kubectl {
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final Path program;
    private final List<String> enter;
    private final Path kubeconfig;
    private final Path home;

    Kubectl(Path program, List<String> enter, Path kubeconfig, Path home) {
        this.program = program;
        this.enter = List.copyOf(enter);
        this.kubeconfig = kubeconfig;
        this.home = home;
    }

    /** @return the kubectl on the PATH, or empty where there is none */
    public static Optional<Path> onPath() {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "kubectl"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** @return the kubectls of several versions that lie beside the one on the PATH, named kubectl.1.NN; else that one alone */
    public static List<Path> versions() throws IOException {
        Optional<Path> first = onPath();
        if (first.isEmpty()) {
            return List.of();
        }
        Path folder = first.get().toRealPath().getParent();
        List<Path> found = new ArrayList<>();
        if (folder != null) {
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(file -> file.getFileName().toString().matches("kubectl\\.1\\.\\d+"))
                        .sorted()
                        .forEach(found::add);
            }
        }
        return found.isEmpty() ? List.of(first.get()) : found;
    }

    /** @return the same cluster seen by another kubectl */
    public Kubectl version(Path other) {
        return new Kubectl(other, enter, kubeconfig, home);
    }

    /** @return the words that run this kubectl, for processes that the caller starts itself */
    public List<String> words(String... arguments) {
        List<String> words = new ArrayList<>(enter);
        words.addAll(List.of("env", "HOME=" + home, program.toString(), "--kubeconfig=" + kubeconfig));
        words.addAll(List.of(arguments));
        return words;
    }

    /**
     * Runs it.
     *
     * @param arguments its arguments
     * @return what came of it, whatever its code
     */
    public Execution execute(String... arguments) {
        return Execution.run(words(arguments), "", Map.of(), PATIENCE);
    }

    /**
     * Runs it with input.
     *
     * @param input what it reads from stdin
     * @param arguments its arguments
     * @return what came of it
     */
    public Execution executeWith(String input, String... arguments) {
        return Execution.run(words(arguments), input, Map.of(), PATIENCE);
    }

    /**
     * Runs it and expects code 0.
     *
     * @param arguments its arguments
     * @return its stdout
     */
    public String run(String... arguments) {
        return execute(arguments).succeeded().output();
    }

    /**
     * Applies a manifest.
     *
     * @param manifest the YAML
     * @return kubectl's stdout
     */
    public String apply(String manifest) {
        return executeWith(manifest, "apply", "-f", "-").succeeded().output();
    }
}
