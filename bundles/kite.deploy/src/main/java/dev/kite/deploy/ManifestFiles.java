package dev.kite.deploy;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Which files of the manifests folder count: .yaml, .yml and .json there and below, but dot files and those with a NAME.skip beside. */
final class ManifestFiles {
    private static final int MAX_DEPTH = 16;

    private final Path base;
    private final Set<String> disabled;

    ManifestFiles(Path base, Set<String> disabled) {
        this.base = base;
        this.disabled = Set.copyOf(disabled);
    }

    /**
     * A file.
     *
     * @param path where it is
     * @param addon its addon's name: the file's name up to the first dot
     * @param disabled whether --disable names it or its folder: it is removed with all it applied
     * @param modified when it was changed
     * @param size its size, since a change within a tick of the clock leaves the time as it was
     */
    record Found(Path path, String addon, boolean disabled, FileTime modified, long size) {}

    /** All files in the order of their paths. */
    List<Found> scan() throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(base, MAX_DEPTH, FileVisitOption.FOLLOW_LINKS)) {
            paths = walk.filter(Files::isRegularFile).sorted().toList();
        } catch (java.io.UncheckedIOException e) {
            // A file that went away while the folder was read; the next look sees what is left.
            throw e.getCause();
        }
        Set<String> skipped = new HashSet<>();
        for (Path path : paths) {
            String name = name(path);
            if (name.endsWith(".skip")) {
                skipped.add(name.substring(0, name.length() - ".skip".length()));
            }
        }
        List<Found> found = new ArrayList<>();
        for (Path path : paths) {
            String name = name(path);
            boolean disable = isDisabled(path);
            if (isManifest(name) && (disable || !skipped.contains(name))) {
                found.add(new Found(
                        path,
                        name.substring(0, name.indexOf('.')),
                        disable,
                        Files.getLastModifiedTime(path),
                        Files.size(path)));
            }
        }
        return found;
    }

    /** The folders to watch. */
    List<Path> folders() throws IOException {
        try (Stream<Path> walk = Files.walk(base, MAX_DEPTH, FileVisitOption.FOLLOW_LINKS)) {
            return walk.filter(Files::isDirectory).toList();
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    private static boolean isManifest(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return !name.startsWith(".") && (lower.endsWith(".yaml") || lower.endsWith(".yml") || lower.endsWith(".json"));
    }

    /** Whether a folder on the way, as {@code a} or {@code a/b}, or the file's name without its ending is disabled. */
    private boolean isDisabled(Path path) {
        Path relative = base.relativize(path);
        for (int depth = 1; depth < relative.getNameCount(); depth++) {
            if (disabled.contains(relative.subpath(0, depth).toString())) {
                return true;
            }
        }
        String name = name(path);
        int dot = name.lastIndexOf('.');
        return dot > 0 && disabled.contains(name.substring(0, dot));
    }
}
