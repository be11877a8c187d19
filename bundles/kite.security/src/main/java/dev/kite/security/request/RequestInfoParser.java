package dev.kite.security.request;

import dev.kite.api.http.QueryParameters;
import dev.kite.security.RequestInfo;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Kubernetes' reading of URLs: {@code /api/VERSION/…} and {@code /apis/GROUP/VERSION/…}, then {@code [watch|proxy/] [namespaces/NS/] RESOURCE[/NAME[/SUBRESOURCE[/…]]]}.
 */
public final class RequestInfoParser {
    /** Words before the resource that say the verb, from the API's first days; still served. */
    private static final Set<String> SPECIAL_VERBS = Set.of("proxy", "watch");

    /** What follows a namespace's name is its subresource, not a resource in it. */
    private static final Set<String> NAMESPACE_SUBRESOURCES = Set.of("status", "finalize");

    private RequestInfoParser() {}

    /**
     * Reads a request.
     *
     * @param method the method in upper case
     * @param path the decoded path
     * @param query the query
     * @return what it asks for
     */
    public static RequestInfo parse(String method, String path, QueryParameters query) {
        List<String> parts = segments(path);
        RequestInfo info = parts.size() < 3 ? null : resource(method, path, parts, query);
        return info != null ? info : nonResource(method, path);
    }

    private static RequestInfo nonResource(String method, String path) {
        return new RequestInfo(false, path, method.toLowerCase(Locale.ROOT), "", "", "", "", "", "", "", "", "", "");
    }

    private static @Nullable RequestInfo resource(
            String method, String path, List<String> parts, QueryParameters query) {
        String prefix = parts.getFirst();
        boolean grouped = prefix.equals("apis");
        // Three parts at least: an apis path of three has a group and a version but no resource.
        if (!(grouped ? parts.size() > 3 : prefix.equals("api"))) {
            return null;
        }
        String group = grouped ? parts.get(1) : "";
        String version = parts.get(grouped ? 2 : 1);
        List<String> rest = parts.subList(grouped ? 3 : 2, parts.size());
        String verb = verb(method);
        if (SPECIAL_VERBS.contains(rest.getFirst())) {
            if (rest.size() < 2) {
                return null;
            }
            verb = rest.getFirst();
            rest = rest.subList(1, rest.size());
        }
        return named(path, prefix, group, version, verb, rest, query);
    }

    private static RequestInfo named(
            String path,
            String prefix,
            String group,
            String version,
            String verb,
            List<String> rest,
            QueryParameters query) {
        String namespace = "";
        if (rest.getFirst().equals("namespaces")) {
            if (rest.size() > 1) {
                namespace = rest.get(1);
                // With more behind it, a namespace is a folder of resources; alone or with its own subresource, it is
                // the resource.
                if (rest.size() > 2 && !NAMESPACE_SUBRESOURCES.contains(rest.get(2))) {
                    rest = rest.subList(2, rest.size());
                }
            }
        }
        String resource = rest.getFirst();
        String name = rest.size() > 1 ? rest.get(1) : "";
        boolean proxied = verb.equals("proxy");
        String subresource = rest.size() > 2 && !proxied ? rest.get(2) : "";
        String subpath = subpath(rest, proxied ? 2 : 3);
        String fieldSelector = query.first("fieldSelector", "");
        String labelSelector = query.first("labelSelector", "");
        if (name.isEmpty() && verb.equals("get")) {
            verb = "list";
        }
        if (verb.equals("list") || verb.equals("watch")) {
            if (verb.equals("list") && query.flag("watch")) {
                verb = "watch";
            }
            if (name.isEmpty()) {
                name = nameOf(fieldSelector);
            }
        } else if (verb.equals("delete") && name.isEmpty()) {
            verb = "deletecollection";
        }
        boolean selecting = verb.equals("list") || verb.equals("watch") || verb.equals("deletecollection");
        return new RequestInfo(
                true,
                path,
                verb,
                prefix,
                group,
                version,
                namespace,
                resource,
                subresource,
                name,
                subpath,
                selecting ? fieldSelector : "",
                selecting ? labelSelector : "");
    }

    private static String verb(String method) {
        return switch (method) {
            case "POST" -> "create";
            case "GET", "HEAD" -> "get";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> "delete";
            default -> "";
        };
    }

    private static String subpath(List<String> rest, int from) {
        return rest.size() <= from ? "" : "/" + String.join("/", rest.subList(from, rest.size()));
    }

    /** The name that a selector {@code metadata.name=NAME} asks for, among others; empty where it is no plain name. */
    private static String nameOf(String fieldSelector) {
        for (String term : fieldSelector.split(",")) {
            int equals = term.indexOf('=');
            if (equals > 0 && term.substring(0, equals).strip().equals("metadata.name")) {
                String value = term.substring(equals + 1);
                String name = value.startsWith("=") ? value.substring(1) : value;
                return isPathSegment(name) ? name : "";
            }
        }
        return "";
    }

    private static boolean isPathSegment(String name) {
        return !name.equals(".") && !name.equals("..") && name.indexOf('/') < 0 && name.indexOf('%') < 0;
    }

    /** The path's parts; slashes at both ends are dropped, and an empty path has none. */
    private static List<String> segments(String path) {
        int from = 0;
        int to = path.length();
        while (from < to && path.charAt(from) == '/') {
            from++;
        }
        while (to > from && path.charAt(to - 1) == '/') {
            to--;
        }
        return from == to ? List.of() : List.of(path.substring(from, to).split("/", -1));
    }
}
