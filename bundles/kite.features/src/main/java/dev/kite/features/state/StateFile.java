package dev.kite.features.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.features.catalog.FeatureException;
import dev.kite.features.catalog.Settings;
import dev.kite.features.state.FeatureEntry.Attempt;
import dev.kite.features.state.FeatureEntry.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code DATA/server/features.json}: what runs, so that the next start begins with it.
 *
 * <pre>
 * {"format": 1, "features": {"local-storage": {
 *     "enabled": true, "version": "1.1.0", "previousVersion": "1.0.0", "digest": "9f…", "configuration": {}, "bundles": ["kite.localstorage 1.1.0"],
 *     "attempt": {"key": "3c…", "count": 1},
 *     "refusal": {"key": "3c…", "message": "…"}}}}
 * </pre>
 *
 * Written whole to a new file, synced, renamed over the old one, and the folder synced: after a crash it is the old or the new one. What is wanted is in the API, so a
 * file that can't be read is put aside and said, and the newest packaged versions are started. A file of a newer format stops the features rather than be misread.
 * Not thread-safe.
 */
public final class StateFile {
    private static final Logger LOG = LoggerFactory.getLogger(StateFile.class);
    private static final int FORMAT = 1;
    private static final long MOST_BYTES = 4 << 20;

    private final Path file;
    private final ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private final Map<String, FeatureEntry> entries = new TreeMap<>();

    /**
     * Reads the file, where it is there.
     *
     * @param file the file
     * @throws FeatureException if it is of a newer Kite, or can't be put aside
     */
    public StateFile(Path file) {
        this.file = file;
        if (Files.exists(file)) {
            load();
        }
    }

    private void load() {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new IOException("it is too large");
            }
            JsonNode root = mapper.readTree(Files.readAllBytes(file));
            int format = root.path("format").asInt();
            if (format > FORMAT) {
                throw new FeatureException(file + " was written by a newer Kite (format " + format
                        + "); start that Kite, or remove the file to begin with the packaged features");
            }
            if (format != FORMAT) {
                throw new IOException("it says no format");
            }
            for (Map.Entry<String, JsonNode> entry : root.path("features").properties()) {
                entries.put(entry.getKey(), decode(entry.getValue()));
            }
        } catch (IOException e) {
            putAside(e);
        }
    }

    private void putAside(IOException why) {
        entries.clear();
        Path aside = file.resolveSibling(file.getFileName() + ".unreadable");
        try {
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            e.addSuppressed(why);
            throw new FeatureException("cannot read " + file + ", nor move it aside: " + e.getMessage(), e);
        }
        LOG.warn(
                "features: {} could not be read ({}) and is now {}; the newest packaged versions are started",
                file,
                String.valueOf(why.getMessage()).lines().findFirst().orElse(""),
                aside);
    }

    /**
     * Gives what is remembered.
     *
     * @param name the feature
     * @return its entry
     */
    public FeatureEntry get(String name) {
        return entries.getOrDefault(name, FeatureEntry.NONE);
    }

    /** @return all that is remembered */
    public Map<String, FeatureEntry> all() {
        return Map.copyOf(entries);
    }

    /**
     * Remembers, durably when this returns.
     *
     * @param name the feature
     * @param entry its entry
     * @throws FeatureException if it can't be written; the file is as before then
     */
    public void put(String name, FeatureEntry entry) {
        FeatureEntry before = entries.put(name, entry);
        if (entry.equals(before)) {
            return;
        }
        try {
            write(mapper.writeValueAsBytes(encode()));
        } catch (IOException e) {
            if (before == null) {
                entries.remove(name);
            } else {
                entries.put(name, before);
            }
            throw new FeatureException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    private void write(byte[] bytes) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Path next = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private ObjectNode encode() {
        ObjectNode root = mapper.createObjectNode();
        root.put("format", FORMAT);
        ObjectNode features = root.putObject("features");
        entries.forEach((name, entry) -> {
            ObjectNode node = features.putObject(name);
            node.put("enabled", entry.enabled());
            node.put("version", entry.version());
            node.put("previousVersion", entry.previousVersion());
            node.put("digest", entry.digest());
            node.set("configuration", mapper.valueToTree(entry.configuration()));
            node.set("bundles", mapper.valueToTree(entry.own()));
            Attempt attempt = entry.attempt();
            if (attempt != null) {
                node.putObject("attempt").put("key", attempt.key()).put("count", attempt.count());
            }
            Refusal refusal = entry.refusal();
            if (refusal != null) {
                node.putObject("refusal").put("key", refusal.key()).put("message", refusal.message());
            }
        });
        return root;
    }

    private static FeatureEntry decode(JsonNode node) throws IOException {
        if (!node.isObject()) {
            throw new IOException("an entry is no object");
        }
        List<String> own = new ArrayList<>();
        node.path("bundles").forEach(bundle -> own.add(bundle.asText()));
        JsonNode attempt = node.path("attempt");
        JsonNode refusal = node.path("refusal");
        Map<String, Object> configuration;
        try {
            configuration = Settings.of(node.path("configuration"), "configuration");
        } catch (FeatureException e) {
            throw new IOException(e.getMessage(), e);
        }
        return new FeatureEntry(
                node.path("enabled").asBoolean(),
                node.path("version").asText(),
                node.path("previousVersion").asText(),
                node.path("digest").asText(),
                configuration,
                own,
                attempt.isObject()
                        ? new Attempt(
                                attempt.path("key").asText(),
                                attempt.path("count").asInt())
                        : null,
                refusal.isObject()
                        ? new Refusal(
                                refusal.path("key").asText(),
                                refusal.path("message").asText())
                        : null);
    }
}
