package dev.kite.security.encryption;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.client.ApiException;
import dev.kite.api.client.ListOptions;
import dev.kite.api.client.Patch;
import dev.kite.security.encryption.EncryptionFile.KeySet;
import dev.kite.security.encryption.EncryptionFile.NamedKey;
import java.io.IOException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rotation of the keys of Secrets, by k3s's stages: start, prepare, rotate, reencrypt_active, reencrypt_finished. The stage and the configuration's hash are an annotation of each
 * server's node. All methods throw IOException with one line for the administrator. One change at a time.
 */
final class SecretsRotation {
    static final String ANNOTATION = "k3s.io/encryption-config-hash";
    private static final Logger LOG = LoggerFactory.getLogger(SecretsRotation.class);
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int PAGE = 100;
    private static final int PROGRESS = 50;
    private static final Map<String, String> TYPES = Map.of("aescbc", "AES-CBC", "secretbox", "XSalsa20-POLY1305");
    private static final List<String> AT_REST = List.of("start", "reencrypt_finished");

    private final StorageEncryptionComponent encryption;
    private final EncryptionFile file;
    private final ClusterObjects cluster;
    private final String provider;
    private final InstantSource clock;
    private final AtomicBoolean changing = new AtomicBoolean();

    SecretsRotation(
            StorageEncryptionComponent encryption, ClusterObjects cluster, String provider, InstantSource clock) {
        this.encryption = encryption;
        this.file = encryption.own();
        this.cluster = cluster;
        this.provider = provider;
        this.clock = clock;
    }

    /** What {@code kite secrets-encrypt status} shows, in k3s's form. */
    ObjectNode status() throws IOException {
        ObjectNode status = MAPPER.createObjectNode().put("stage", "").put("activekey", "");
        if (!file.exists()) {
            return status;
        }
        KeySet content = file.read();
        status.put("stage", stage());
        List<String> names = new ArrayList<>();
        for (String name : order(content)) {
            content.of(name).forEach(key -> names.add(TYPES.get(name) + " " + key.name()));
        }
        if (content.enabled() && !names.isEmpty()) {
            status.put("activekey", names.removeFirst());
        }
        status.put("enable", content.enabled());
        String difference = cluster.difference();
        if (difference.isEmpty()) {
            status.put("hashmatch", true);
        } else {
            status.put("hasherror", difference);
        }
        if (!names.isEmpty()) {
            ArrayNode inactive = status.putArray("inactivekeys");
            names.forEach(inactive::add);
        }
        return status;
    }

    private static List<String> order(KeySet content) {
        return List.copyOf(content.keys().keySet());
    }

    private String mark() throws IOException {
        String mark = cluster.mark();
        return mark.isEmpty() ? file.state() : mark;
    }

    private String stage() throws IOException {
        String mark = mark();
        return mark.substring(0, Math.max(0, mark.lastIndexOf('-')));
    }

    /** Takes one step; {@code request} is k3s's EncryptionRequest. */
    void change(JsonNode request) throws IOException {
        if (!file.exists()) {
            throw new IOException("secrets encryption was never enabled; start the server with --secrets-encryption");
        }
        if (!changing.compareAndSet(false, true)) {
            throw new IOException("another change of the keys is under way; see the status");
        }
        boolean goesOn = false;
        try {
            boolean force = request.path("force").asBoolean();
            String stage = request.path("stage").asText();
            if (stage.equals("reencrypt_active")) {
                demand(List.of("rotate"), force);
                aescbcOnly("reencrypt");
                startReencrypting(request.path("skip").asBoolean());
                goesOn = true;
            } else if (!stage.isEmpty()) {
                stage(stage, force);
            } else if (request.path("enable").isBoolean()) {
                enable(request.path("enable").asBoolean());
            } else {
                throw new IOException("the request names neither a stage nor enable");
            }
        } finally {
            if (!goesOn) {
                changing.set(false);
            }
        }
    }

    /** As in k3s the answer doesn't wait: the stage tells when it is done. */
    private void startReencrypting(boolean keep) {
        Thread.ofVirtual().name("kite-secrets-reencrypt").start(() -> {
            try {
                reencrypt(keep);
            } catch (IOException | RuntimeException e) {
                LOG.warn("Secrets could not be encrypted anew: {}", e.getMessage());
            } finally {
                changing.set(false);
            }
        });
    }

    private void stage(String stage, boolean force) throws IOException {
        switch (stage) {
            case "prepare" -> {
                demand(AT_REST, force);
                aescbcOnly("prepare");
                KeySet content = file.read().enabled(true);
                write(content.with(provider, plus(content.of(provider))), "prepare");
            }
            case "rotate" -> {
                demand(List.of("prepare"), force);
                aescbcOnly("rotate");
                KeySet content = file.read().enabled(true);
                write(content.with(provider, turned(content.of(provider))), "rotate");
            }
            case "rotate_keys" -> {
                demand(AT_REST, force);
                KeySet content = file.read().enabled(true);
                List<NamedKey> keys = plus(content.of(provider));
                // First as one that reads, so that no other server meets what it can't read; then as the one that
                // writes.
                write(content.with(provider, keys), "rotate");
                if (keys.size() > 1) {
                    write(content.with(provider, turned(keys)), "rotate");
                }
                reencrypt(false);
            }
            default -> throw new IOException("unknown stage " + stage + " requested");
        }
    }

    private void aescbcOnly(String stage) throws IOException {
        if (provider.equals("secretbox")) {
            throw new IOException(stage + " does not support secretbox key type, use rotate-keys instead");
        }
    }

    /** Checks that all servers agree, and that this step follows the one before. */
    private void demand(List<String> stages, boolean force) throws IOException {
        if (force) {
            return;
        }
        String difference = cluster.difference();
        if (!difference.isEmpty()) {
            throw new IOException(difference);
        }
        if (!stages.contains(stage())) {
            throw new IOException("incorrect stage: " + stage() + " found on node " + cluster.node() + "; expected "
                    + String.join(" or ", stages));
        }
        if (!mark().equals(file.mark(stage()))) {
            throw new IOException("invalid hash: the keys in " + file.config() + " are not those of node "
                    + cluster.node() + "'s annotation");
        }
    }

    private List<NamedKey> plus(List<NamedKey> keys) {
        List<NamedKey> more = new ArrayList<>(keys);
        String name = provider + "key-" + clock.instant().truncatedTo(ChronoUnit.SECONDS);
        // Two rotations within a second: names mark what was written, so they never repeat.
        long same = keys.stream().filter(key -> key.name().startsWith(name)).count();
        more.add(NamedKey.random(same == 0 ? name : name + "-" + same));
        return more;
    }

    /** The last key becomes the first. */
    private static List<NamedKey> turned(List<NamedKey> keys) throws IOException {
        if (keys.size() < 2) {
            throw new IOException("there is no second key to rotate to; prepare first");
        }
        List<NamedKey> turned = new ArrayList<>(keys.subList(keys.size() - 1, keys.size()));
        turned.addAll(keys.subList(0, keys.size() - 1));
        return turned;
    }

    private void write(KeySet content, String stage) throws IOException {
        file.write(content, provider);
        encryption.reload();
        remember(stage);
    }

    private void remember(String stage) throws IOException {
        cluster.mark(file.remember(stage));
    }

    private void enable(boolean enable) throws IOException {
        KeySet content = file.read();
        if (content.enabled() == enable) {
            return;
        }
        if (enable && content.of(provider).isEmpty()) {
            throw new IOException("cannot enable secrets encryption with " + provider + " key type, no keys found");
        }
        file.write(content.enabled(enable), provider);
        encryption.reload();
        rewrite();
        remember("reencrypt_finished");
    }

    /** Writes all Secrets anew, then drops the last key. */
    private void reencrypt(boolean keep) throws IOException {
        String before = stage();
        // Not remembered in the file: after a crash the step before is repeated.
        cluster.mark(file.mark("reencrypt_active"));
        rewrite();
        if (keep) {
            remember(before);
            return;
        }
        KeySet content = file.read();
        String other = provider.equals("aescbc") ? "secretbox" : "aescbc";
        boolean migrated =
                content.of(provider).size() == 1 && !content.of(other).isEmpty();
        String from = migrated ? other : provider;
        List<NamedKey> keys = content.of(from);
        if (migrated || keys.size() > 1) {
            file.write(content.with(from, keys.subList(0, keys.size() - 1)), provider);
            encryption.reload();
            // Nothing is encrypted with the key that is gone.
            encryption.rewritten("", "secrets");
        }
        remember("reencrypt_finished");
    }

    private void rewrite() throws IOException {
        int count = 0;
        String next = "";
        do {
            ObjectNode page = cluster.secrets(new ListOptions("", "", "", "", PAGE, next, false, false, 0));
            next = page.path("metadata").path("continue").asText();
            for (JsonNode secret : page.path("items")) {
                rewrite((ObjectNode) secret);
                count++;
                if (count % PROGRESS == 0) {
                    cluster.event("Normal", "SecretsProgress", "reencrypted " + count + " secrets");
                }
            }
        } while (!next.isEmpty());
        encryption.rewritten("", "secrets");
        cluster.event("Normal", "SecretsUpdateComplete", "reencrypted " + count + " secrets");
        LOG.info("{} secrets were encrypted anew", count);
    }

    private void rewrite(ObjectNode secret) throws IOException {
        try {
            // An item of a list has neither.
            secret.put("apiVersion", "v1").put("kind", "Secret");
            cluster.update(secret);
        } catch (ApiException e) {
            // Whoever changed it meanwhile has written it with the new key.
            if (!e.conflict() && !e.notFound()) {
                cluster.event("Warning", "SecretsUpdateError", "failed to update secret: " + e.getMessage());
                throw new IOException("failed to update secret: " + e.getMessage(), e);
            }
        }
    }

    /** What rotation reads and writes of the cluster. */
    interface ClusterObjects {
        /** This server's node. */
        String node();

        /** Its annotation, empty where it has none or there is no such node. */
        String mark();

        /** Sets its annotation. */
        void mark(String mark);

        /** Between which servers the annotation differs; empty where it doesn't. */
        String difference();

        ObjectNode secrets(ListOptions options);

        void update(ObjectNode secret);

        void event(String type, String reason, String message);
    }

    /** The annotation's change. */
    static Patch annotation(String mark) {
        ObjectNode patch = MAPPER.createObjectNode();
        patch.putObject("metadata").putObject("annotations").put(ANNOTATION, mark);
        return new Patch.Merge(patch.toString());
    }
}
