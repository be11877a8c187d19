package dev.kite.cel.library;

import dev.kite.cel.eval.CelError;
import dev.kite.cel.eval.LibraryValue;
import dev.kite.cel.eval.ListValue;
import dev.kite.cel.eval.MapValue;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** URLs: absolute URIs and absolute paths. */
final class Urls {
    private static final String TYPE = "kubernetes.URL";

    static final List<Function> FUNCTIONS = List.of(
            Function.of("string_to_url", "url(string) " + TYPE, (e, a) -> parse((String) a[0])),
            Function.of("is_url_string", "isURL(string) bool", (e, a) -> isUrl((String) a[0])),
            Function.of("url_get_scheme", TYPE + "#getScheme() string", (e, a) -> text(((Url) a[0]).uri.getScheme())),
            Function.of("url_get_host", TYPE + "#getHost() string", (e, a) -> ((Url) a[0]).host()),
            Function.of("url_get_hostname", TYPE + "#getHostname() string", (e, a) -> ((Url) a[0]).hostname()),
            Function.of("url_get_port", TYPE + "#getPort() string", (e, a) -> ((Url) a[0]).port()),
            Function.of(
                    "url_get_escaped_path",
                    TYPE + "#getEscapedPath() string",
                    (e, a) -> text(((Url) a[0]).uri.getRawPath())),
            Function.of(
                    "url_get_query",
                    TYPE + "#getQuery() map<string, list<string>>",
                    (e, a) -> query(((Url) a[0]).uri.getRawQuery())));

    private Urls() {}

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** A URL. */
    record Url(URI uri) implements LibraryValue {
        @Override
        public String typeName() {
            return TYPE;
        }

        String host() {
            String authority = text(uri.getRawAuthority());
            return authority.substring(authority.lastIndexOf('@') + 1);
        }

        String port() {
            String host = host();
            int colon = host.lastIndexOf(':');
            return colon > host.lastIndexOf(']') ? host.substring(colon + 1) : "";
        }

        String hostname() {
            String host = host();
            String port = port();
            String name = port.isEmpty() ? host : host.substring(0, host.length() - port.length() - 1);
            return name.startsWith("[") && name.endsWith("]") ? name.substring(1, name.length() - 1) : name;
        }

        @Override
        public String toString() {
            return uri.toString();
        }
    }

    private static boolean isUrl(String text) {
        try {
            parse(text);
            return true;
        } catch (CelError e) {
            return false;
        }
    }

    static Url parse(String text) {
        try {
            URI uri = new URI(escape(text));
            if (text.isEmpty() || (uri.getScheme() == null && !text.startsWith("/"))) {
                throw new URISyntaxException(text, "invalid URI for request");
            }
            Url url = new Url(uri);
            if (!url.port().chars().allMatch(c -> c >= '0' && c <= '9')) {
                throw new URISyntaxException(text, "invalid port");
            }
            return url;
        } catch (URISyntaxException e) {
            throw new CelError(
                    "URL parse error during conversion from string: parse " + Texts.quote(text) + ": " + e.getReason());
        }
    }

    /** What Go accepts raw in a path or query, and java.net.URI does not. */
    private static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length());
        int query = text.indexOf('?');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '<', '>', '\\', '^', '`', '{', '|', '}', '#' -> hex(out, c);
                case ' ' -> out.append(query >= 0 && i > query ? "%20" : " ");
                default -> out.append(c);
            }
        }
        return out.toString();
    }

    private static void hex(StringBuilder out, char c) {
        out.append('%')
                .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
                .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
    }

    private static MapValue query(@Nullable String query) {
        Map<Object, List<Object>> values = new LinkedHashMap<>();
        for (String pair : text(query).split("&", -1)) {
            if (pair.isEmpty() || pair.indexOf(';') >= 0) {
                continue;
            }
            int equals = pair.indexOf('=');
            String key = decoded(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
            if (key != null && value != null) {
                values.computeIfAbsent(key, k -> new ArrayList<>()).add(value);
            }
        }
        Map<Object, Object> out = new LinkedHashMap<>();
        values.forEach((key, list) -> out.put(key, ListValue.of(list)));
        return MapValue.of(out);
    }

    /** Null for what isn't well escaped, which upstream leaves out of a query. */
    private static @Nullable String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
