package dev.kite.controllers.deployment;

import dev.kite.model.core.v1.PodTemplateSpec;
import java.nio.charset.StandardCharsets;

/** The pod-template-hash label: FNV-1a over the template, written in upstream's alphabet without vowels. */
public final class TemplateHash {
    /** The label that tells a Deployment's ReplicaSets and their pods apart. */
    public static final String LABEL = "pod-template-hash";

    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

    private TemplateHash() {}

    /**
     * Hashes a template.
     *
     * @param template the template
     * @param collisions how often its hash met another template's
     * @return the hash in letters and digits that are valid in names
     */
    public static String of(PodTemplateSpec template, int collisions) {
        return encode(fnv(template + (collisions == 0 ? "" : "#" + collisions)));
    }

    /**
     * Hashes a text with FNV-1a, 32 bits.
     *
     * @param text the text
     * @return the hash, unsigned
     */
    public static long fnv(String text) {
        int hash = 0x811c9dc5;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x01000193;
        }
        return Integer.toUnsignedLong(hash);
    }

    /**
     * Writes a number's decimal digits as letters that spell no words.
     *
     * @param hash the number
     * @return as many letters as it has digits
     */
    public static String encode(long hash) {
        StringBuilder encoded = new StringBuilder();
        for (char digit : Long.toString(hash).toCharArray()) {
            encoded.append(ALPHABET.charAt(digit % ALPHABET.length()));
        }
        return encoded.toString();
    }
}
