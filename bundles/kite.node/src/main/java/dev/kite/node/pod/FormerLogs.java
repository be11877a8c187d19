package dev.kite.node.pod;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Logs of a container's earlier instances: the one before is kept, as its container is. */
final class FormerLogs {
    private FormerLogs() {}

    /** Deletes the logs, rotated ones too, of instances before the last one, as an instance is about to start. */
    static void prune(Path folder, int attempt) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<Path> old = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.log*")) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                String number = name.substring(0, name.indexOf('.'));
                if (number.matches("\\d{1,9}") && Integer.parseInt(number) < attempt - 1) {
                    old.add(file);
                }
            }
        }
        for (Path file : old) {
            Files.deleteIfExists(file);
        }
    }
}
