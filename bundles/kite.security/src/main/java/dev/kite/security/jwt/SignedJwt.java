package dev.kite.security.jwt;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A JSON Web Token in compact form, not yet trusted. Of its header only alg and kid count: a key that it brings or points to (jwk, jku, x5c, x5u) is never looked at.
 *
 * @param algorithm what it claims to be signed with
 * @param keyId which key it claims, empty for none
 * @param claims its claims
 * @param signed the bytes under the signature
 * @param signature the signature
 */
@SuppressWarnings("ArrayRecordComponent")
record SignedJwt(String algorithm, String keyId, JsonNode claims, byte[] signed, byte[] signature) {
    /** More than any header of a request has. */
    static final int MAX_LENGTH = 64 << 10;

    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(32).build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    /** Reads one; null where the text is none, or asks for what is not understood (crit). */
    static @Nullable SignedJwt parse(String token) {
        if (token.length() > MAX_LENGTH) {
            return null;
        }
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            return null;
        }
        try {
            Base64.Decoder decoder = Base64.getUrlDecoder();
            JsonNode header = MAPPER.readTree(decoder.decode(parts[0]));
            JsonNode claims = MAPPER.readTree(decoder.decode(parts[1]));
            if (header == null || claims == null || !header.isObject() || !claims.isObject() || header.has("crit")) {
                return null;
            }
            return new SignedJwt(
                    header.path("alg").asText(),
                    header.path("kid").asText(),
                    claims,
                    (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII),
                    decoder.decode(parts[2]));
        } catch (IOException | IllegalArgumentException e) {
            return null;
        }
    }

    @Override
    public String toString() {
        return "SignedJwt[" + algorithm + "]";
    }
}
