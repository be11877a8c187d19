package dev.kite.apiserver.subresource;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** A query in the making. Not thread-safe. */
final class Query {
    private final StringBuilder text = new StringBuilder();

    Query add(String name, String value) {
        text.append(text.isEmpty() ? '?' : '&').append(encode(name)).append('=').append(encode(value));
        return this;
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The query with its question mark, empty where it has no parameter. */
    @Override
    public String toString() {
        return text.toString();
    }
}
