package dev.kite.apiserver.aggregation;

import dev.kite.api.http.Headers;
import dev.kite.api.security.UserInfo;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Tells a server behind this one for whom this one speaks. What a client says of that itself never passes. Stateless. */
final class FrontProxy {
    /** Who speaks where this server asks on its own behalf. */
    static final UserInfo AGGREGATOR =
            new UserInfo("system:kube-aggregator", "", List.of(UserInfo.MASTERS), java.util.Map.of());

    private static final String USER = "X-Remote-User";
    private static final String UID = "X-Remote-Uid";
    private static final String GROUP = "X-Remote-Group";
    private static final String EXTRA = "X-Remote-Extra-";

    private FrontProxy() {}

    /** Sets the fields of a user, and takes away all others of their kind. */
    static void set(Headers headers, UserInfo user) {
        List<String> theirs = new ArrayList<>();
        headers.forEach((name, _) -> {
            if (name.toLowerCase(Locale.ROOT).startsWith("x-remote-")) {
                theirs.add(name);
            }
        });
        theirs.forEach(headers::remove);
        headers.add(USER, clean(user.name()));
        if (!user.uid().isEmpty()) {
            headers.add(UID, clean(user.uid()));
        }
        user.groups().forEach(group -> headers.add(GROUP, clean(group)));
        user.extra().forEach((key, values) -> values.forEach(value -> headers.add(EXTRA + escape(key), clean(value))));
    }

    /** A field's value has no line breaks; as upstream's client does, they become spaces. */
    private static String clean(String value) {
        return value.replace('\r', ' ').replace('\n', ' ').replace('\0', ' ');
    }

    /** Percent-encodes what a field's name can't carry (RFC 9110, 5.1), and the percent sign itself. */
    static String escape(String key) {
        StringBuilder out = new StringBuilder(key.length());
        for (byte one : key.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (one & 0xff);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (letter || "!#$&'*+-.^_`|~".indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append('%').append(String.format(Locale.ROOT, "%02X", (int) c));
            }
        }
        return out.toString();
    }
}
