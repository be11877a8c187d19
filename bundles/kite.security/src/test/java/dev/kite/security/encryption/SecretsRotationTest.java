package dev.kite.security.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.client.ApiException;
import dev.kite.api.client.ListOptions;
import dev.kite.security.TestCertificates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SecretsRotationTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final byte[] PLAIN = "plain".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path data;

    private final Cluster cluster = new Cluster();
    private StorageEncryptionComponent encryption;

    /** A node and 120 Secrets that are stored encrypted. */
    private final class Cluster implements SecretsRotation.ClusterObjects {
        private volatile String mark = "";
        private String difference = "";
        private final Map<String, byte[]> stored = new LinkedHashMap<>();
        private final List<String> events = new ArrayList<>();
        private int conflictAt = -1;
        private int failAt = -1;
        private int updates;

        void fill() {
            for (int i = 0; i < 120; i++) {
                stored.put("s" + i, encryption.seal("", "secrets", "/s" + i, PLAIN));
            }
        }

        @Override
        public String node() {
            return "n1";
        }

        @Override
        public String mark() {
            return mark;
        }

        @Override
        public void mark(String next) {
            mark = next;
        }

        @Override
        public String difference() {
            return difference;
        }

        @Override
        public ObjectNode secrets(ListOptions options) {
            List<String> names = List.copyOf(stored.keySet());
            int from = options.continueToken().isEmpty() ? 0 : Integer.parseInt(options.continueToken());
            int to = Math.min(names.size(), from + options.limit());
            ObjectNode list = MAPPER.createObjectNode();
            list.putObject("metadata").put("continue", to < names.size() ? Integer.toString(to) : "");
            ArrayNode items = list.putArray("items");
            names.subList(from, to)
                    .forEach(name -> items.addObject().putObject("metadata").put("name", name));
            return list;
        }

        @Override
        public void update(ObjectNode secret) {
            int number = updates++;
            if (number == conflictAt) {
                throw new ApiException(409, "Conflict", "changed");
            }
            if (number == failAt) {
                throw new ApiException(500, "InternalError", "broken");
            }
            assertThat(secret.path("kind").asText()).isEqualTo("Secret");
            assertThat(encryption.mayBeStale("", "secrets")).isTrue();
            String name = secret.path("metadata").path("name").asText();
            byte[] plain = encryption.open("", "secrets", "/" + name, stored.get(name));
            stored.put(name, encryption.seal("", "secrets", "/" + name, plain));
        }

        @Override
        public void event(String type, String reason, String message) {
            events.add(type + " " + reason + " " + message);
        }
    }

    private SecretsRotation start(String provider) throws IOException {
        return start(provider, provider);
    }

    private SecretsRotation start(String first, String provider) throws IOException {
        Map<String, Object> settings = new HashMap<>();
        settings.put("secrets_encryption", true);
        settings.put("secrets_encryption_provider", first);
        encryption = new StorageEncryptionComponent(TestCertificates.server(data, settings));
        cluster.fill();
        cluster.mark = encryption.own().state();
        return new SecretsRotation(encryption, cluster, provider, () -> Instant.parse("2026-11-24T12:00:00Z"));
    }

    @AfterEach
    void stop() throws IOException {
        if (encryption != null) {
            encryption.deactivate();
        }
    }

    private static JsonNode request(String json) throws IOException {
        return MAPPER.readTree(json);
    }

    private void allReadableAndUnder(String key) {
        cluster.stored.forEach((name, stored) -> {
            assertThat(new String(stored, StandardCharsets.ISO_8859_1)).startsWith("k8s:enc:" + key + ":");
            assertThat(encryption.open("", "secrets", "/" + name, stored)).isEqualTo(PLAIN);
        });
    }

    @Test
    void rotateKeysWritesAllSecretsUnderANewKeyAndDropsTheOld() throws Exception {
        SecretsRotation rotation = start("secretbox");
        assertThat(rotation.status().toString())
                .isEqualTo(
                        "{\"stage\":\"start\",\"activekey\":\"XSalsa20-POLY1305 secretboxkey\",\"enable\":true,\"hashmatch\":true}");
        rotation.change(request("{\"stage\":\"rotate_keys\"}"));
        allReadableAndUnder("secretbox:v1:secretboxkey-2026-11-24T12:00:00Z");
        assertThat(rotation.status().path("stage").asText()).isEqualTo("reencrypt_finished");
        assertThat(rotation.status().path("activekey").asText())
                .isEqualTo("XSalsa20-POLY1305 secretboxkey-2026-11-24T12:00:00Z");
        assertThat(rotation.status().has("inactivekeys")).isFalse();
        assertThat(cluster.mark)
                .isEqualTo("reencrypt_finished-"
                        + EncryptionFile.sha256(Files.readString(data.resolve("server/cred/encryption-config.json"))));
        assertThat(Files.readString(data.resolve("server/cred/encryption-state.json")))
                .isEqualTo(cluster.mark);
        assertThat(cluster.events)
                .containsExactly(
                        "Normal SecretsProgress reencrypted 50 secrets",
                        "Normal SecretsProgress reencrypted 100 secrets",
                        "Normal SecretsUpdateComplete reencrypted 120 secrets");
        assertThat(encryption.mayBeStale("", "secrets")).isFalse();
        // And again, within the same second.
        rotation.change(request("{\"stage\":\"rotate_keys\"}"));
        allReadableAndUnder("secretbox:v1:secretboxkey-2026-11-24T12:00:00Z-1");
    }

    @Test
    void theThreeOldStagesFollowEachOther() throws Exception {
        SecretsRotation rotation = start("aescbc");
        for (String early : List.of("rotate", "reencrypt_active")) {
            assertThatThrownBy(() -> rotation.change(request("{\"stage\":\"" + early + "\"}")))
                    .hasMessageContaining("incorrect stage: start found on node n1");
        }
        rotation.change(request("{\"stage\":\"prepare\"}"));
        assertThat(rotation.status().path("inactivekeys").path(0).asText())
                .isEqualTo("AES-CBC aescbckey-2026-11-24T12:00:00Z");
        rotation.change(request("{\"stage\":\"rotate\"}"));
        assertThat(rotation.status().path("inactivekeys").path(0).asText()).isEqualTo("AES-CBC aescbckey");
        rotation.change(request("{\"stage\":\"reencrypt_active\"}"));
        for (int i = 0; i < 200 && !rotation.status().path("stage").asText().equals("reencrypt_finished"); i++) {
            Thread.sleep(25);
        }
        allReadableAndUnder("aescbc:v1:aescbckey-2026-11-24T12:00:00Z");
        assertThat(rotation.status().has("inactivekeys")).isFalse();
    }

    @Test
    void keysMoveToAnotherProvider() throws Exception {
        SecretsRotation rotation = start("aescbc", "secretbox");
        assertThatThrownBy(() -> rotation.change(request("{\"stage\":\"prepare\"}")))
                .hasMessageContaining("rotate-keys");
        rotation.change(request("{\"stage\":\"rotate_keys\"}"));
        allReadableAndUnder("secretbox:v1:secretboxkey-2026-11-24T12:00:00Z");
        assertThat(Files.readString(encryption.own().config())).doesNotContain("aescbc");
    }

    @Test
    void disablingWritesThemPlainAndEnablingEncryptsAgain() throws Exception {
        SecretsRotation rotation = start("aescbc");
        rotation.change(request("{\"enable\":false}"));
        cluster.stored.values().forEach(stored -> assertThat(stored).isEqualTo(PLAIN));
        assertThat(rotation.status().path("enable").asBoolean(true)).isFalse();
        assertThat(rotation.status().path("activekey").asText()).isEmpty();
        assertThat(rotation.status().path("inactivekeys").path(0).asText()).isEqualTo("AES-CBC aescbckey");
        rotation.change(request("{\"enable\":true}"));
        allReadableAndUnder("aescbc:v1:aescbckey");
    }

    @Test
    void aFailureOrDisagreementLosesNothingAndIsTold() throws Exception {
        SecretsRotation rotation = start("aescbc");
        cluster.difference = "hash does not match between n1 and n2";
        assertThatThrownBy(() -> rotation.change(request("{\"stage\":\"rotate_keys\"}")))
                .hasMessage(cluster.difference);
        assertThat(rotation.status().path("hasherror").asText()).isEqualTo(cluster.difference);
        cluster.difference = "";
        cluster.mark = "start-0000";
        assertThatThrownBy(() -> rotation.change(request("{\"stage\":\"rotate_keys\"}")))
                .hasMessageContaining("invalid hash");
        cluster.mark = encryption.own().state();
        cluster.conflictAt = 3;
        cluster.failAt = 7;
        assertThatThrownBy(() -> rotation.change(request("{\"stage\":\"rotate_keys\"}")))
                .hasMessageContaining("broken");
        assertThat(cluster.events).last().asString().startsWith("Warning SecretsUpdateError");
        cluster.stored.forEach((name, stored) ->
                assertThat(encryption.open("", "secrets", "/" + name, stored)).isEqualTo(PLAIN));
        for (String wrong : List.of("{}", "{\"stage\":\"x\"}", "[]", "{\"stage\":3}")) {
            assertThatThrownBy(() -> rotation.change(request(wrong))).isInstanceOf(IOException.class);
        }
    }

    @Test
    void withoutAConfigurationTheStatusSaysSoAndNothingChanges() throws Exception {
        encryption = new StorageEncryptionComponent(TestCertificates.server(data, Map.of()));
        SecretsRotation rotation = new SecretsRotation(encryption, cluster, "aescbc", Instant::now);
        assertThat(rotation.status().has("enable")).isFalse();
        assertThatThrownBy(() -> rotation.change(request("{\"enable\":true}")))
                .hasMessageContaining("--secrets-encryption");
    }
}
