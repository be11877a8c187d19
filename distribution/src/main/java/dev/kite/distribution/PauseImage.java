package dev.kite.distribution;

import dev.kite.cli.image.ImageArchive;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The sandbox's image. */
final class PauseImage {
    static final String NAME = "kite.dev/pause:1";

    private PauseImage() {}

    static void write(Path file) throws IOException {
        ImageArchive.write(
                file,
                new ImageArchive.Image(
                        NAME,
                        "amd64",
                        "{\"Entrypoint\":[\"/pause\"],\"User\":\"65535:65535\"}",
                        List.of(new ImageArchive.Entry.File("pause", PauseBinary.x86_64(), 0755))));
    }
}
