package dev.kite.generator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** {@code Main SCHEMA_FOLDER RESOURCES_TSV JAVA_OUT RESOURCE_OUT}: writes the table, the descriptions and the types. */
public final class Main {
    private Main() {}

    /**
     * Runs the generator.
     *
     * @param args the folder of presence.tsv, numbers.tsv, markers.tsv and descriptions.tsv; resources.tsv; where Java goes; where resources go
     * @throws IOException where a file cannot be read or written
     */
    public static void main(String[] args) throws IOException {
        Path java = Path.of(args[2]);
        Path resourceOut = Path.of(args[3]);
        Resources resources = new Resources(Path.of(args[1]));
        Api api = new Merger(new Protos(), new Models(), new Tables(Path.of(args[0]))).merge();

        Set<String> generated = Selection.of(api);
        put(resourceOut.resolve("dev/kite/model/schema/structure.bin"), TableWriter.write(api, resources, generated));
        put(resourceOut.resolve("dev/kite/model/schema/descriptions.txt"), DescriptionWriter.write(api));
        Set<Path> written = new HashSet<>();
        Set<String> packages = new TreeSet<>();
        for (String name : generated) {
            Api.Type type = Objects.requireNonNull(api.types().get(name));
            String text = new JavaWriter(type, api, resources).write();
            written.add(put(java.resolve(Names.javaClass(type.name()).replace('.', '/') + ".java"), utf8(text)));
            packages.add(Names.javaPackage(type.name()));
        }
        for (String name : packages) {
            Path info = java.resolve(name.replace('.', '/') + "/package-info.java");
            written.add(put(info, utf8(JavaWriter.packageInfo(name))));
        }
        deleteOthers(java, written);
    }

    /** Removes what an earlier run wrote and this one did not. */
    private static void deleteOthers(Path folder, Set<Path> written) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!written.contains(file)) {
                    Files.delete(file);
                }
            }
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Leaves a file alone that has the same bytes already, so that javac's incremental detection stays quiet. */
    private static Path put(Path file, byte[] bytes) throws IOException {
        if (Files.exists(file) && java.util.Arrays.equals(Files.readAllBytes(file), bytes)) {
            return file;
        }
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes);
    }
}
