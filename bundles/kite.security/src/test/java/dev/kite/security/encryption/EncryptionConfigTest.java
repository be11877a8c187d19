package dev.kite.security.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.security.TestCertificates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class EncryptionConfigTest {
    private static final String KEY = "/registry/secrets/default/s";
    private static final String A = "[{aesgcm: {keys: [{name: a, secret: AAAAAAAAAAAAAAAAAAAAAA==}]}}]";
    private static final String B = "[{aescbc: {keys: [{name: b, secret: AAAAAAAAAAAAAAAAAAAAAA==}]}}]";
    private static final byte[] PLAIN = "plain".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    private static EncryptionConfig parse(String resources) {
        return EncryptionConfig.parse(
                "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n" + resources,
                (_, _, _) -> {
                    throw new IllegalArgumentException("opened");
                });
    }

    private static String mark(EncryptionConfig config, String group, String resource) {
        String stored = new String(config.of(group, resource).getFirst().seal(PLAIN, KEY), StandardCharsets.ISO_8859_1);
        return stored.startsWith("k8s:enc:") ? stored.split(":")[4] : "";
    }

    @Test
    void theMostExactRuleHolds() {
        EncryptionConfig config = parse("- {resources: [secrets, pods.apps], providers: " + A + "}\n"
                + "- {resources: ['*.', '*.apps'], providers: " + B
                + "}\n- {resources: ['*.*'], providers: [{identity: {}}]}\n");
        assertThat(mark(config, "", "secrets")).isEqualTo("a");
        assertThat(mark(config, "", "configmaps")).isEqualTo("b");
        assertThat(mark(config, "apps", "pods")).isEqualTo("a");
        assertThat(mark(config, "apps", "deployments")).isEqualTo("b");
        assertThat(mark(config, "example.org", "secrets")).isEmpty();
        assertThat(mark(parse("- {resources: ['*.*'], providers: " + A + "}"), "x.org", "y"))
                .isEqualTo("a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]|at least one provider",
                "[{}]|exactly one provider",
                "[{identity: {}, kms: {}}]|exactly one provider",
                "[{rot13: {}}]|unknown field \"rot13\"",
                "[{identity: {a: 1}}]|unknown field",
                "[{aesgcm: {keys: []}}]|at least one key",
                "[{aesgcm: {keys: [{name: a}]}}]|required",
                "[{aesgcm: {keys: [{name: a, secret: '%%'}]}}]|is not base64",
                "[{aesgcm: {keys: [{name: a, secret: AAAA}]}}]|16, 24 or 32 bytes",
                "[{secretbox: {keys: [{name: a, secret: AAAA}]}}]|32 bytes",
                "[{kms: {name: k, endpoint: 'unix:///x'}}]|only v2",
                "[{kms: {apiVersion: v2, endpoint: 'unix:///x'}}]|name: is required",
                "[{kms: {apiVersion: v2, name: 'a:b', endpoint: 'unix:///x'}}]|must not contain",
                "[{kms: {apiVersion: v2, name: k, endpoint: 'tcp://x'}}]|no unix socket",
                "[{kms: {apiVersion: v2, name: k, endpoint: 'unix:///x', timeout: -1s}}]|positive",
                "[{kms: {apiVersion: v2, name: k, endpoint: 'unix:///x', timeout: soon}}]|duration",
                "[{kms: {apiVersion: v2, name: k, endpoint: 'unix:///x', cachesize: 1}}]|not supported in v2",
            })
    void aWrongProviderIsToldWithItsPlace(String providers, String message) {
        assertThatThrownBy(() -> parse("- {resources: [secrets], providers: " + providers + "}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("resources[0].providers")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]|at least one resource",
                "['*']|'*.'",
                "['*.', secrets]|overlaps",
                "['*.*', secrets]|overlaps",
                "[secrets, secrets]|twice",
                "[Secrets]|capital",
                "[pods/status]|no resource",
                "['*.events.k8s.io']|events",
                "['*.extensions']|no more",
                "['pods.*']|across groups",
                "[7]|strings",
            })
    void aWrongResourceIsToldWithItsPlace(String resources, String message) {
        assertThatThrownBy(() -> parse("- {resources: " + resources + ", providers: " + A + "}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("resources[0].resources")
                .hasMessageContaining(message);
    }

    @Test
    void whatNoRuleCouldReachIsAnError() {
        assertThatThrownBy(() -> parse(
                        "- {resources: ['*.*'], providers: " + A + "}\n- {resources: [secrets], providers: " + B + "}"))
                .hasMessageContaining("masked by earlier rule \"*.*\"");
        assertThatThrownBy(() -> parse("- {resources: ['*.apps'], providers: " + A
                        + "}\n- {resources: [pods.apps], providers: " + B + "}"))
                .hasMessageContaining("masked by earlier rule \"*.apps\"");
    }

    @Test
    void aChangedFileIsTakenUpAndAWrongOneIsNot() throws Exception {
        Path file = folder.resolve("enc.yaml");
        write(file, A);
        StorageEncryptionComponent encryption = start(file);
        byte[] old = encryption.seal("", "secrets", KEY, PLAIN);
        assertThat(encryption.mayBeStale("", "secrets")).isFalse();

        write(file, "[{aesgcm: {keys: [{name: broken, secret: AA}]}}]");
        Thread.sleep(400);
        assertThat(new String(encryption.seal("", "secrets", KEY, PLAIN), StandardCharsets.ISO_8859_1))
                .startsWith("k8s:enc:aesgcm:v1:a:");

        write(file, "[{aescbc: {keys: [{name: b, secret: AAAAAAAAAAAAAAAAAAAAAA==}]}}, " + A.substring(1));
        for (int i = 0; i < 200 && encryption.isCurrent("", "secrets", old); i++) {
            Thread.sleep(25);
        }
        assertThat(encryption.isCurrent("", "secrets", old)).isFalse();
        assertThat(encryption.open("", "secrets", KEY, old)).isEqualTo(PLAIN);
        assertThat(encryption.mayBeStale("", "secrets")).isTrue();
        assertThat(encryption.mayBeStale("", "configmaps")).isFalse();
        encryption.rewritten("", "secrets");
        assertThat(encryption.mayBeStale("", "secrets")).isFalse();
        // What is found at a start under an older key is worth writing too.
        StorageEncryptionComponent next = start(file);
        assertThat(next.mayBeStale("", "secrets")).isFalse();
        next.open("", "secrets", KEY, old);
        assertThat(next.mayBeStale("", "secrets")).isTrue();
        encryption.deactivate();
        next.deactivate();
    }

    private StorageEncryptionComponent start(Path file) throws IOException {
        return new StorageEncryptionComponent(TestCertificates.server(
                folder, Map.of("kube_apiserver_arg", new String[] {
                    "encryption-provider-config=" + file, "encryption-provider-config-automatic-reload=true"
                })));
    }

    private static void write(Path file, String providers) throws IOException {
        Files.writeString(
                file,
                "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n- {resources: [secrets], providers: "
                        + providers + "}\n");
    }
}
