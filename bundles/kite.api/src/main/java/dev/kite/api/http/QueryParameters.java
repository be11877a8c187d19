package dev.kite.api.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A parsed query ({@code application/x-www-form-urlencoded}); names compare exactly, order is kept. Immutable. */
public final class QueryParameters {
    private static final QueryParameters NONE = new QueryParameters(Map.of());

    private final Map<String, List<String>> values;

    private QueryParameters(Map<String, List<String>> values) {
        this.values = values;
    }

    /**
     * Parses a raw query.
     *
     * @param rawQuery the query without the question mark
     * @return its parameters
     * @throws IllegalArgumentException if a percent-encoding is malformed
     */
    public static QueryParameters parse(String rawQuery) {
        if (rawQuery.isEmpty()) {
            return NONE;
        }
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String pair : rawQuery.split("&")) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            values.computeIfAbsent(decode(name), _ -> new ArrayList<>(1)).add(decode(value));
        }
        return new QueryParameters(values);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /**
     * Returns the first value.
     *
     * @param name the parameter's name
     * @return its first value, or null where it is absent
     */
    public @Nullable String first(String name) {
        List<String> found = values.get(name);
        return found == null ? null : found.getFirst();
    }

    /**
     * Returns the first value or another.
     *
     * @param name the parameter's name
     * @param otherwise what to return where it is absent
     * @return its first value
     */
    public String first(String name, String otherwise) {
        String found = first(name);
        return found == null ? otherwise : found;
    }

    /**
     * Returns all values.
     *
     * @param name the parameter's name
     * @return its values in order, none where it is absent
     */
    public List<String> all(String name) {
        return List.copyOf(values.getOrDefault(name, List.of()));
    }

    /**
     * Tells whether a flag is set as Kubernetes' API reads booleans: {@code true} and {@code 1} are, also the empty value.
     *
     * @param name the parameter's name
     * @return whether it is there and neither {@code false} nor {@code 0}
     */
    public boolean flag(String name) {
        String found = first(name);
        return found != null && !found.equalsIgnoreCase("false") && !found.equals("0");
    }

    /** @return the names in order of first appearance */
    public List<String> names() {
        return List.copyOf(values.keySet());
    }
}
