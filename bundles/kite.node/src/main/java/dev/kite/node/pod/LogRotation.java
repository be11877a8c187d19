package dev.kite.node.pod;

import dev.kite.cri.ContainerRuntime;
import dev.kite.cri.CriException;
import dev.kite.node.pod.PodView.Instance;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps containers' logs within bounds (10 MiB and 5 files, if not set otherwise): one that is too large is moved aside as {@code N.log.YYYYMMDD-HHMMSS} and, when the next one is, compressed to
 * {@code .gz}; old ones are kept beside the one that is written. Used by one thread.
 */
final class LogRotation {
    private static final Logger LOG = LoggerFactory.getLogger(LogRotation.class);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private final ContainerRuntime runtime;
    private final long largest;
    private final int files;
    private final InstantSource clock;

    /**
     * @param largest bytes of a log before it is moved aside
     * @param files how many files of a log are kept, the current one included
     */
    LogRotation(ContainerRuntime runtime, long largest, int files, InstantSource clock) {
        this.runtime = runtime;
        this.largest = largest;
        this.files = files;
        this.clock = clock;
    }

    /** Looks at the logs of running containers. */
    void look(Iterable<Instance> instances) {
        for (Instance instance : instances) {
            if (!instance.running() || instance.status().logPath().isEmpty()) {
                continue;
            }
            Path log = Path.of(instance.status().logPath());
            try {
                if (Files.exists(log) && Files.size(log) > largest) {
                    rotate(log, instance.id());
                }
            } catch (IOException | CriException e) {
                LOG.warn("Log {} cannot be rotated: {}", log, e.getMessage());
            }
        }
    }

    private void rotate(Path log, String instance) throws IOException {
        String name = log.getFileName().toString();
        List<Path> old = former(log);
        for (Path one : old) {
            if (!one.getFileName().toString().endsWith(".gz")) {
                compress(one);
            }
        }
        old = former(log);
        for (int i = 0; i < old.size() - (files - 2); i++) {
            Files.deleteIfExists(old.get(i));
        }
        Path aside = log.resolveSibling(name + "." + STAMP.format(clock.instant()));
        Files.move(log, aside, StandardCopyOption.ATOMIC_MOVE);
        if (Programs.isProgram(instance)) {
            return; // it opens its log for each line
        }
        try {
            runtime.reopenLog(instance);
        } catch (CriException e) {
            if (!Files.exists(log)) {
                Files.move(aside, log, StandardCopyOption.ATOMIC_MOVE); // it still writes there
            }
            throw e;
        }
    }

    /** The rotated logs, the oldest first: their names sort by time. */
    static List<Path> former(Path log) throws IOException {
        String prefix = log.getFileName() + ".";
        Path folder = log.toAbsolutePath().getParent();
        List<Path> found = new ArrayList<>();
        if (folder != null) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                for (Path file : files) {
                    String name = file.getFileName().toString();
                    if (name.startsWith(prefix)
                            && name.substring(prefix.length()).matches("\\d{8}-\\d{6}(\\.gz)?")) {
                        found.add(file);
                    }
                }
            }
        }
        found.sort(null);
        return found;
    }

    private static void compress(Path file) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".tmp");
        try (var out = new GZIPOutputStream(Files.newOutputStream(fresh))) {
            Files.copy(file, out);
        }
        Files.move(fresh, file.resolveSibling(file.getFileName() + ".gz"), StandardCopyOption.ATOMIC_MOVE);
        Files.delete(file);
    }
}
