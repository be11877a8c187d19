package dev.kite.apiserver.request;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One media range of an Accept or Content-Type field (RFC 9110, 12.5.1).
 *
 * @param type type and subtype in lower case, for example {@code application/json}
 * @param parameters its parameters without {@code q}, names in lower case
 * @param quality the client's preference, 0 to 1
 */
public record MediaType(String type, Map<String, String> parameters, double quality) {
    /** JSON. */
    public static final String JSON = "application/json";

    /** YAML. */
    public static final String YAML = "application/yaml";

    /** Kubernetes' protobuf envelope. */
    public static final String PROTOBUF = "application/vnd.kubernetes.protobuf";

    /** What is read and written here. */
    public static final List<String> SUPPORTED = List.of(JSON, YAML, PROTOBUF);

    /**
     * Parses a field's value; malformed parts are passed over.
     *
     * @param field the value, ranges separated by commas
     * @return its ranges, the most wanted first, of those equally wanted the more specific
     */
    public static List<MediaType> parse(String field) {
        List<MediaType> all = new ArrayList<>();
        for (String range : field.split(",")) {
            String[] parts = range.split(";", -1);
            String type = parts[0].strip().toLowerCase(Locale.ROOT);
            if (type.isEmpty()) {
                continue;
            }
            Map<String, String> parameters = new LinkedHashMap<>();
            double quality = 1;
            for (int i = 1; i < parts.length; i++) {
                int equals = parts[i].indexOf('=');
                if (equals < 0) {
                    continue;
                }
                String name = parts[i].substring(0, equals).strip().toLowerCase(Locale.ROOT);
                String value = unquote(parts[i].substring(equals + 1).strip());
                if (name.equals("q")) {
                    quality = quality(value);
                } else {
                    parameters.put(name, value);
                }
            }
            all.add(new MediaType(type, parameters, quality));
        }
        if (all.size() > 1) {
            all.sort(Comparator.comparingDouble((MediaType range) -> -range.quality())
                    .thenComparingInt(MediaType::wildcards));
        }
        return all;
    }

    /**
     * Tells whether this range includes a type.
     *
     * @param other a type without wildcards
     * @return whether it does
     */
    public boolean includes(String other) {
        return type.equals(other)
                || type.equals("*/*")
                || type.equals("*")
                || (type.endsWith("/*") && other.startsWith(type.substring(0, type.length() - 1)));
    }

    /**
     * Tells whether a parameter is given, be it empty.
     *
     * @param name the parameter's name in lower case
     * @return whether it is
     */
    public boolean has(String name) {
        return parameters.containsKey(name);
    }

    private int wildcards() {
        return type.startsWith("*") ? 2 : type.endsWith("/*") ? 1 : 0;
    }

    /**
     * Returns a parameter.
     *
     * @param name the parameter's name in lower case
     * @return its value, empty where it is absent
     */
    public String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }

    private static double quality(String value) {
        try {
            return Math.clamp(Double.parseDouble(value), 0, 1);
        } catch (NumberFormatException _) {
            return 1; // as upstream reads it
        }
    }

    private static String unquote(String value) {
        return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
                ? value.substring(1, value.length() - 1)
                : value;
    }
}
