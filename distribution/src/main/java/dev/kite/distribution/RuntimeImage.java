package dev.kite.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;

/** The smallest Java runtime that the product needs, linked without compression, since the whole is packed by xz afterwards. */
final class RuntimeImage {
    private RuntimeImage() {}

    /** Links, unless the runtime is there for the same modules and Java. */
    static void link(Path runtime, Path modulesFile) throws IOException {
        List<String> modules = Files.readAllLines(modulesFile).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
        String wanted = Runtime.version() + " " + String.join(",", modules);
        Path mark = runtime.resolve("kite-runtime");
        if (Files.exists(mark) && Files.readString(mark).equals(wanted)) {
            return;
        }
        Trees.delete(runtime);
        ToolProvider jlink =
                ToolProvider.findFirst("jlink").orElseThrow(() -> new IOException("this JDK has no jlink"));
        int code = jlink.run(
                System.out,
                System.err,
                "--add-modules",
                String.join(",", modules),
                "--strip-debug",
                "--no-header-files",
                "--no-man-pages",
                "--vm=server",
                "--output",
                runtime.toString());
        if (code != 0) {
            throw new IOException("jlink failed with code " + code);
        }
        Files.writeString(mark, wanted);
    }
}
