package dev.kite.features.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;

/** JSON settings to configuration properties: strings, booleans, numbers, and lists of strings. */
public final class Settings {
    private static final int MOST = 1000;

    private Settings() {}

    /**
     * Converts an object of settings.
     *
     * @param node the object; a missing or null node is none
     * @param where names it in errors
     * @return the properties, sorted
     * @throws FeatureException if a value is neither of them
     */
    public static Map<String, Object> of(JsonNode node, String where) {
        Map<String, Object> settings = new TreeMap<>();
        if (node.isMissingNode() || node.isNull()) {
            return settings;
        }
        if (!node.isObject() || node.size() > MOST) {
            throw new FeatureException(where + " must be an object of settings");
        }
        node.properties()
                .forEach(entry ->
                        settings.put(key(entry.getKey(), where), value(entry.getValue(), where, entry.getKey())));
        return settings;
    }

    private static String key(String key, String where) {
        if (!key.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,200}")) {
            throw new FeatureException(
                    where + " has a key \"" + FeatureVersion.shortened(key) + "\" that is no setting's name");
        }
        return key;
    }

    private static Object value(JsonNode value, String where, String key) {
        return switch (value.getNodeType()) {
            case STRING -> value.asText();
            case BOOLEAN -> value.asBoolean();
            case NUMBER -> number(value);
            case ARRAY -> {
                String[] texts = new String[value.size()];
                for (int i = 0; i < texts.length; i++) {
                    if (!value.get(i).isValueNode() || value.get(i).isNull()) {
                        throw new FeatureException(where + "." + key + " must be a list of plain values");
                    }
                    texts[i] = value.get(i).asText();
                }
                yield texts;
            }
            case OBJECT, NULL, MISSING, BINARY, POJO ->
                throw new FeatureException(
                        where + "." + key + " must be a text, a number, true or false, or a list of texts");
        };
    }

    /** Not a conditional expression: that would make a double of a long. */
    private static Object number(JsonNode value) {
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            return value.asLong();
        }
        return value.asDouble();
    }
}
