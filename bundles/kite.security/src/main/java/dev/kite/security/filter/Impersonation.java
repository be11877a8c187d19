package dev.kite.security.filter;

import dev.kite.api.http.Headers;
import dev.kite.api.security.Attributes;
import dev.kite.api.security.UserInfo;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whom a request wants to speak for, and the permissions that it takes. Pure.
 *
 * @param user the user asked for
 * @param groups the groups that were asked for
 * @param asked one permission each for the user, uid, groups and extra values
 */
record Impersonation(UserInfo user, List<String> groups, List<Attributes> asked) {
    static final String USER = "Impersonate-User";
    static final String UID = "Impersonate-Uid";
    static final String GROUP = "Impersonate-Group";
    private static final String EXTRA = "impersonate-extra-";
    private static final String ANY = "impersonate-";
    private static final String ACCOUNT = "system:serviceaccount:";
    private static final String ANONYMOUS = "system:anonymous";

    /**
     * Reads the headers.
     *
     * @return null where there are none
     * @throws IllegalArgumentException if they say something of a user but not which
     */
    static @Nullable Impersonation read(Headers headers, UserInfo requester) {
        String name = headers.first(USER);
        String uid = headers.first(UID);
        List<String> groups = headers.all(GROUP);
        Map<String, List<String>> extra = extra(headers);
        if (name == null || name.isEmpty()) {
            // An empty name is no name; what else asks for impersonation is an error.
            if ((uid != null && !uid.isEmpty()) || !groups.isEmpty() || !extra.isEmpty()) {
                throw new IllegalArgumentException("requested " + asGo(uid == null ? "" : uid, groups, extra)
                        + " without impersonating a user name");
            }
            return null;
        }
        Permissions permissions = new Permissions(requester);
        List<String> all = new ArrayList<>(groups);
        String[] account = account(name);
        if (account.length == 2) {
            permissions.add("", "serviceaccounts", "", account[0], account[1]);
            if (groups.isEmpty()) {
                all.add("system:serviceaccounts");
                all.add("system:serviceaccounts:" + account[0]);
            }
        } else {
            permissions.add("", "users", "", "", name);
        }
        groups.forEach(group -> permissions.add("", "groups", "", "", group));
        extra.forEach((key, values) ->
                values.forEach(value -> permissions.add("authentication.k8s.io", "userextras", key, "", value)));
        if (uid != null && !uid.isEmpty()) {
            permissions.add("authentication.k8s.io", "uids", "", "", uid);
        }
        String everybody = name.equals(ANONYMOUS) ? UserInfo.UNAUTHENTICATED : UserInfo.AUTHENTICATED;
        if (!all.contains(UserInfo.AUTHENTICATED) && !all.contains(UserInfo.UNAUTHENTICATED)) {
            all.add(everybody);
        }
        return new Impersonation(
                new UserInfo(name, uid == null ? "" : uid, all, extra), List.copyOf(groups), permissions.list);
    }

    /** As upstream prints it, with Go's %#v. */
    private static String asGo(String uid, List<String> groups, Map<String, List<String>> extra) {
        StringBuilder text = new StringBuilder("&user.DefaultInfo{Name:\"\", UID:").append(quoted(uid));
        text.append(", Groups:").append(slice(groups)).append(", Extra:map[string][]string");
        if (extra.isEmpty()) {
            return text.append("(nil)}").toString();
        }
        List<String> entries = new ArrayList<>();
        new TreeMap<>(extra).forEach((key, values) -> entries.add(quoted(key) + ":" + slice(values)));
        return text.append('{').append(String.join(", ", entries)).append("}}").toString();
    }

    private static String slice(List<String> values) {
        return values.isEmpty()
                ? "[]string(nil)"
                : "[]string{"
                        + String.join(
                                ", ", values.stream().map(Impersonation::quoted).toList()) + "}";
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static final class Permissions {
        private final UserInfo requester;
        private final List<Attributes> list = new ArrayList<>();

        Permissions(UserInfo requester) {
            this.requester = requester;
        }

        void add(String group, String resource, String subresource, String namespace, String name) {
            list.add(new Attributes(
                    requester, "impersonate", true, group, "v1", resource, subresource, namespace, name, "", ""));
        }
    }

    /** Namespace and name of a service account's user name, else nothing. */
    static String[] account(String user) {
        if (!user.startsWith(ACCOUNT)) {
            return new String[0];
        }
        String[] parts = user.substring(ACCOUNT.length()).split(":", -1);
        return parts.length == 2 && !parts[0].isEmpty() && !parts[1].isEmpty() ? parts : new String[0];
    }

    private static Map<String, List<String>> extra(Headers headers) {
        Map<String, List<String>> extra = new LinkedHashMap<>();
        headers.forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith(EXTRA)) {
                extra.computeIfAbsent(unescape(lower.substring(EXTRA.length())), _ -> new ArrayList<>())
                        .add(value);
            }
        });
        return extra;
    }

    private static String unescape(String key) {
        try {
            return URLDecoder.decode(key.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return key;
        }
    }

    /** Takes the headers off, so that an API server further on does not act on them. */
    static void removeHeaders(Headers headers) {
        names(headers).forEach(headers::remove);
    }

    /** Whether the headers ask for it. */
    static boolean isAsked(Headers headers) {
        return !names(headers).isEmpty();
    }

    private static List<String> names(Headers headers) {
        List<String> names = new ArrayList<>();
        headers.forEach((name, _) -> {
            if (name.toLowerCase(Locale.ROOT).startsWith(ANY)) {
                names.add(name);
            }
        });
        return names;
    }
}
