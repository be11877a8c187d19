package dev.kite.client;

import dev.kite.api.client.ListOptions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Where resources are in the API, and how options are written into queries. */
final class Paths {
    private Paths() {}

    /**
     * The path of a resource's objects.
     *
     * @param group the group, empty for core
     * @param version the version
     * @param namespace the namespace, empty for cluster scope or all
     * @param plural the resource
     * @return the percent-encoded path
     */
    static String collection(String group, String version, String namespace, String plural) {
        StringBuilder path = new StringBuilder(64);
        if (group.isEmpty()) {
            path.append("/api/");
        } else {
            path.append("/apis/").append(segment(group)).append('/');
        }
        path.append(segment(version));
        if (!namespace.isEmpty()) {
            path.append("/namespaces/").append(segment(namespace));
        }
        return path.append('/').append(segment(plural)).toString();
    }

    /**
     * The path of one object or its subresource.
     *
     * @param collection the objects' path
     * @param name the object's name
     * @param subresource the subresource, empty for the object itself
     * @return the percent-encoded path
     * @throws IllegalArgumentException if the name is empty, which would name the collection
     */
    static String object(String collection, String name, String subresource) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("resource name may not be empty");
        }
        String path = collection + "/" + segment(name);
        return subresource.isEmpty() ? path : path + "/" + subresource;
    }

    private static String segment(String text) {
        // RBAC names hold colons, which a path may carry as they are.
        return encode(text).replace("%3A", ":");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * Writes list or watch options.
     *
     * @param options the options
     * @param watch whether a watch is asked for
     * @return the query, empty for none
     */
    static String query(ListOptions options, boolean watch) {
        StringBuilder query = new StringBuilder();
        add(query, "labelSelector", options.labelSelector());
        add(query, "fieldSelector", options.fieldSelector());
        add(query, "resourceVersion", options.resourceVersion());
        add(query, "resourceVersionMatch", options.resourceVersionMatch());
        add(query, "continue", options.continueToken());
        add(query, "limit", options.limit() > 0 ? Integer.toString(options.limit()) : "");
        add(query, "timeoutSeconds", options.timeoutSeconds() > 0 ? Integer.toString(options.timeoutSeconds()) : "");
        if (watch) {
            add(query, "watch", "true");
            add(query, "allowWatchBookmarks", options.allowBookmarks() ? "true" : "");
            add(query, "sendInitialEvents", options.sendInitialEvents() ? "true" : "");
        }
        return query.toString();
    }

    /**
     * Adds a parameter to a query.
     *
     * @param query the query so far
     * @param name the parameter's name
     * @param value its value; an empty one is left out
     */
    static void add(StringBuilder query, String name, String value) {
        if (value.isEmpty()) {
            return;
        }
        if (!query.isEmpty()) {
            query.append('&');
        }
        query.append(name).append('=').append(encode(value));
    }
}
