package dev.kite.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

/** Follows simple JSON paths through schemas. Stateless. */
final class SchemaPaths {
    private SchemaPaths() {}

    /** The schema of the field that a path such as {@code .spec.color} or {@code ['a.b']} names; missing where there is none. */
    static JsonNode find(JsonNode schema, String path) {
        JsonNode at = schema;
        int i = 0;
        while (i < path.length()) {
            int end;
            String name;
            if (path.charAt(i) == '.') {
                end = i + 1;
                while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
                    end++;
                }
                name = path.substring(i + 1, end);
            } else if (path.startsWith("['", i) && path.indexOf("']", i) > 0) {
                end = path.indexOf("']", i) + 2;
                name = path.substring(i + 2, end - 2);
            } else {
                return MissingNode.getInstance();
            }
            JsonNode property = at.path("properties").path(name);
            at = property.isMissingNode() ? at.path("additionalProperties") : property;
            if (name.isEmpty() || !at.isObject()) {
                return MissingNode.getInstance();
            }
            i = end;
        }
        return path.isEmpty() ? MissingNode.getInstance() : at;
    }
}
