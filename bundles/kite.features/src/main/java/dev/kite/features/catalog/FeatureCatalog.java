package dev.kite.features.catalog;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where features are found: the distribution's {@code features/*.json} with jars in {@code lib/}, but for the files that list the server and the agent; and
 * {@code DATA/server/features/NAME-VERSION/}, each a feature file with its jars. What was read is kept until a file changes. Thread-safe.
 */
public final class FeatureCatalog {
    private static final Set<String> CORE = Set.of("server.json", "agent.json");

    private record Cached(String stamp, FeaturePackage feature) {}

    private final Path home;
    private final Path added;
    private final FeatureReader reader = new FeatureReader();
    private final Map<Path, Cached> cache = new HashMap<>();

    /**
     * Makes the catalog of two folders.
     *
     * @param home the distribution's folder
     * @param added where more features are put, one folder each
     */
    public FeatureCatalog(Path home, Path added) {
        this.home = home;
        this.added = added;
    }

    /**
     * Reads what is there now. A file that can't be read is left out and told of.
     *
     * @return the features
     */
    public synchronized Catalog read() {
        List<FeaturePackage> packages = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        List<Path> seen = new ArrayList<>();
        for (Path file : files(home.resolve("features"), "*.json", problems)) {
            if (!CORE.contains(file.getFileName().toString())) {
                read(file, List.of(home.resolve("lib")), packages, problems);
                seen.add(file);
            }
        }
        for (Path folder : files(added, "*", problems)) {
            for (Path file : Files.isDirectory(folder) ? files(folder, "*.json", problems) : List.<Path>of()) {
                read(file, List.of(folder, home.resolve("lib")), packages, problems);
                seen.add(file);
            }
        }
        cache.keySet().retainAll(Set.copyOf(seen));
        return new Catalog(packages, problems);
    }

    private static List<Path> files(Path folder, String glob, List<String> problems) {
        List<Path> files = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, glob)) {
                stream.forEach(files::add);
            } catch (IOException e) {
                problems.add("cannot list " + folder + ": " + e.getMessage());
            }
        }
        files.sort(null);
        return files;
    }

    private void read(Path file, List<Path> folders, List<FeaturePackage> packages, List<String> problems) {
        try {
            Cached cached = cache.get(file);
            if (cached == null || !cached.stamp().equals(stamp(file, cached.feature()))) {
                FeaturePackage feature = reader.read(file, folders);
                cached = new Cached(stamp(file, feature), feature);
                cache.put(file, cached);
            }
            packages.add(cached.feature());
        } catch (FeatureException e) {
            cache.remove(file);
            problems.add(String.valueOf(e.getMessage()));
        }
    }

    private static String stamp(Path file, FeaturePackage feature) {
        StringBuilder stamp = new StringBuilder(stamp(file));
        feature.bundles().forEach(bundle -> stamp.append('/').append(stamp(bundle.jar())));
        return stamp.toString();
    }

    private static String stamp(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.size() + ":" + attributes.lastModifiedTime().toMillis() + ":" + attributes.fileKey();
        } catch (IOException e) {
            throw new FeatureException("cannot read " + file + ": " + e, e);
        }
    }
}
