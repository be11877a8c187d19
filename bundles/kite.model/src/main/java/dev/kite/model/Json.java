package dev.kite.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.model.json.JsonTrees;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A JSON value kept as compact UTF-8 text: raw extensions, schemas, managed fields. Equal where the text is equal. */
public final class Json {
    private final byte[] utf8;

    private Json(byte[] utf8) {
        this.utf8 = utf8;
    }

    /** Takes bytes that are one JSON value; they are copied, not checked. */
    public static Json ofUtf8(byte[] utf8) {
        return new Json(utf8.clone());
    }

    /** Takes text that is one JSON value; it is not checked. */
    public static Json of(String text) {
        return new Json(text.getBytes(StandardCharsets.UTF_8));
    }

    /** From a tree. */
    public static Json of(JsonNode tree) {
        return new Json(JsonTrees.write(tree));
    }

    /** A copy of the bytes. */
    public byte[] toByteArray() {
        return utf8.clone();
    }

    /**
     * A new tree.
     *
     * @throws dev.kite.model.json.JsonCodecException where the text is no JSON
     */
    public JsonNode tree() {
        return JsonTrees.read(utf8);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Json that && Arrays.equals(utf8, that.utf8);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(utf8);
    }

    @Override
    public String toString() {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
