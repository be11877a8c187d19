package dev.kite.security.encryption;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.security.pki.AtomicFiles;
import dev.kite.security.pki.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * k3s's own two files: DATA/server/cred/encryption-config.json, an EncryptionConfiguration of one entry for secrets, as compact JSON in k3s's order of fields, since its SHA-256 is
 * compared between servers; and encryption-state.json beside it, {@code STAGE-SHA256}, the value of the node's annotation.
 */
final class EncryptionFile {
    static final Set<String> PROVIDERS = Set.of("aescbc", "secretbox");
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int KEY_BYTES = 32;

    private final Path folder;

    EncryptionFile(Path folder) {
        this.folder = folder;
    }

    /**
     * A key with its name. Its text form shows no secret.
     *
     * @param name its name
     * @param secret base64
     */
    record NamedKey(String name, String secret) {
        static NamedKey random(String name) {
            byte[] secret = new byte[KEY_BYTES];
            new SecureRandom().nextBytes(secret);
            return new NamedKey(name, Base64.getEncoder().encodeToString(secret));
        }

        @Override
        public String toString() {
            return "NamedKey[" + name + "]";
        }
    }

    /**
     * What the configuration says.
     *
     * @param enabled whether the first provider encrypts
     * @param keys by provider, the provider that writes first
     */
    record KeySet(boolean enabled, Map<String, List<NamedKey>> keys) {
        List<NamedKey> of(String provider) {
            return keys.getOrDefault(provider, List.of());
        }

        KeySet with(String provider, List<NamedKey> changed) {
            Map<String, List<NamedKey>> all = new java.util.LinkedHashMap<>(keys);
            all.put(provider, List.copyOf(changed));
            return new KeySet(enabled, all);
        }

        KeySet enabled(boolean wanted) {
            return new KeySet(wanted, keys);
        }
    }

    Path config() {
        return folder.resolve("encryption-config.json");
    }

    boolean exists() {
        return Files.exists(config());
    }

    /** Writes a configuration with a new key, and the state beside it. */
    void create(String provider) throws IOException {
        if (!PROVIDERS.contains(provider)) {
            throw new IOException("secrets-encryption-provider is aescbc or secretbox, not '" + provider + "'");
        }
        AtomicFiles.folder(folder);
        String text = text(new KeySet(true, Map.of(provider, List.of(NamedKey.random(provider + "key")))), provider);
        // The state first: a configuration is never there without it.
        state("start", text);
        AtomicFiles.write(config(), text);
    }

    KeySet read() throws IOException {
        try {
            JsonNode entry =
                    MAPPER.readTree(Pem.readFile(config())).path("resources").path(0);
            Map<String, List<NamedKey>> keys = new java.util.LinkedHashMap<>();
            List<String> order = new ArrayList<>();
            for (JsonNode provider : entry.path("providers")) {
                provider.properties().forEach(member -> {
                    order.add(member.getKey());
                    List<NamedKey> list = new ArrayList<>();
                    member.getValue()
                            .path("keys")
                            .forEach(key -> list.add(new NamedKey(
                                    key.path("name").asText(),
                                    key.path("secret").asText())));
                    if (PROVIDERS.contains(member.getKey())) {
                        keys.put(member.getKey(), List.copyOf(list));
                    }
                });
            }
            if (order.stream().anyMatch(name -> !name.equals("identity") && !PROVIDERS.contains(name))) {
                throw new IOException(config() + " has non-standard encryption keys; rotate them by hand");
            }
            return new KeySet(!order.isEmpty() && PROVIDERS.contains(order.getFirst()), keys);
        } catch (JsonProcessingException e) {
            throw new IOException(config() + " is not JSON", e);
        }
    }

    /** Writes the configuration; what a provider has no keys for is left out. */
    void write(KeySet content, String provider) throws IOException {
        AtomicFiles.write(config(), text(content, provider));
    }

    private static String text(KeySet content, String provider) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("kind", "EncryptionConfiguration").put("apiVersion", "apiserver.config.k8s.io/v1");
        ObjectNode entry = root.putArray("resources").addObject();
        entry.putArray("resources").add("secrets");
        ArrayNode list = entry.putArray("providers");
        if (!content.enabled()) {
            list.addObject().putObject("identity");
        }
        List<String> order = new ArrayList<>(List.of(provider));
        new TreeMap<>(content.keys())
                .keySet().stream().filter(name -> !name.equals(provider)).forEach(order::add);
        for (String name : order) {
            if (!content.of(name).isEmpty()) {
                ArrayNode keys = list.addObject().putObject(name).putArray("keys");
                content.of(name)
                        .forEach(key -> keys.addObject().put("name", key.name()).put("secret", key.secret()));
            }
        }
        if (content.enabled()) {
            list.addObject().putObject("identity");
        }
        try {
            return MAPPER.writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code STAGE-SHA256} of the configuration as it is. */
    String mark(String stage) throws IOException {
        return stage + "-" + sha256(Pem.readFile(config()));
    }

    /** The state that is remembered. */
    String state() throws IOException {
        return Files.exists(statePath()) ? Pem.readFile(statePath()).strip() : mark("start");
    }

    private Path statePath() {
        return folder.resolve("encryption-state.json");
    }

    /** Remembers a stage of the configuration as it is. */
    String remember(String stage) throws IOException {
        String mark = mark(stage);
        AtomicFiles.write(statePath(), mark);
        return mark;
    }

    private void state(String stage, String text) throws IOException {
        AtomicFiles.write(statePath(), stage + "-" + sha256(text));
    }

    static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
