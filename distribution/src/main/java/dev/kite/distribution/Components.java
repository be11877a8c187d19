package dev.kite.distribution;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is really in the product's jars: by their Maven metadata and, for code embedded in bundles, by a table of package prefixes. Code that neither explains fails
 * the build, so that nothing is shipped unnamed.
 */
final class Components {
    private static final String OURS = "dev/kite/";
    private static final Map<String, String> LICENCES = Map.of(
            "org.glassfish:jakarta.json", "EPL-2.0 OR GPL-2.0-only WITH Classpath-exception-2.0",
            "org.xerial:sqlite-jdbc", "Apache-2.0 AND BSD-2-Clause AND blessing");

    private final Map<String, Component> byPrefix;

    private Components(Map<String, Component> byPrefix) {
        this.byPrefix = byPrefix;
    }

    static Components table(Path tsv) throws IOException {
        Map<String, Component> table = new TreeMap<>();
        for (String line : Files.readAllLines(tsv)) {
            if (line.startsWith("#") || line.isBlank()) {
                continue;
            }
            String[] cells = line.split("\t", -1);
            if (cells.length != 6 || line.contains("${")) {
                throw new IOException(tsv + ": six cells without placeholders are wanted: " + line);
            }
            table.put(cells[0], new Component(cells[1], cells[2], cells[3], cells[4], cells[5], "", ""));
        }
        return new Components(table);
    }

    /** The components of a folder of jars, sorted. */
    List<Component> of(Path lib) throws IOException {
        Set<Component> found = new TreeSet<>();
        try (Stream<Path> jars = Files.list(lib)) {
            for (Path jar : jars.sorted().toList()) {
                found.addAll(jar(jar));
            }
        }
        return new ArrayList<>(found);
    }

    private List<Component> jar(Path path) throws IOException {
        String file = String.valueOf(path.getFileName());
        List<Component> found = new ArrayList<>();
        try (JarFile jar = new JarFile(path.toFile())) {
            Component whole = whole(jar, path, file);
            if (whole != null) {
                found.add(whole);
            }
            boolean foreign = whole != null && !file.startsWith("kite.");
            Set<Component> inside = new TreeSet<>();
            for (JarEntry entry : jar.stream().toList()) {
                String name = entry.getName();
                if (foreign || !name.endsWith(".class") || name.startsWith(OURS) || name.startsWith("META-INF/")) {
                    continue;
                }
                inside.add(embedded(name, file, whole == null ? sha256(path) : ""));
            }
            found.addAll(inside);
        }
        return found;
    }

    private Component embedded(String name, String file, String hash) throws IOException {
        for (Map.Entry<String, Component> each : byPrefix.entrySet()) {
            if (name.startsWith(each.getKey())) {
                Component component = each.getValue();
                return new Component(
                        component.group(),
                        component.name(),
                        component.version(),
                        component.licence(),
                        component.copyright(),
                        hash,
                        file);
            }
        }
        throw new IOException(file + " carries " + name + ", which src/main/sbom/components.tsv does not name");
    }

    /** The jar as a component, or null where it says nothing of itself. */
    private static @Nullable Component whole(JarFile jar, Path path, String file) throws IOException {
        if (file.startsWith("kite.")) {
            int dash = file.indexOf('-');
            String version = file.substring(dash + 1, file.length() - ".jar".length());
            return new Component("dev.kite", file.substring(0, dash), version, "Apache-2.0", "", sha256(path), file);
        }
        for (JarEntry entry : jar.stream().toList()) {
            if (entry.getName().matches("META-INF/maven/[^/]+/[^/]+/pom\\.properties")) {
                Properties properties = new Properties();
                try (InputStream in = jar.getInputStream(entry)) {
                    properties.load(in);
                }
                String group = properties.getProperty("groupId");
                String name = properties.getProperty("artifactId");
                return new Component(
                        group,
                        name,
                        properties.getProperty("version"),
                        licence(group + ":" + name, jar.getManifest()),
                        "",
                        sha256(path),
                        file);
            }
        }
        return null;
    }

    private static String licence(String id, @Nullable Manifest manifest) throws IOException {
        String known = LICENCES.get(id);
        if (known != null) {
            return known;
        }
        String said = manifest == null ? null : manifest.getMainAttributes().getValue("Bundle-License");
        String lower = String.valueOf(said).toLowerCase(Locale.ROOT);
        if (lower.contains("apache")) {
            return "Apache-2.0";
        }
        if (lower.contains("license/mit") || lower.startsWith("mit")) {
            return "MIT";
        }
        if (lower.startsWith("bsd-3-clause")) {
            return "BSD-3-Clause";
        }
        throw new IOException("the licence of " + id + " is not known: its manifest says " + said);
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
