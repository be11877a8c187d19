package dev.kite.security.pki;

import dev.kite.security.CertificateSpec;
import dev.kite.security.KeyPurpose;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Makes X.509 version 3 certificates (RFC 5280): authorities that sign themselves, and leaves. */
final class X509 {
    private static final String SUBJECT_KEY_ID = "2.5.29.14";
    private static final String KEY_USAGE = "2.5.29.15";
    private static final String SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";
    private static final String BASIC_CONSTRAINTS = "2.5.29.19";
    private static final String AUTHORITY_KEY_ID = "2.5.29.35";
    private static final String EXTENDED_KEY_USAGE = "2.5.29.37";
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int KEY_ENCIPHERMENT = 2;
    private static final int CERTIFICATE_SIGN = 5;
    private static final int CRL_SIGN = 6;
    private static final SecureRandom RANDOM = new SecureRandom();

    private X509() {}

    /** Who signs: a certificate and its key. */
    record Signer(X509Certificate certificate, PrivateKey key) {}

    /** An authority that signs itself. */
    static X509Certificate authority(KeyPair pair, String commonName, Instant from, Instant until) {
        byte[] name = new Subject(commonName, List.of()).encoded();
        byte[] id = keyId(pair.getPublic());
        byte[] extensions = Der.sequence(
                extension(KEY_USAGE, true, Der.namedBits(DIGITAL_SIGNATURE, CERTIFICATE_SIGN, CRL_SIGN)),
                extension(BASIC_CONSTRAINTS, true, Der.sequence(Der.bool(true))),
                extension(SUBJECT_KEY_ID, false, Der.octets(id)));
        return sign(pair.getPrivate(), name, name, pair.getPublic(), from, until, extensions);
    }

    /** A leaf. */
    static X509Certificate leaf(Signer signer, PublicKey key, CertificateSpec spec, Instant from, Instant until) {
        List<byte[]> extensions = new ArrayList<>();
        byte[] usage = key instanceof RSAPublicKey
                ? Der.namedBits(DIGITAL_SIGNATURE, KEY_ENCIPHERMENT)
                : Der.namedBits(DIGITAL_SIGNATURE);
        extensions.add(extension(KEY_USAGE, true, usage));
        extensions.add(extension(BASIC_CONSTRAINTS, true, Der.sequence()));
        if (!spec.purposes().isEmpty()) {
            byte[][] purposes = spec.purposes().stream()
                    .sorted()
                    .map(KeyPurpose::oid)
                    .map(Der::oid)
                    .toArray(byte[][]::new);
            extensions.add(extension(EXTENDED_KEY_USAGE, false, Der.sequence(purposes)));
        }
        extensions.add(extension(SUBJECT_KEY_ID, false, Der.octets(keyId(key))));
        extensions.add(
                extension(AUTHORITY_KEY_ID, false, Der.sequence(Der.implicit(0, subjectKeyId(signer.certificate())))));
        if (!spec.names().isEmpty()) {
            extensions.add(extension(SUBJECT_ALTERNATIVE_NAME, false, AlternativeNames.encode(spec.names())));
        }
        return sign(
                signer.key(),
                signer.certificate().getSubjectX500Principal().getEncoded(),
                new Subject(spec.commonName(), spec.organisations()).encoded(),
                key,
                from,
                until,
                Der.sequence(extensions.toArray(byte[][]::new)));
    }

    private static X509Certificate sign(
            PrivateKey signer,
            byte[] issuer,
            byte[] subject,
            PublicKey key,
            Instant from,
            Instant until,
            byte[] extensions) {
        String algorithm = Keys.signatureAlgorithm(signer);
        byte[] algorithmId = algorithmId(algorithm);
        byte[] toBeSigned = Der.sequence(
                Der.explicit(0, Der.integer(2)),
                Der.integer(Keys.serial(RANDOM)),
                algorithmId,
                issuer,
                Der.sequence(Der.time(from), Der.time(until)),
                subject,
                key.getEncoded(),
                Der.explicit(3, extensions));
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(signer);
            signature.update(toBeSigned);
            return Pem.certificate(Der.sequence(toBeSigned, algorithmId, Der.bits(signature.sign())));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign a certificate", e);
        }
    }

    static byte[] algorithmId(String algorithm) {
        return switch (algorithm) {
            case "SHA256withECDSA" -> Der.sequence(Der.oid("1.2.840.10045.4.3.2"));
            case "SHA384withECDSA" -> Der.sequence(Der.oid("1.2.840.10045.4.3.3"));
            case "SHA512withECDSA" -> Der.sequence(Der.oid("1.2.840.10045.4.3.4"));
            case "SHA256withRSA" -> Der.sequence(Der.oid("1.2.840.113549.1.1.11"), Der.nothing());
            case "Ed25519" -> Der.sequence(Der.oid("1.3.101.112"));
            default -> throw new IllegalArgumentException(algorithm);
        };
    }

    private static byte[] extension(String oid, boolean critical, byte[] value) {
        return critical
                ? Der.sequence(Der.oid(oid), Der.bool(true), Der.octets(value))
                : Der.sequence(Der.oid(oid), Der.octets(value));
    }

    /** The first 160 bits of the key's SHA-256 (RFC 7093, method 1). */
    private static byte[] keyId(PublicKey key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(Keys.publicBits(key));
            return Arrays.copyOf(hash, 20);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The subject key identifier that an authority's certificate states, else that of its key. */
    static byte[] subjectKeyId(X509Certificate authority) {
        byte[] extension = authority.getExtensionValue(SUBJECT_KEY_ID);
        if (extension == null) {
            return keyId(authority.getPublicKey());
        }
        byte[] inner = new DerReader(extension).next(Der.OCTET_STRING).content();
        return new DerReader(inner).next(Der.OCTET_STRING).content();
    }

    /** The authority key identifier that a leaf states; empty where it states none. */
    static byte[] authorityKeyId(X509Certificate leaf) {
        byte[] extension = leaf.getExtensionValue(AUTHORITY_KEY_ID);
        if (extension == null) {
            return new byte[0];
        }
        byte[] inner = new DerReader(extension).next(Der.OCTET_STRING).content();
        for (DerReader.Value value : new DerReader(inner).sequence().rest()) {
            if (value.is(0x80)) {
                return value.content();
            }
        }
        return new byte[0];
    }
}
