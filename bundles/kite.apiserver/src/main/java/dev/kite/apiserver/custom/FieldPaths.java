package dev.kite.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.apiserver.tree.Tree;
import org.jspecify.annotations.Nullable;

/** Reads the fieldPath of a rule: {@code .field}, {@code ['field']} and {@code ['key']} of maps, one after the other. One instance a path. */
final class FieldPaths {
    private final String path;
    private final StringBuilder normal = new StringBuilder();
    private JsonNode schema;
    private int at;

    private FieldPaths(String path, JsonNode schema) {
        this.path = path;
        this.schema = schema;
    }

    /** The path as errors have it, or null where the schema has no such field. */
    static @Nullable String normal(String path, JsonNode schema) {
        return new FieldPaths(path, schema).read();
    }

    private @Nullable String read() {
        while (at < path.length()) {
            char c = path.charAt(at++);
            String name = c == '.' ? plain() : c == '[' ? quoted() : null;
            if (name == null || !step(name)) {
                return null;
            }
        }
        return normal.toString();
    }

    /** Up to the next delimiter; a delimiter at once is, oddly, a name too. */
    private @Nullable String plain() {
        if (at >= path.length()) {
            return null;
        }
        int start = at++;
        if (isDelimiter(path.charAt(start))) {
            return path.substring(start, at);
        }
        while (at < path.length() && !isDelimiter(path.charAt(at))) {
            at++;
        }
        return path.substring(start, at);
    }

    private static boolean isDelimiter(char c) {
        return c == '.' || c == '[' || c == ']';
    }

    private @Nullable String quoted() {
        if (at >= path.length() || path.charAt(at) != '\'') {
            return null;
        }
        StringBuilder name = new StringBuilder();
        for (at++; at < path.length() && path.charAt(at) != '\''; at++) {
            char c = path.charAt(at);
            if (c == '\\') {
                at++;
                int escape = at < path.length() ? "abfnrtv'\\".indexOf(path.charAt(at)) : -1;
                if (escape < 0) {
                    return null;
                }
                c = "\u0007\b\f\n\r\t\u000b'\\".charAt(escape);
            }
            name.append(c);
        }
        boolean closed = path.startsWith("']", at);
        at += 2;
        return closed ? name.toString() : null;
    }

    private boolean step(String name) {
        if (!Tree.fields(schema, "properties").isEmpty()) {
            schema = schema.path("properties").path(name);
            normal.append(normal.isEmpty() ? "" : ".").append(name);
        } else {
            schema = schema.path("additionalProperties");
            normal.append('[').append(name).append(']');
        }
        return schema.isObject();
    }
}
