package dev.kite.security.token;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The claims of the newest tokens whose signature was good: checking one takes longer than the rest of a small request. Tokens are kept as their SHA-256 only, and claims
 * are never changed. Thread-safe.
 */
final class SignedTokens {
    private static final int REMEMBERED = 1024;

    /** Guarded by itself. */
    private final Map<String, JsonNode> claims = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, JsonNode> eldest) {
            return size() > REMEMBERED;
        }
    };

    @Nullable
    JsonNode get(String token) {
        String key = key(token);
        synchronized (claims) {
            return claims.get(key);
        }
    }

    void put(String token, JsonNode signed) {
        String key = key(token);
        synchronized (claims) {
            claims.put(key, signed);
        }
    }

    private static String key(String token) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
