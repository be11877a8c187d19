package dev.kite.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A join token as users give it (k3s's formats): full {@code K10<sha256>::<user>:<password>}, {@code K10<sha256>::<id>.<secret>} for bootstrap tokens, or short, the password
 * only. Its text form shows no secret.
 *
 * @param authorityHash the SHA-256 of /cacerts' answer in hexadecimal, empty for a short token: the server is then believed
 * @param user server, node, or empty where the token says nothing of it
 * @param password the password, or the whole bootstrap token
 */
public record JoinToken(String authorityHash, String user, String password) {
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    /** A bootstrap token: its id and its secret. */
    public static final Pattern BOOTSTRAP = Pattern.compile("([a-z0-9]{6})\\.([a-z0-9]{16})");

    /**
     * Reads a token.
     *
     * @param text as given; space around it is dropped
     * @return the token
     * @throws IllegalArgumentException if it is empty or starts as a full token and is none
     */
    public static JoinToken parse(String text) {
        String token = text.strip();
        if (token.isEmpty()) {
            throw new IllegalArgumentException("the token is empty");
        }
        if (!token.startsWith("K10")) {
            return new JoinToken("", "", token);
        }
        int end = token.indexOf("::");
        String hash = end < 0 ? "?" : token.substring(3, end).toLowerCase(Locale.ROOT);
        if (!hash.isEmpty() && !HASH.matcher(hash).matches()) {
            throw new IllegalArgumentException(
                    "the token starts with K10 but is not K10, 64 hexadecimal digits, :: and credentials");
        }
        return credentials(hash, token.substring(end + 2));
    }

    private static JoinToken credentials(String hash, String credentials) {
        if (BOOTSTRAP.matcher(credentials).matches()) {
            return new JoinToken(hash, "", credentials);
        }
        int colon = credentials.indexOf(':');
        if (colon < 0 || colon == credentials.length() - 1) {
            throw new IllegalArgumentException("after :: a full token has user:password or a bootstrap token");
        }
        return new JoinToken(hash, credentials.substring(0, colon), credentials.substring(colon + 1));
    }

    /**
     * Hashes what /cacerts answers, as full tokens name it.
     *
     * @param authorities PEM
     * @return SHA-256 in lower-case hexadecimal
     */
    public static String hash(String authorities) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256").digest(authorities.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @return the full form where the hash is known, else the short one */
    public String text() {
        String credentials = user.isEmpty() ? password : user + ":" + password;
        return authorityHash.isEmpty() ? credentials : "K10" + authorityHash + "::" + credentials;
    }

    @Override
    public String toString() {
        return "JoinToken[" + (authorityHash.isEmpty() ? "short" : "K10" + authorityHash.substring(0, 8) + "…") + "]";
    }
}
