package dev.kite.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Collectors;

/**
 * Makes {@code target/image} (runtime, lib, features, images) and packs it into {@code target/kite}. Same inputs, same bytes.
 */
public final class Packager {
    private final Path source;
    private final Path target;

    private Packager(Path source, Path target) {
        this.source = source;
        this.target = target;
    }

    /**
     * Packs.
     *
     * @param arguments the distribution's folder and its build folder
     * @throws IOException if a file can't be read or written
     */
    public static void main(String[] arguments) throws IOException {
        new Packager(Path.of(arguments[0]), Path.of(arguments[1])).run();
    }

    private void run() throws IOException {
        Path image = target.resolve("image");
        Trees.delete(image);
        Files.createDirectories(image.resolve("lib"));
        RuntimeImage.link(target.resolve("runtime"), source.resolve("src/main/modules.txt"));
        Trees.copy(target.resolve("runtime"), image.resolve("runtime"));
        copyJars(image.resolve("lib"));
        Trees.copy(target.resolve("features"), image.resolve("features"));
        Files.createDirectories(image.resolve("images"));
        PauseImage.write(image.resolve("images/kite-pause.tar"));
        String classpath = FeatureJars.launcher(target.resolve("jars")).stream()
                .map(name -> "$home/lib/" + name)
                .collect(Collectors.joining(":"));
        String launch = Files.readString(source.resolve("src/main/sh/launch.sh"));
        Files.writeString(image.resolve("launch.sh"), launch.replace("@CLASSPATH@", classpath));
        Files.copy(source.resolve("src/main/logging.properties"), image.resolve("logging.properties"));
        BillOfMaterials.write(image, target.resolve("sbom/components.tsv"));
        Path executable = Executable.pack(image, source.resolve("src/main/sh/stub.sh"), target.resolve("kite"));
        System.out.printf("distribution/target/kite: %.1f MB%n", Files.size(executable) / 1e6);
    }

    private void copyJars(Path lib) throws IOException {
        Path from = target.resolve("jars");
        for (String name : FeatureJars.wanted(target.resolve("features"), from)) {
            Path jar = from.resolve(name);
            Path copy = lib.resolve(name);
            if (name.startsWith("sqlite-jdbc")) {
                NativeLibraries.keepOnly(jar, copy, "org/sqlite/native/", "org/sqlite/native/Linux/x86_64/");
            } else {
                Files.copy(jar, copy, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
