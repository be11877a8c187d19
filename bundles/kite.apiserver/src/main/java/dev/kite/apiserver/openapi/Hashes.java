package dev.kite.apiserver.openapi;

import dev.kite.model.schema.Schema;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-512 in upper-case hexadecimal digits, by which clients keep documents. Stateless. */
final class Hashes {
    private static final class Holder {
        static final byte[] BUILT_IN = builtInTypes();
    }

    private Hashes() {}

    static String of(byte[] content) {
        return hex(digest().digest(content));
    }

    /** A hash of content and of the built-in types: another build of these gives other documents. */
    static String builtIn(byte[] content) {
        MessageDigest digest = digest();
        digest.update(Holder.BUILT_IN);
        return hex(digest.digest(content));
    }

    private static byte[] builtInTypes() {
        MessageDigest digest = digest();
        try (InputStream texts = Descriptions.open()) {
            digest.update(texts.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("kite.model's descriptions", e);
        }
        Schema.builtIn()
                .types()
                .forEach(type -> digest.update((type.name() + type.fields()).getBytes(StandardCharsets.UTF_8)));
        return digest.digest();
    }

    private static String hex(byte[] hash) {
        return HexFormat.of().withUpperCase().formatHex(hash);
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-512");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-512", e);
        }
    }
}
