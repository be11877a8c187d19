package dev.kite.security.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.security.CertificateSigningRequest;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DerTest {
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void valuesAreWrittenAsTheStandardSays() {
        assertThat(HEX.formatHex(Der.oid("1.2.840.113549"))).isEqualTo("06062a864886f70d");
        assertThat(HEX.formatHex(Der.oid("2.5.29.17"))).isEqualTo("0603551d11");
        assertThat(HEX.formatHex(Der.integer(BigInteger.valueOf(128)))).isEqualTo("02020080");
        assertThat(HEX.formatHex(Der.integer(0))).isEqualTo("020100");
        assertThat(HEX.formatHex(Der.namedBits(5, 6))).isEqualTo("03020106");
        assertThat(HEX.formatHex(Der.namedBits(0))).isEqualTo("03020780");
        assertThat(new String(Der.time(Instant.parse("2049-12-31T23:59:59Z")), StandardCharsets.US_ASCII))
                .endsWith("491231235959Z");
        assertThat(new String(Der.time(Instant.parse("2050-01-01T00:00:00Z")), StandardCharsets.US_ASCII))
                .endsWith("20500101000000Z");
        for (int length : new int[] {0, 127, 128, 255, 256, 65535, 65536}) {
            byte[] value = Der.octets(new byte[length]);
            assertThat(new DerReader(value).next(Der.OCTET_STRING).content()).hasSize(length);
        }
        for (String oid : List.of("1.3.6.1.5.5.7.3.2", "2.999.1", "0.9.2342", "1.2.840.10045.4.3.2")) {
            assertThat(new DerReader(Der.oid(oid)).oid()).isEqualTo(oid);
        }
    }

    @Test
    void malformedValuesAreRefused() {
        for (String hex : List.of(
                "",
                "30",
                "3080",
                "3005",
                "308100",
                "30810130",
                "3082000100",
                "30847fffffff",
                "3085ffffffffff",
                "1f8101",
                "0201",
                "0600",
                "060180",
                "0602ffff")) {
            assertThatThrownBy(() -> {
                        DerReader reader = new DerReader(HEX.parseHex(hex));
                        if (hex.startsWith("06")) {
                            reader.oid();
                        } else {
                            reader.next();
                        }
                    })
                    .as(hex)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aRequestMadeByOpensslIsRead(@TempDir Path folder) throws Exception {
        Path request = folder.resolve("r.csr");
        CertificatesTest.openssl(
                "req",
                "-new",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-subj",
                "/O=system:nodes/CN=system:node:n1",
                "-addext",
                "subjectAltName=DNS:n1,IP:192.0.2.1,IP:2001:db8::1",
                "-keyout",
                folder.resolve("r.key"),
                "-out",
                request);
        CertificateSigningRequest parsed = CertificateSigningRequest.parse(Files.readAllBytes(request));
        assertThat(parsed.commonName()).isEqualTo("system:node:n1");
        assertThat(parsed.organisations()).containsExactly("system:nodes");
        assertThat(parsed.dnsNames()).containsExactly("n1");
        assertThat(parsed.ipAddresses()).containsExactly("192.0.2.1", "2001:db8:0:0:0:0:0:1");
        assertThat(parsed.otherNames()).isFalse();

        Path rsa = folder.resolve("rsa.csr");
        CertificatesTest.openssl(
                "req",
                "-new",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-subj",
                "/CN=u",
                "-addext",
                "subjectAltName=URI:spiffe://x/y",
                "-keyout",
                folder.resolve("r2.key"),
                "-out",
                rsa);
        assertThat(CertificateSigningRequest.parse(Files.readAllBytes(rsa)).otherNames())
                .isTrue();
        hostile(Pem.blocks(Files.readString(request)).getFirst().content());
    }

    /** Whatever a request's bytes are: it is read, or refused with the one exception that callers expect. */
    private static void hostile(byte[] good) {
        Random random = new Random(5);
        for (int i = 0; i < good.length; i++) {
            byte[] cut = java.util.Arrays.copyOf(good, i);
            assertThatThrownBy(() -> CertificateSigningRequest.parse(cut)).isInstanceOf(IllegalArgumentException.class);
        }
        for (int i = 0; i < 2_000; i++) {
            byte[] changed = good.clone();
            changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            if (java.util.Arrays.equals(changed, good)) {
                continue;
            }
            assertThatThrownBy(() -> CertificateSigningRequest.parse(changed))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> CertificateSigningRequest.parse(new byte[100_000]))
                .hasMessageContaining("64 KiB");
        assertThatThrownBy(() -> CertificateSigningRequest.parse("hello".getBytes()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void hostilePemIsRefused() {
        for (String text : List.of(
                "",
                "-----BEGIN",
                "-----BEGIN X-----",
                "-----BEGIN CERTIFICATE-----\n$$\n-----END CERTIFICATE-----",
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
                "x".repeat(2 << 20))) {
            assertThatThrownBy(() -> Pem.certificates(text)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> Keys.read("-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Keys.read("no key")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void modesAreReadAsOctalNumbers() {
        assertThat(java.nio.file.attribute.PosixFilePermissions.toString(AtomicFiles.mode("0600")))
                .isEqualTo("rw-------");
        assertThat(java.nio.file.attribute.PosixFilePermissions.toString(AtomicFiles.mode("644")))
                .isEqualTo("rw-r--r--");
        for (String bad : List.of("", "0999", "rw", "07777")) {
            assertThatThrownBy(() -> AtomicFiles.mode(bad)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
