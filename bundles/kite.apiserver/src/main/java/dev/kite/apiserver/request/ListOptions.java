package dev.kite.apiserver.request;

import dev.kite.api.http.QueryParameters;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The query of a list or watch (meta.v1 ListOptions), checked.
 *
 * @param labelSelector the raw label selector, empty for none
 * @param fieldSelector the raw field selector, empty for none
 * @param resourceVersion as sent: empty, 0 or a revision
 * @param match resourceVersionMatch: empty, Exact or NotOlderThan
 * @param limit how many objects at most, 0 for all
 * @param continueToken where to go on, empty for the start
 * @param timeoutSeconds how long a watch lasts, null where it isn't said
 * @param bookmarks whether bookmarks may be sent
 * @param sendInitialEvents whether a watch starts with what there is; null where it isn't said
 * @param watch whether it is a watch
 */
public record ListOptions(
        String labelSelector,
        String fieldSelector,
        String resourceVersion,
        String match,
        int limit,
        String continueToken,
        @Nullable Integer timeoutSeconds,
        boolean bookmarks,
        @Nullable Boolean sendInitialEvents,
        boolean watch) {

    /**
     * Reads and checks a query.
     *
     * @param query the query
     * @param watch whether it is of a watch
     * @return the options
     * @throws StatusException 400 or 422 where they make no sense
     */
    public static ListOptions of(QueryParameters query, boolean watch) {
        String timeout = query.first("timeoutSeconds", "");
        String initial = query.first("sendInitialEvents", "");
        ListOptions options = new ListOptions(
                query.first("labelSelector", ""),
                query.first("fieldSelector", ""),
                query.first("resourceVersion", ""),
                query.first("resourceVersionMatch", ""),
                (int) Math.min(Integer.MAX_VALUE, Math.max(0, number("limit", query.first("limit", "")))),
                query.first("continue", ""),
                timeout.isEmpty() ? null : (int) Math.min(Integer.MAX_VALUE, number("timeoutSeconds", timeout)),
                query.flag("allowWatchBookmarks"),
                initial.isEmpty() ? null : query.flag("sendInitialEvents"),
                watch);
        options.check();
        return options;
    }

    private void check() {
        if (watch) {
            checkWatch();
            return;
        }
        if (sendInitialEvents != null) {
            throw invalid(
                    "Forbidden: sendInitialEvents is forbidden for list", "sendInitialEvents", "FieldValueForbidden");
        }
        if (match.isEmpty()) {
            return;
        }
        if (!match.equals("Exact") && !match.equals("NotOlderThan")) {
            throw invalid(
                    "Unsupported value: \"" + match + "\": supported values: \"Exact\", \"NotOlderThan\"",
                    "resourceVersionMatch",
                    "FieldValueNotSupported");
        }
        if (resourceVersion.isEmpty()) {
            throw forbidden("resourceVersionMatch is forbidden unless resourceVersion is provided");
        }
        if (!continueToken.isEmpty()) {
            throw forbidden("resourceVersionMatch is forbidden when continue is provided");
        }
        if (match.equals("Exact") && resourceVersion.equals("0")) {
            throw forbidden("resourceVersionMatch \"Exact\" is forbidden for resourceVersion \"0\"");
        }
    }

    private void checkWatch() {
        if (sendInitialEvents == null) {
            if (!match.isEmpty()) {
                throw forbidden("resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
            }
            return;
        }
        if (!match.equals("NotOlderThan")) {
            throw forbidden("sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        }
        if (Boolean.TRUE.equals(sendInitialEvents) && !bookmarks) {
            throw invalid(
                    "Forbidden: sendInitialEvents requires setting allowWatchBookmarks to true",
                    "allowWatchBookmarks",
                    "FieldValueForbidden");
        }
    }

    /**
     * These options, for one object only.
     *
     * @param name its name
     * @return the options
     */
    public ListOptions named(String name) {
        String only = "metadata.name=" + name;
        return new ListOptions(
                labelSelector,
                fieldSelector.isEmpty() ? only : fieldSelector + "," + only,
                resourceVersion,
                match,
                limit,
                continueToken,
                timeoutSeconds,
                bookmarks,
                sendInitialEvents,
                watch);
    }

    /** @return the revision asked for; 0 where none or any is */
    public long revision() {
        return revision(resourceVersion);
    }

    /**
     * Reads a resourceVersion.
     *
     * @param text as sent
     * @return the revision, 0 for none
     * @throws StatusException 400 where it is no number
     */
    public static long revision(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        try {
            long revision = Long.parseLong(text);
            if (revision >= 0) {
                return revision;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw Errors.badRequest("Invalid value: \"" + text + "\": resourceVersion: must be a number");
    }

    private static long number(String name, String text) {
        if (text.isEmpty()) {
            return 0;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException _) {
            throw Errors.badRequest("Invalid value for " + name + ": \"" + text + "\" is not a number");
        }
    }

    private static StatusException forbidden(String why) {
        return invalid("Forbidden: " + why, "resourceVersionMatch", "FieldValueForbidden");
    }

    private static StatusException invalid(String message, String field, String reason) {
        return Errors.invalid(
                "meta.k8s.io", "ListOptions", "", List.of(new StatusException.Cause(reason, message, field)));
    }
}
