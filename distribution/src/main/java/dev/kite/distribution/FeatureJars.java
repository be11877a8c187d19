package dev.kite.distribution;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The jars that the product carries: those that feature files list, and those on the launcher's class path. */
final class FeatureJars {
    /** The launcher's class path, by how the names start. */
    private static final List<String> LAUNCHER = List.of(
            "kite.launcher-",
            "kite.cli-",
            "kite.api-",
            "kite.linux-",
            "org.apache.felix.framework-",
            "org.osgi.service.log-",
            "org.osgi.util.pushstream-",
            "picocli-",
            "jackson-",
            "snakeyaml-",
            "slf4j-");

    private FeatureJars() {}

    static Set<String> wanted(Path features, Path jars) throws IOException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.list(features)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".json"))
                    .sorted()
                    .toList()) {
                for (JsonNode bundle :
                        new ObjectMapper().readTree(file.toFile()).path("bundles")) {
                    String[] id = bundle.path("id").asText().split(":");
                    String name = id[1] + "-" + id[2] + ".jar";
                    if (!Files.exists(jars.resolve(name))) {
                        throw new IOException(
                                file.getFileName() + " lists " + name + ", which is no dependency of the distribution");
                    }
                    names.add(name);
                }
            }
        }
        names.addAll(launcher(jars));
        return names;
    }

    /** The names of the launcher's class path, sorted. */
    static List<String> launcher(Path jars) throws IOException {
        try (Stream<Path> files = Files.list(jars)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> LAUNCHER.stream().anyMatch(name::startsWith))
                    .sorted()
                    .toList();
        }
    }
}
