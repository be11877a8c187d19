package dev.kite.cel;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** What an evaluation gave. */
public interface CelResult {
    /**
     * As a Java value: Boolean, Long, Double, String, byte[], Instant, Duration, List, Map (of such, in order), null, Optional; an unsigned
     * integer is a Long, or a BigInteger beyond it; a value of a library's type is its text.
     */
    @Nullable
    Object value();

    /** What it cost. */
    long cost();

    /** Whether it is the boolean true; anything else is not. */
    default boolean isTrue() {
        return Boolean.TRUE.equals(value());
    }

    /** The name of its type, as CEL's {@code type()} has it. */
    String type();

    /**
     * As JSON: timestamps and durations are text, bytes are base64, {@code Object{…}} and {@code JSONPatch{…}} are objects of the fields that were set.
     *
     * @throws CelEvaluationException for what JSON cannot hold: keys that are no strings, NaN, types, library values; and where the types of
     *     {@code Object{…}} literals do not name the fields that they stand in
     */
    JsonNode json() throws CelEvaluationException;
}
