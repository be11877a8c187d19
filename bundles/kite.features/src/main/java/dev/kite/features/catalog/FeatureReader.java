package dev.kite.features.catalog;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/**
 * Reads feature files (OSGi Feature Service specification, 159.4): id, description, bundles, configurations and the extension {@code kite-feature}
 * ({@code {"type":"json","json":{"swap":"beside"}}}). Stateless.
 */
final class FeatureReader {
    private static final long MOST_BYTES = 1 << 20;
    private static final int MOST_BUNDLES = 200;
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern PART = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");

    private final ObjectMapper mapper = new ObjectMapper(JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(32)
                    .maxStringLength(100_000)
                    .maxNumberLength(40)
                    .build())
            .build());

    /**
     * Reads a feature file.
     *
     * @param file the file
     * @param folders where its jars are looked for, in this order
     * @return the feature
     * @throws FeatureException if the file or a jar is not there or not right
     */
    FeaturePackage read(Path file, List<Path> folders) {
        JsonNode root = parse(file);
        String[] id = coordinates(root.path("id").asText(), file);
        String name = id[1];
        if (!NAME.matcher(name).matches()) {
            throw new FeatureException(
                    file + " has an id whose artifact \"" + FeatureVersion.shortened(name) + "\" is no feature name");
        }
        List<BundleFile> bundles = bundles(root.path("bundles"), file, folders);
        StringBuilder content = new StringBuilder(Digests.of(file));
        bundles.forEach(bundle -> content.append(bundle.digest()));
        return new FeaturePackage(
                name,
                version(id[id.length - 1], file),
                root.path("description").asText(root.path("name").asText("")),
                bundles,
                configurations(root.path("configurations"), name, file),
                root.path("extensions")
                        .path("kite-feature")
                        .path("json")
                        .path("swap")
                        .asText("replace")
                        .equals("beside"),
                Digests.of(content.toString()));
    }

    private static FeatureVersion version(String text, Path file) {
        try {
            return FeatureVersion.parse(text);
        } catch (FeatureException e) {
            throw new FeatureException(file + ": " + e.getMessage(), e);
        }
    }

    private JsonNode parse(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new FeatureException(file + " is larger than a feature file may be (1 MiB)");
            }
            JsonNode root = mapper.readTree(Files.readAllBytes(file));
            if (root == null || !root.isObject()) {
                throw new FeatureException(file + " holds no JSON object");
            }
            return root;
        } catch (IOException e) {
            throw new FeatureException("cannot read the feature file " + file + ": " + firstLine(e), e);
        }
    }

    private static String firstLine(Exception e) {
        String message = String.valueOf(e.getMessage());
        return message.lines().findFirst().orElse("");
    }

    /** {@code group:artifact[:type[:classifier]]:version}. */
    private static String[] coordinates(String id, Path file) {
        String[] parts = id.split(":", -1);
        boolean form = parts.length >= 3 && parts.length <= 5;
        for (String part : parts) {
            form &= PART.matcher(part).matches() && !part.contains("..");
        }
        if (!form) {
            throw new FeatureException(
                    file + " names \"" + FeatureVersion.shortened(id) + "\" where group:artifact:version is wanted");
        }
        return parts;
    }

    private static List<BundleFile> bundles(JsonNode node, Path file, List<Path> folders) {
        if (!node.isArray() || node.isEmpty() || node.size() > MOST_BUNDLES) {
            throw new FeatureException(file + " must list between 1 and " + MOST_BUNDLES + " bundles");
        }
        List<BundleFile> bundles = new ArrayList<>();
        Map<String, String> seen = new LinkedHashMap<>();
        for (JsonNode item : node) {
            String[] id = coordinates(
                    item.isTextual() ? item.asText() : item.path("id").asText(), file);
            BundleFile bundle = bundle(find(id[1] + "-" + id[id.length - 1] + ".jar", folders, file));
            if (seen.put(bundle.symbolicName() + "/" + bundle.version(), "") != null) {
                throw new FeatureException(file + " lists " + bundle.label() + " twice");
            }
            bundles.add(bundle);
        }
        return bundles;
    }

    private static Path find(String jar, List<Path> folders, Path file) {
        for (Path folder : folders) {
            Path candidate = folder.resolve(jar);
            if (Files.isRegularFile(candidate)) {
                return candidate;
            }
        }
        throw new FeatureException(file + " lists " + jar + ", which is not there; put the feature there again, whole");
    }

    private static BundleFile bundle(Path jar) {
        try (JarFile open = new JarFile(jar.toFile(), false)) {
            Manifest manifest = open.getManifest();
            String name =
                    manifest == null ? null : manifest.getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME);
            if (manifest == null || name == null) {
                throw new FeatureException(jar + " is no bundle");
            }
            String version = manifest.getMainAttributes().getValue(Constants.BUNDLE_VERSION);
            return new BundleFile(
                    name.split(";", 2)[0].trim(), Version.parseVersion(version).toString(), jar, Digests.of(jar));
        } catch (IOException | IllegalArgumentException e) {
            throw new FeatureException(jar + " cannot be read as a bundle: " + firstLine(e), e);
        }
    }

    private static Map<String, Map<String, Object>> configurations(JsonNode node, String name, Path file) {
        Map<String, Map<String, Object>> all = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            String pid = entry.getKey();
            if (!PART.matcher(pid).matches()) {
                throw new FeatureException(
                        file + " configures \"" + FeatureVersion.shortened(pid) + "\", which is no PID");
            }
            // A feature sets its own parts only: the server's settings are not its business.
            if (pid.equals("kite") || (pid.startsWith("kite.feature.") && !pid.equals("kite.feature." + name))) {
                throw new FeatureException(file + " configures " + pid + ", which is not its own");
            }
            all.put(pid, Settings.of(entry.getValue(), file + ": " + pid));
        }
        return all;
    }
}
