package dev.kite.cel.library;

import dev.kite.cel.eval.CelError;
import dev.kite.cel.eval.LibraryValue;
import dev.kite.cel.eval.ListValue;
import dev.kite.cel.eval.MapValue;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** URLs: absolute URIs and absolute paths, as Go's parser of request URIs takes them. */
final class Urls {
    private static final String TYPE = "kubernetes.URL";

    static final List<Function> FUNCTIONS = List.of(
            Function.of("string_to_url", "url(string) " + TYPE, (e, a) -> parse((String) a[0])),
            Function.of(
                    "is_url_string",
                    "isURL(string) bool",
                    (e, a) -> errors((String) a[0]).isEmpty()),
            Function.of("url_get_scheme", TYPE + "#getScheme() string", (e, a) -> ((Url) a[0]).scheme()),
            Function.of("url_get_host", TYPE + "#getHost() string", (e, a) -> ((Url) a[0]).host()),
            Function.of("url_get_hostname", TYPE + "#getHostname() string", (e, a) -> ((Url) a[0]).hostname()),
            Function.of("url_get_port", TYPE + "#getPort() string", (e, a) -> ((Url) a[0]).port()),
            Function.of("url_get_escaped_path", TYPE + "#getEscapedPath() string", (e, a) -> ((Url) a[0]).path()),
            Function.of(
                    "url_get_query",
                    TYPE + "#getQuery() map<string, list<string>>",
                    (e, a) -> query(((Url) a[0]).query())));

    private Urls() {}

    /** A URL's parts, the path escaped. */
    record Url(String text, String scheme, String host, String path, String query) implements LibraryValue {
        @Override
        public String typeName() {
            return TYPE;
        }

        String port() {
            int colon = host.lastIndexOf(':');
            return colon > host.lastIndexOf(']') ? host.substring(colon + 1) : "";
        }

        String hostname() {
            int colon = host.lastIndexOf(':');
            String name = colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
            return name.startsWith("[") && name.endsWith("]") ? name.substring(1, name.length() - 1) : name;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** What keeps a text from being a URL, without the words of the conversion; none if nothing does. */
    static List<String> errors(String text) {
        try {
            read(text);
            return List.of();
        } catch (CelError e) {
            return List.of("parse " + Texts.quote(text) + ": " + e.getMessage());
        }
    }

    static Url parse(String text) {
        try {
            return read(text);
        } catch (CelError e) {
            throw new CelError("URL parse error during conversion from string: parse " + Texts.quote(text) + ": "
                    + e.getMessage());
        }
    }

    private static Url read(String text) {
        if (text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new CelError("net/url: invalid control character in URL");
        }
        if (text.isEmpty()) {
            throw new CelError("empty url");
        }
        int colon = scheme(text);
        String scheme = colon < 0 ? "" : text.substring(0, colon).toLowerCase(java.util.Locale.ROOT);
        String rest = text.substring(colon + 1);
        int mark = rest.indexOf('?');
        String query = mark < 0 ? "" : rest.substring(mark + 1);
        rest = mark < 0 ? rest : rest.substring(0, mark);
        if (!rest.startsWith("/")) {
            if (scheme.isEmpty()) {
                throw new CelError("invalid URI for request");
            }
            return new Url(text, scheme, "", "", query);
        }
        String host = "";
        if (rest.startsWith("//") && (!scheme.isEmpty() || !rest.startsWith("///"))) {
            int slash = rest.indexOf('/', 2);
            String authority = slash < 0 ? rest.substring(2) : rest.substring(2, slash);
            rest = slash < 0 ? "" : rest.substring(slash);
            host = host(authority.substring(authority.lastIndexOf('@') + 1));
        }
        unescaped(rest);
        return new Url(text, scheme, host, escaped(rest), query);
    }

    /** Where the scheme ends, or -1 where there is none. */
    private static int scheme(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (c == ':') {
                if (i == 0) {
                    throw new CelError("missing protocol scheme");
                }
                return i;
            }
            if (!letter && (i == 0 || "0123456789+-.".indexOf(c) < 0)) {
                return -1;
            }
        }
        return -1;
    }

    private static String host(String host) {
        String port = "";
        if (host.startsWith("[")) {
            int close = host.lastIndexOf(']');
            if (close < 0) {
                throw new CelError("missing ']' in host");
            }
            port = host.substring(close + 1);
        } else if (host.lastIndexOf(':') >= 0) {
            port = host.substring(host.lastIndexOf(':'));
        }
        boolean digits = port.isEmpty()
                || (port.startsWith(":") && port.substring(1).chars().allMatch(c -> c >= '0' && c <= '9'));
        if (!digits) {
            throw new CelError("invalid port " + Texts.quote(port) + " after host");
        }
        for (int i = 0; i < host.length(); i++) {
            if (" \\^`{|}".indexOf(host.charAt(i)) >= 0) {
                throw new CelError("invalid character " + Texts.quote(host.substring(i, i + 1)) + " in host name");
            }
        }
        unescaped(host);
        return host;
    }

    private static void unescaped(String text) {
        for (int i = text.indexOf('%'); i >= 0; i = text.indexOf('%', i + 1)) {
            if (i + 2 >= text.length()
                    || Character.digit(text.charAt(i + 1), 16) < 0
                    || Character.digit(text.charAt(i + 2), 16) < 0) {
                throw new CelError(
                        "invalid URL escape " + Texts.quote(text.substring(i, Math.min(text.length(), i + 3))));
            }
        }
    }

    /** The path with what may not be in one escaped. */
    private static String escaped(String path) {
        StringBuilder out = new StringBuilder(path.length());
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 255);
            boolean kept = c < 128 && (Character.isLetterOrDigit(c) || "-_.~$&+,/:;=@%!'()*[]".indexOf(c) >= 0);
            if (kept) {
                out.append(c);
            } else {
                out.append('%')
                        .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
                        .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
            }
        }
        return out.toString();
    }

    private static MapValue query(String query) {
        Map<Object, List<Object>> values = new LinkedHashMap<>();
        for (String pair : query.split("&", -1)) {
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
