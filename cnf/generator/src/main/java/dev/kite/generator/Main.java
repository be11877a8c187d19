package dev.kite.generator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** {@code Main SCHEMA_FOLDER RESOURCES_TSV JAVA_OUT RESOURCE_OUT}: writes the table, the descriptions and the types. */
public final class Main {
    private Main() {}

    /**
     * Runs the generator.
     *
     * @param args the folder of presence.tsv, numbers.tsv and markers.tsv; resources.tsv; where Java goes; where resources go
     * @throws IOException where a file cannot be read or written
     */
    public static void main(String[] args) throws IOException {
        Path java = Path.of(args[2]);
        Path resourceOut = Path.of(args[3]);
        Resources resources = new Resources(Path.of(args[1]));
        Api api = new Merger(new Protos(), new Models(), new Tables(Path.of(args[0]))).merge();

        put(resourceOut.resolve("dev/kite/model/schema/structure.bin"), TableWriter.write(api, resources));
        put(resourceOut.resolve("dev/kite/model/schema/descriptions.txt"), DescriptionWriter.write(api));
        Set<String> packages = new TreeSet<>();
        for (Api.Type type : api.types().values()) {
            String text = new JavaWriter(type, api, resources).write();
            put(java.resolve(Names.javaClass(type.name()).replace('.', '/') + ".java"), utf8(text));
            packages.add(Names.javaPackage(type.name()));
        }
        for (String name : packages) {
            put(java.resolve(name.replace('.', '/') + "/package-info.java"), utf8(JavaWriter.packageInfo(name)));
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Leaves a file alone that has the same bytes already, so that javac's incremental detection stays quiet. */
    private static void put(Path file, byte[] bytes) throws IOException {
        if (Files.exists(file) && java.util.Arrays.equals(Files.readAllBytes(file), bytes)) {
            return;
        }
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }
}
