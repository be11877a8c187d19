package dev.kite.model;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.model.json.JsonTrees;
import dev.kite.model.schema.Schema;
import dev.kite.model.schema.StructDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Kubernetes' published data, where it is there: KITE_REFERENCE, or shared/reference beside the checkout. */
public final class Reference {
    private Reference() {}

    /** The folder of the API level; skips the test where it is absent. */
    public static Path folder() {
        Path root = Path.of(Optional.ofNullable(System.getProperty("KITE_REFERENCE"))
                .or(() -> Optional.ofNullable(System.getenv("KITE_REFERENCE")))
                .orElse("../../../shared/reference"));
        Path folder = root.resolve("kubernetes-1.36");
        assumeTrue(Files.isDirectory(folder), "no reference data at " + root);
        return folder;
    }

    /** Names of the examples (group.version.Kind) of types that the schema knows and that are asked for, sorted; alphas are not served. */
    public static List<String> examples(Predicate<StructDescriptor> wanted) {
        try (Stream<Path> files = Files.list(folder().resolve("examples"))) {
            return files.map(f -> f.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .map(name -> name.substring(0, name.length() - 5))
                    .filter(name -> {
                        StructDescriptor type = type(name);
                        return type != null && wanted.test(type);
                    })
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable StructDescriptor type(String name) {
        JsonNode example = JsonTrees.readObject(example(name, "json"));
        return Schema.builtIn()
                .kindOf(
                        example.path("apiVersion").asText(),
                        example.path("kind").asText());
    }

    /** An example's bytes; extension json or pb. */
    public static byte[] example(String name, String extension) {
        return read(folder().resolve("examples").resolve(name + "." + extension));
    }

    /** A file's bytes. */
    public static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
