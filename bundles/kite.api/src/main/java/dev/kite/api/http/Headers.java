package dev.kite.api.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * HTTP header fields: names compare without case (RFC 9110, 5.1), values keep their order. Not thread-safe: an exchange
 * belongs to one thread at a time.
 */
public final class Headers {
    private final Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    /** No fields. */
    public Headers() {}

    /**
     * Returns the first value.
     *
     * @param name the field's name
     * @return its first value, or null where the field is absent
     */
    public @Nullable String first(String name) {
        List<String> values = fields.get(name);
        return values == null ? null : values.getFirst();
    }

    /**
     * Returns all values.
     *
     * @param name the field's name
     * @return its values in order, none where the field is absent; not changed by later calls
     */
    public List<String> all(String name) {
        List<String> values = fields.get(name);
        return values == null ? List.of() : List.copyOf(values);
    }

    /**
     * Tells whether a comma separated field holds a token, without regard to case.
     *
     * @param name the field's name
     * @param token the token sought
     * @return whether one of the field's values lists the token
     */
    public boolean hasToken(String name, String token) {
        String wanted = token.toLowerCase(Locale.ROOT);
        for (String value : all(name)) {
            for (String part : value.split(",")) {
                if (part.strip().toLowerCase(Locale.ROOT).equals(wanted)) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Adds a value after those that are there.
     *
     * @param name the field's name
     * @param value the value
     * @return this
     */
    public Headers add(String name, String value) {
        fields.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(value);
        return this;
    }

    /**
     * Replaces all values by one.
     *
     * @param name the field's name
     * @param value the value
     * @return this
     */
    public Headers set(String name, String value) {
        List<String> values = new ArrayList<>(1);
        values.add(value);
        fields.put(name, values);
        return this;
    }

    /**
     * Removes a field.
     *
     * @param name the field's name
     * @return this
     */
    public Headers remove(String name) {
        fields.remove(name);
        return this;
    }

    /**
     * Visits each value.
     *
     * @param visitor is given the field's name and one value
     */
    public void forEach(BiConsumer<String, String> visitor) {
        fields.forEach((name, values) -> values.forEach(value -> visitor.accept(name, value)));
    }
}
