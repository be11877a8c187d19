package dev.kite.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Packs the product a second time and compares the bytes. Run by the gate after packaging. */
public final class Reproducibility {
    private Reproducibility() {}

    /**
     * Compares.
     *
     * @param arguments the distribution's folder and its build folder, as for the packager
     * @throws IOException if the second package differs: the message says where
     */
    public static void main(String[] arguments) throws IOException {
        Path source = Path.of(arguments[0]);
        Path target = Path.of(arguments[1]);
        Path again = target.resolve("again");
        Trees.delete(again);
        Files.createDirectories(again);
        try {
            for (String folder : new String[] {"jars", "features", "runtime", "sbom"}) {
                Trees.copy(target.resolve(folder), again.resolve(folder));
            }
            Packager.main(new String[] {source.toString(), again.toString()});
            long difference = Files.mismatch(target.resolve("kite"), again.resolve("kite"));
            if (difference >= 0) {
                throw new IOException("packing twice gave different bytes, first at " + difference);
            }
            System.out.println("distribution: packing twice gives the same bytes");
        } finally {
            Trees.delete(again);
        }
    }
}
