package dev.kite.security.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.behaviour.Behaviour;
import dev.kite.security.TestCertificates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncryptionTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final String KEY = "/registry/secrets/default/s";
    private static final byte[] CONTEXT = KEY.getBytes(StandardCharsets.UTF_8);
    private static final byte[] SECRET = "{\"kind\":\"Secret\"}".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path data;

    private StorageEncryptionComponent start(Map<String, Object> settings) throws IOException {
        return new StorageEncryptionComponent(TestCertificates.server(data, settings));
    }

    private Path file() {
        return data.resolve("server/cred/encryption-config.json");
    }

    /** The example of "Cryptography in NaCl", section 10. */
    @Test
    void secretboxIsNacls() {
        byte[] key = HEX.parseHex("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389");
        byte[] nonce = HEX.parseHex("69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37");
        byte[] message = HEX.parseHex(
                "be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd751a1ac728d45e6c61296cdc3c01233561f41db66cce314adb310e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde048977eb48f59ffd4924ca1c60902e52f0a089bc76897040e082f937763848645e0705");
        assertThat(HEX.formatHex(new SecretBox(key).box(nonce, message)))
                .isEqualTo(
                        "f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce48332ea7164d96a4476fb8c531a1186ac0dfc17c98dce87b4da7f011ec48c97271d2c20f9b928fe2270d6fb863d51738b48eeee314a7cc8ab932164548e526ae90224368517acfeabd6bb3732bc0e9da99832b61ca01b6de56244a9e88d5f9b37973f622a43d14a6599b1f654cb45a74e355a5");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 16, 17, 31, 32, 33, 63, 64, 65, 1000, 100_000})
    void whatIsSealedIsOpenedAndNeverTwiceTheSame(int length) {
        byte[] plain = new byte[length];
        new Random(length).nextBytes(plain);
        for (Provider.Sealing cipher : List.of(
                new SecretBox(new byte[32]),
                new AesCbc(new byte[32]),
                new AesCbc(new byte[16]),
                new AesGcm(new byte[32]),
                new SeededGcm(new byte[32]))) {
            byte[] sealed = cipher.seal(plain, CONTEXT);
            assertThat(cipher.open(sealed, CONTEXT)).isEqualTo(plain);
            assertThat(cipher.seal(plain, CONTEXT)).isNotEqualTo(sealed);
        }
    }

    @Test
    void aesCbcIsWhatOpensslReads() throws Exception {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) 7);
        byte[] sealed = new AesCbc(key).seal(SECRET, CONTEXT);
        Path in = Files.write(data.resolve("in"), Arrays.copyOfRange(sealed, 16, sealed.length));
        Process openssl = new ProcessBuilder(
                        "openssl",
                        "enc",
                        "-d",
                        "-aes-256-cbc",
                        "-K",
                        HEX.formatHex(key),
                        "-iv",
                        HEX.formatHex(Arrays.copyOf(sealed, 16)),
                        "-in",
                        in.toString())
                .start();
        assertThat(openssl.getInputStream().readAllBytes()).isEqualTo(SECRET);
    }

    @Test
    void secretboxNoticesEveryChange() {
        SecretBox box = new SecretBox(new byte[32]);
        byte[] sealed = box.seal(SECRET, CONTEXT);
        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            assertThatThrownBy(() -> box.open(changed, CONTEXT)).isInstanceOf(IllegalStateException.class);
            byte[] cut = Arrays.copyOf(sealed, i);
            assertThatThrownBy(() -> box.open(cut, CONTEXT)).isInstanceOf(IllegalStateException.class);
        }
        byte[] other = new byte[32];
        other[0] = 1;
        assertThatThrownBy(() -> new SecretBox(other).open(sealed, CONTEXT)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> new AesCbc(other).open(new byte[31], CONTEXT))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> new SecretBox(new byte[31])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AesCbc(new byte[5])).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"aescbc", "secretbox"})
    @Behaviour("--secrets-encryption, --secrets-encryption-provider (aescbc; secretbox)")
    void secretsAreEncryptedAndNothingElseIs(String provider) throws Exception {
        StorageEncryptionComponent encryption =
                start(Map.of("secrets_encryption", true, "secrets_encryption_provider", provider));
        assertThat(encryption.encrypts("", "secrets")).isTrue();
        assertThat(encryption.encrypts("", "configmaps")).isFalse();
        assertThat(encryption.encrypts("example.org", "secrets")).isFalse();
        byte[] stored = encryption.seal("", "secrets", KEY, SECRET);
        assertThat(new String(stored, StandardCharsets.ISO_8859_1))
                .startsWith("k8s:enc:" + provider + ":v1:" + provider + "key:")
                .doesNotContain("Secret");
        assertThat(encryption.seal("", "configmaps", KEY, SECRET)).isEqualTo(SECRET);
        // What was stored before stays readable, and is known to be old.
        assertThat(encryption.open("", "secrets", KEY, SECRET)).isEqualTo(SECRET);
        assertThat(encryption.isCurrent("", "secrets", SECRET)).isFalse();
        assertThat(encryption.isCurrent("", "secrets", stored)).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(Files.readString(data.resolve("server/cred/encryption-state.json")))
                .matches("start-[0-9a-f]{64}");
        // A start without the flag still reads and writes as the file says.
        assertThat(start(Map.of()).open("", "secrets", KEY, stored)).isEqualTo(SECRET);
    }

    @Test
    void withoutTheFlagNothingIsEncryptedAndAForeignMarkIsAnError() throws Exception {
        StorageEncryptionComponent plain = start(Map.of());
        assertThat(plain.encrypts("", "secrets")).isFalse();
        assertThat(plain.seal("", "secrets", KEY, SECRET)).isSameAs(SECRET);
        assertThat(file()).doesNotExist();
        assertThatThrownBy(() ->
                        plain.open("", "secrets", KEY, "k8s:enc:aescbc:v1:other:xxxx".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("encryption-config.json");
    }

    @Test
    void keysAreRotatedByTheFile() throws Exception {
        StorageEncryptionComponent before = start(Map.of("secrets_encryption", true));
        byte[] old = before.seal("", "secrets", KEY, SECRET);
        String key = Base64.getEncoder().encodeToString(new byte[32]);
        Files.writeString(
                file(),
                Files.readString(file())
                        .replace("\"keys\":[", "\"keys\":[{\"name\":\"new\",\"secret\":\"" + key + "\"},"));
        StorageEncryptionComponent after = start(Map.of());
        assertThat(after.open("", "secrets", KEY, old)).isEqualTo(SECRET);
        assertThat(after.isCurrent("", "secrets", old)).isFalse();
        assertThat(new String(after.seal("", "secrets", KEY, SECRET), StandardCharsets.ISO_8859_1))
                .startsWith("k8s:enc:aescbc:v1:new:");
    }

    @Test
    void aMalformedConfigurationIsOneLineThatNamesTheFile() throws Exception {
        Files.createDirectories(file().getParent());
        for (String text : List.of(
                "",
                "{",
                "[]",
                "{\"kind\":\"Pod\"}",
                "{\"kind\":\"EncryptionConfiguration\",\"apiVersion\":\"apiserver.config.k8s.io/v1\",\"resources\":[{\"resources\":[\"secrets\"],\"providers\":[]}]}",
                "{\"kind\":\"EncryptionConfiguration\",\"apiVersion\":\"apiserver.config.k8s.io/v1\",\"resources\":[{\"resources\":[\"secrets\"],\"providers\":[{\"kms\":{}}]}]}",
                "{\"kind\":\"EncryptionConfiguration\",\"apiVersion\":\"apiserver.config.k8s.io/v1\",\"resources\":[{\"resources\":[\"secrets\"],\"providers\":[{\"aescbc\":{\"keys\":[{\"name\":\"a\",\"secret\":\"AAAA\"}]}}]}]}",
                "{\"kind\":\"EncryptionConfiguration\",\"apiVersion\":\"apiserver.config.k8s.io/v1\",\"resources\":[{\"resources\":[\"secrets\"],\"providers\":[{\"secretbox\":{\"keys\":[{\"name\":\"a\",\"secret\":\"%%\"}]}}]}]}")) {
            Files.writeString(file(), text);
            assertThatThrownBy(() -> start(Map.of()))
                    .as(text)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("encryption-config.json");
        }
        Files.delete(file());
        assertThatThrownBy(() -> start(Map.of("secrets_encryption", true, "secrets_encryption_provider", "rot13")))
                .hasMessageContaining("rot13");
    }
}
