package dev.kite.security.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.security.TestCertificates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class KmsTest {
    private static final String KEY = "/registry/secrets/default/s";
    private static final byte[] SECRET = "{\"kind\":\"Secret\"}".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-24T12:00:00Z"));

    private KmsProvider provider() {
        return new KmsProvider(
                "main", new KmsClient("main", folder.resolve("kms.sock"), Duration.ofSeconds(1)), now::get);
    }

    @Test
    void oneSeedEncryptsAllUntilTheKeyChangesAndOldOnesStayReadable() throws Exception {
        try (FakeKms kms = new FakeKms(folder.resolve("kms.sock"));
                KmsProvider provider = provider()) {
            byte[] first = provider.seal(SECRET, KEY);
            byte[] second = provider.seal(SECRET, KEY);
            assertThat(new String(first, StandardCharsets.ISO_8859_1))
                    .startsWith("k8s:enc:kms:v2:main:")
                    .doesNotContain("Secret");
            assertThat(first).isNotEqualTo(second);
            assertThat(kms.encrypts.get()).isEqualTo(1);
            assertThat(provider.open(first, KEY)).isEqualTo(SECRET);
            assertThat(kms.decrypts.get()).isZero();

            kms.keyId = "key-2";
            provider.probe();
            assertThat(provider.rotations()).isEqualTo(1);
            assertThat(provider.isCurrent(first)).isFalse();
            assertThat(provider.isCurrent(provider.seal(SECRET, KEY))).isTrue();
            assertThat(provider.open(first, KEY)).isEqualTo(SECRET);
            // Another server, or this one after its next start, asks the KMS once.
            try (KmsProvider other = provider()) {
                assertThat(other.open(first, KEY)).isEqualTo(SECRET);
                assertThat(other.open(second, KEY)).isEqualTo(SECRET);
                assertThat(kms.decrypts.get()).isEqualTo(1);
            }
            assertThatThrownBy(() -> provider.open(first, "/registry/secrets/default/other"))
                    .hasMessageContaining("moved");
            byte[] cut = Arrays.copyOf(first, first.length - 1);
            assertThatThrownBy(() -> provider.open(cut, KEY)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void withoutItsKmsItWritesForThreeMinutesAndReadsWhatItKnows() throws Exception {
        byte[] stored;
        try (KmsProvider provider = open(new FakeKms(folder.resolve("kms.sock")))) {
            stored = provider.seal(SECRET, KEY);
            now.set(now.get().plus(Duration.ofMinutes(2)));
            provider.seal(SECRET, KEY);
            now.set(now.get().plus(Duration.ofMinutes(2)));
            assertThatThrownBy(() -> provider.seal(SECRET, KEY)).hasMessageContaining("main is not well");
            assertThat(provider.fault()).contains("UNAVAILABLE");
            assertThat(provider.open(stored, KEY)).isEqualTo(SECRET);
        }
        try (KmsProvider provider = provider()) {
            assertThatThrownBy(() -> provider.open(stored, KEY)).hasMessageContaining("Decrypt");
        }
    }

    /** A provider whose KMS goes away at once after its start. */
    private KmsProvider open(FakeKms kms) throws IOException {
        try (kms) {
            return provider();
        }
    }

    @Test
    void aKmsThatIsUnwellHangsOrTalksNonsenseIsToldAndNeverWaitedForLonger() throws Exception {
        try (FakeKms kms = new FakeKms(folder.resolve("kms.sock"));
                KmsProvider provider = provider()) {
            kms.health = "sealed";
            provider.probe();
            assertThat(provider.fault()).contains("sealed");
            kms.health = "ok";
            kms.version = "v1";
            provider.probe();
            assertThat(provider.fault()).contains("v1");
            kms.version = "v2";
            kms.keyId = "k".repeat(2000);
            provider.probe();
            assertThat(provider.fault()).contains("1024");
            kms.keyId = "";
            provider.probe();
            assertThat(provider.fault()).contains("key_id");
            kms.garbage = new byte[] {10, (byte) 200, 1};
            provider.probe();
            assertThat(provider.fault()).contains("cut off");
            kms.garbage = new byte[0];
            kms.hangs = true;
            long start = System.nanoTime();
            provider.probe();
            assertThat(provider.fault()).contains("DEADLINE");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(2900));
            kms.hangs = false;
            kms.keyId = "key-1";
            provider.probe();
            assertThat(provider.fault()).isEmpty();
        }
    }

    /** The stored form as Go writes it: fields 1 to 5 of EncryptedObject in their order. */
    @Test
    void theStoredFormIsUpstreams() {
        EncryptedObject object =
                new EncryptedObject(new byte[] {1, 2}, "k", new byte[] {3}, Map.of("a.b", new byte[] {4}), true);
        assertThat(HexFormat.of().formatHex(object.encode()))
                .isEqualTo(
                        "0a02010212016b1a0103220803612e62120104".replace("220803612e62120104", "22080a03612e62120104")
                                + "2801");
        assertThat(EncryptedObject.decode(object.encode()).keyId()).isEqualTo("k");
        for (String wrong : new String[] {
            "", "0a0201", "ff", "0a00", "2802", "0a0101", "0a01011201", "0b", "08ffffffffffffffffffff01"
        }) {
            assertThatThrownBy(() -> EncryptedObject.decode(HexFormat.of().parseHex(wrong)))
                    .as(wrong)
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    /** RFC 5869's first case, second step: what HKDF-Expand makes of a pseudorandom key. */
    @Test
    void keysAreDerivedAsByUpstream() throws Exception {
        byte[] seed = new byte[32];
        Arrays.fill(seed, (byte) 9);
        byte[] sealed = new SeededGcm(seed).seal(SECRET, KEY.getBytes(StandardCharsets.UTF_8));
        // HKDF-Expand of one block: HMAC-SHA256(seed, info || 1).
        javax.crypto.Mac mac = javax.crypto.Mac.getInstance("HmacSHA256");
        mac.init(new javax.crypto.spec.SecretKeySpec(seed, "HmacSHA256"));
        mac.update(sealed, 0, 32);
        mac.update((byte) 1);
        byte[] plain = new AesGcm(mac.doFinal())
                .open(Arrays.copyOfRange(sealed, 32, sealed.length), KEY.getBytes(StandardCharsets.UTF_8));
        assertThat(plain).isEqualTo(SECRET);
    }

    @Test
    void theConfigurationOpensItAndItsHealthIsKnown() throws Exception {
        Path config = folder.resolve("enc.yaml");
        Files.writeString(config, """
                apiVersion: apiserver.config.k8s.io/v1
                kind: EncryptionConfiguration
                resources:
                - resources: [secrets]
                  providers:
                  - kms: {apiVersion: v2, name: main, endpoint: "unix://%s", timeout: 1s}
                  - identity: {}
                """.formatted(folder.resolve("kms.sock")));
        try (FakeKms kms = new FakeKms(folder.resolve("kms.sock"))) {
            StorageEncryptionComponent encryption = new StorageEncryptionComponent(TestCertificates.server(
                    folder, Map.of("kube_apiserver_arg", new String[] {"encryption-provider-config=" + config})));
            byte[] stored = encryption.seal("", "secrets", KEY, SECRET);
            assertThat(encryption.open("", "secrets", KEY, stored)).isEqualTo(SECRET);
            assertThat(encryption.mayBeStale("", "secrets")).isFalse();
            assertThat(kms.encrypts.get()).isEqualTo(1);
            encryption.deactivate();
        }
    }
}
