package dev.kite.security.jwt;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import org.jspecify.annotations.Nullable;

/** The signatures that upstream takes of issuers (RFC 7518, 3.1); none of a shared secret, and never none at all. */
enum JwtAlgorithm {
    RS256("SHA256withRSA", 0, ""),
    RS384("SHA384withRSA", 0, ""),
    RS512("SHA512withRSA", 0, ""),
    PS256("RSASSA-PSS", 32, "SHA-256"),
    PS384("RSASSA-PSS", 48, "SHA-384"),
    PS512("RSASSA-PSS", 64, "SHA-512"),
    ES256("SHA256withECDSAinP1363Format", 256, ""),
    ES384("SHA384withECDSAinP1363Format", 384, ""),
    ES512("SHA512withECDSAinP1363Format", 521, "");

    private final String javaName;
    /** Of PS the salt's bytes, of ES the curve's bits. */
    private final int size;

    private final String hash;

    JwtAlgorithm(String javaName, int size, String hash) {
        this.javaName = javaName;
        this.size = size;
        this.hash = hash;
    }

    static @Nullable JwtAlgorithm of(String name) {
        for (JwtAlgorithm algorithm : values()) {
            if (algorithm.name().equals(name)) {
                return algorithm;
            }
        }
        return null;
    }

    /** Whether a key is of its kind: the key decides, so that no token makes another use of it. */
    boolean fits(PublicKey key) {
        return switch (key) {
            case RSAPublicKey rsa ->
                !name().startsWith("ES") && rsa.getModulus().bitLength() >= 2048;
            case ECPublicKey ec ->
                name().startsWith("ES") && ec.getParams().getOrder().bitLength() == size;
            default -> false;
        };
    }

    boolean verifies(SignedJwt jwt, PublicKey key) {
        try {
            Signature verifier = Signature.getInstance(javaName);
            if (!hash.isEmpty()) {
                verifier.setParameter(new PSSParameterSpec(
                        hash, "MGF1", new MGF1ParameterSpec(hash), size, PSSParameterSpec.TRAILER_FIELD_BC));
            }
            verifier.initVerify(key);
            verifier.update(jwt.signed());
            return verifier.verify(jwt.signature());
        } catch (GeneralSecurityException e) {
            // A signature of the wrong length or form is a wrong signature.
            return false;
        }
    }
}
