package dev.kite.cri;

import java.util.List;
import java.util.stream.Collectors;

/** Writes TOML (toml.io, 1.0): tables in the order given. Not thread-safe. */
final class Toml {
    private final StringBuilder text = new StringBuilder();

    Toml table(String name) {
        if (!text.isEmpty()) {
            text.append('\n');
        }
        text.append('[').append(name).append("]\n");
        return this;
    }

    Toml text(String key, String value) {
        return line(key, quote(value));
    }

    Toml texts(String key, List<String> values) {
        return line(key, values.stream().map(Toml::quote).collect(Collectors.joining(", ", "[", "]")));
    }

    Toml number(String key, long value) {
        return line(key, Long.toString(value));
    }

    Toml flag(String key, boolean value) {
        return line(key, Boolean.toString(value));
    }

    /** A value that is TOML already. */
    Toml raw(String key, String value) {
        return line(key, value);
    }

    private Toml line(String key, String value) {
        text.append(key).append(" = ").append(value).append('\n');
        return this;
    }

    /** A basic string: quotes, backslashes and control characters escaped. */
    static String quote(String value) {
        StringBuilder quoted = new StringBuilder("\"");
        value.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
            } else if (c < 0x20 || c == 0x7f) {
                quoted.append(String.format("\\u%04x", c));
            } else {
                quoted.append((char) c);
            }
        });
        return quoted.append('"').toString();
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
