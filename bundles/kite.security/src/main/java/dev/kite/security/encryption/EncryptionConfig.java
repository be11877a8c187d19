package dev.kite.security.encryption;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.security.pki.AtomicFiles;
import dev.kite.security.pki.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The file encryption-config.json (apiserver.config.k8s.io/v1 EncryptionConfiguration): which resources are encrypted, and by which providers; the first writes, all read.
 *
 * @param providers by resource, as {@code secrets} or {@code things.example.org}
 */
record EncryptionConfig(Map<String, List<Provider>> providers) {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int KEY_BYTES = 32;

    /** Reads the file. */
    static EncryptionConfig read(Path file) throws IOException {
        try {
            JsonNode root = MAPPER.readTree(Pem.readFile(file));
            if (!root.path("kind").asText().equals("EncryptionConfiguration")) {
                throw new IOException(file + " is no EncryptionConfiguration");
            }
            Map<String, List<Provider>> providers = new HashMap<>();
            for (JsonNode entry : root.path("resources")) {
                List<Provider> list = providers(entry.path("providers"));
                for (JsonNode resource : entry.path("resources")) {
                    providers.putIfAbsent(resource.asText(), list);
                }
            }
            return new EncryptionConfig(Map.copyOf(providers));
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is not JSON: " + e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static List<Provider> providers(JsonNode list) {
        List<Provider> providers = new ArrayList<>();
        for (JsonNode provider : list) {
            provider.properties().forEach(entry -> {
                switch (entry.getKey()) {
                    case "identity" -> providers.add(new Provider.Identity());
                    case "aescbc", "secretbox" -> {
                        for (JsonNode key : entry.getValue().path("keys")) {
                            providers.add(keyed(entry.getKey(), key));
                        }
                    }
                    default -> throw new IllegalArgumentException("the provider " + entry.getKey() + " is not known");
                }
            });
        }
        if (providers.isEmpty()) {
            throw new IllegalArgumentException("a resource without providers");
        }
        return List.copyOf(providers);
    }

    private static Provider keyed(String provider, JsonNode key) {
        byte[] secret = Base64.getDecoder().decode(key.path("secret").asText());
        Provider.Sealing cipher = provider.equals("aescbc") ? new AesCbc(secret) : new SecretBox(secret);
        return new Provider.Keyed(provider, key.path("name").asText(), cipher);
    }

    /** Writes a file with a new key for Secrets, and k3s's state file beside it. */
    static void create(Path folder, String provider) throws IOException {
        if (!provider.equals("aescbc") && !provider.equals("secretbox")) {
            throw new IOException("secrets-encryption-provider is aescbc or secretbox, not '" + provider + "'");
        }
        byte[] secret = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(secret);
        ObjectNode root = MAPPER.createObjectNode();
        root.put("kind", "EncryptionConfiguration").put("apiVersion", "apiserver.config.k8s.io/v1");
        ObjectNode entry = root.putArray("resources").addObject();
        entry.putArray("resources").add("secrets");
        var list = entry.putArray("providers");
        list.addObject()
                .putObject(provider)
                .putArray("keys")
                .addObject()
                .put("name", provider + "key")
                .put("secret", Base64.getEncoder().encodeToString(secret));
        list.addObject().putObject("identity");
        String text = MAPPER.writeValueAsString(root);
        AtomicFiles.folder(folder);
        // The state first: a configuration is never there without it.
        AtomicFiles.write(folder.resolve("encryption-state.json"), "start-" + sha256(text));
        AtomicFiles.write(folder.resolve("encryption-config.json"), text);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
