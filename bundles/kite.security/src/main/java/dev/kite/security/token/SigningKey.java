package dev.kite.security.token;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;

/**
 * A key of service.key.
 *
 * @param pair both halves
 * @param id its identifier: the SHA-256 of the public key's DER in base64url, as Kubernetes computes it
 * @param algorithm how it signs
 */
record SigningKey(KeyPair pair, String id, Algorithm algorithm) {
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    /** How a key signs (RFC 7518, 3.1). */
    enum Algorithm {
        ES256("ES256", "SHA256withECDSAinP1363Format"),
        RS256("RS256", "SHA256withRSA");

        private final String jwtName;
        private final String javaName;

        Algorithm(String jwtName, String javaName) {
            this.jwtName = jwtName;
            this.javaName = javaName;
        }

        String jwtName() {
            return jwtName;
        }

        String javaName() {
            return javaName;
        }
    }

    static SigningKey of(KeyPair pair) {
        Algorithm algorithm = switch (pair.getPublic()) {
            case RSAPublicKey _ -> Algorithm.RS256;
            case ECPublicKey ec when ec.getParams().getOrder().bitLength() == 256 -> Algorithm.ES256;
            default ->
                throw new IllegalArgumentException("service.key holds a key that is neither RSA nor elliptic on P-256");
        };
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(pair.getPublic().getEncoded());
            return new SigningKey(pair, ENCODER.encodeToString(hash), algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Describes the public half (RFC 7517). */
    void describe(ObjectNode jwk) {
        jwk.put("use", "sig");
        switch (pair.getPublic()) {
            case ECPublicKey ec -> {
                jwk.put("kty", "EC").put("kid", id).put("crv", "P-256").put("alg", algorithm.jwtName());
                jwk.put("x", number(ec.getW().getAffineX(), 32))
                        .put("y", number(ec.getW().getAffineY(), 32));
            }
            case RSAPublicKey rsa -> {
                jwk.put("kty", "RSA").put("kid", id).put("alg", algorithm.jwtName());
                int bytes = (rsa.getModulus().bitLength() + 7) / 8;
                jwk.put("n", number(rsa.getModulus(), bytes));
                jwk.put(
                        "e",
                        number(rsa.getPublicExponent(), (rsa.getPublicExponent().bitLength() + 7) / 8));
            }
            default -> throw new IllegalStateException("checked when it was made");
        }
    }

    private static String number(BigInteger value, int length) {
        byte[] bytes = value.toByteArray();
        byte[] padded = new byte[length];
        int count = Math.min(length, bytes.length);
        System.arraycopy(bytes, bytes.length - count, padded, length - count, count);
        return ENCODER.encodeToString(padded);
    }

    @Override
    public String toString() {
        return "SigningKey[" + id + "]";
    }
}
