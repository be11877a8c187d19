package dev.kite.security.token;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.security.AuthenticationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * JSON Web Tokens in compact form (RFC 7515, 7519), ES256 and RS256 only. The header's algorithm never chooses how to verify: the key does, and the header must agree.
 */
final class Jwt {
    /** A service account's token has less than 2 KiB. */
    static final int MAX_LENGTH = 16 << 10;

    private static final ObjectMapper MAPPER = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final String signed;
    private final JsonNode header;
    private final JsonNode claims;
    private final byte[] signature;

    private Jwt(String signed, JsonNode header, JsonNode claims, byte[] signature) {
        this.signed = signed;
        this.header = header;
        this.claims = claims;
        this.signature = signature;
    }

    JsonNode claims() {
        return claims;
    }

    /** Reads a token without trusting it; null where the text is no JWT at all. */
    static @Nullable Jwt parse(String token) {
        if (token.length() > MAX_LENGTH) {
            return null;
        }
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            return null;
        }
        try {
            JsonNode header = object(parts[0]);
            JsonNode claims = object(parts[1]);
            byte[] signature = decode(parts[2]);
            return header == null || claims == null
                    ? null
                    : new Jwt(parts[0] + "." + parts[1], header, claims, signature);
        } catch (IOException | IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable JsonNode object(String part) throws IOException {
        JsonNode node = MAPPER.readTree(decode(part));
        return node != null && node.isObject() ? node : null;
    }

    private static byte[] decode(String part) {
        byte[] bytes = Base64.getUrlDecoder().decode(part);
        // Only the one canonical form: no padding, no stray bits, so that a token has one spelling.
        if (!ENCODER.encodeToString(bytes).equals(part)) {
            throw new IllegalArgumentException("not canonical base64url");
        }
        return bytes;
    }

    /**
     * Checks the signature against the keys that the header may mean: those of its kid, or all where it names none.
     *
     * @throws AuthenticationException if none of them made it
     */
    void verify(List<SigningKey> keys) throws AuthenticationException {
        String algorithm = header.path("alg").asText();
        String id = header.path("kid").asText();
        for (SigningKey key : keys) {
            if ((id.isEmpty() || id.equals(key.id()))
                    && algorithm.equals(key.algorithm().jwtName())
                    && verifies(key)) {
                return;
            }
        }
        throw new AuthenticationException("the token's signature is of none of this cluster's keys");
    }

    private boolean verifies(SigningKey key) {
        try {
            Signature verifier = Signature.getInstance(key.algorithm().javaName());
            verifier.initVerify(key.pair().getPublic());
            verifier.update(signed.getBytes(StandardCharsets.US_ASCII));
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            // A signature of the wrong length or form is a wrong signature.
            return false;
        }
    }

    static String sign(ObjectNode claims, SigningKey key) {
        ObjectNode header = MAPPER.createObjectNode();
        header.put("alg", key.algorithm().jwtName());
        header.put("kid", key.id());
        try {
            String signed = ENCODER.encodeToString(MAPPER.writeValueAsBytes(header)) + "."
                    + ENCODER.encodeToString(MAPPER.writeValueAsBytes(claims));
            Signature signer = Signature.getInstance(key.algorithm().javaName());
            signer.initSign(key.pair().getPrivate());
            signer.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + ENCODER.encodeToString(signer.sign());
        } catch (JsonProcessingException | GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign a token", e);
        }
    }
}
