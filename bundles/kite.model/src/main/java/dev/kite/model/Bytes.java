package dev.kite.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Immutable bytes; base64 in JSON. {@code toString} tells only their number, since they are often secret. */
public final class Bytes {
    /** No bytes. */
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] value;

    private Bytes(byte[] value) {
        this.value = value;
    }

    /** A copy of these bytes. */
    public static Bytes of(byte[] value) {
        return value.length == 0 ? EMPTY : new Bytes(value.clone());
    }

    /** The UTF-8 bytes of a text. */
    public static Bytes ofUtf8(String text) {
        return text.isEmpty() ? EMPTY : new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Standard base64, padded; line breaks are skipped.
     *
     * @throws IllegalArgumentException where it is not base64
     */
    public static Bytes ofBase64(String text) {
        String plain = text.indexOf('\n') < 0 && text.indexOf('\r') < 0 ? text : text.replaceAll("[\r\n]", "");
        return plain.isEmpty() ? EMPTY : new Bytes(Base64.getDecoder().decode(plain));
    }

    /** A copy. */
    public byte[] toByteArray() {
        return value.clone();
    }

    /** How many there are. */
    public int size() {
        return value.length;
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return value.length == 0;
    }

    /** As text, malformed UTF-8 replaced. */
    public String utf8() {
        return new String(value, StandardCharsets.UTF_8);
    }

    /** Standard base64, padded. */
    public String base64() {
        return Base64.getEncoder().encodeToString(value);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Bytes that && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return value.length + " bytes";
    }
}
