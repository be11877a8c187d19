package dev.kite.apiserver.request;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.kite.api.http.QueryParameters;
import java.util.ArrayList;
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
    private static final String MATCH = "resourceVersionMatch";
    private static final String NOT_OLDER = "NotOlderThan";

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
                (int) Math.min(Integer.MAX_VALUE, Math.max(0, number(query.first("limit", "")))),
                query.first("continue", ""),
                timeout.isEmpty() ? null : (int) Math.min(Integer.MAX_VALUE, number(timeout)),
                query.flag("allowWatchBookmarks"),
                initial.isEmpty() ? null : query.flag("sendInitialEvents"),
                watch);
        options.check();
        return options;
    }

    private void check() {
        List<StatusException.Cause> wrong = new ArrayList<>();
        if (watch) {
            checkWatch(wrong);
        } else {
            checkList(wrong);
        }
        if (!wrong.isEmpty()) {
            throw Errors.invalid("meta.k8s.io", "ListOptions", "", wrong);
        }
    }

    private void checkList(List<StatusException.Cause> wrong) {
        if (!match.isEmpty()) {
            if (resourceVersion.isEmpty()) {
                wrong.add(forbidden(MATCH, "resourceVersionMatch is forbidden unless resourceVersion is provided"));
            }
            if (!continueToken.isEmpty()) {
                wrong.add(forbidden(MATCH, "resourceVersionMatch is forbidden when continue is provided"));
            }
            if (!match.equals("Exact") && !match.equals(NOT_OLDER)) {
                wrong.add(unsupported("\"Exact\", \"NotOlderThan\", \"\""));
            }
            if (match.equals("Exact") && resourceVersion.equals("0")) {
                wrong.add(forbidden(MATCH, "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""));
            }
        }
        if (sendInitialEvents != null) {
            wrong.add(forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"));
        }
    }

    private void checkWatch(List<StatusException.Cause> wrong) {
        if (sendInitialEvents != null && !match.equals(NOT_OLDER)) {
            wrong.add(forbidden(MATCH, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"));
        }
        if (match.isEmpty()) {
            return;
        }
        if (sendInitialEvents == null) {
            wrong.add(forbidden(
                    MATCH, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"));
        }
        if (!match.equals(NOT_OLDER)) {
            wrong.add(unsupported("\"NotOlderThan\""));
        }
        if (!continueToken.isEmpty()) {
            wrong.add(forbidden(MATCH, "resourceVersionMatch is forbidden when continue is provided"));
        }
    }

    /** @return whether a watch starts with what there is: where it says so, or by tradition where it names no revision to start from */
    public boolean initialEvents() {
        return sendInitialEvents == null ? resourceVersion.isEmpty() || resourceVersion.equals("0") : sendInitialEvents;
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
        if (text.isEmpty() || text.equals("0")) {
            return 0;
        }
        StringBuilder digits = new StringBuilder(text.length());
        text.codePoints().filter(c -> c >= '0' && c <= '9').forEach(digits::appendCodePoint);
        if (digits.length() != text.length()) {
            throw Errors.badRequest("invalid resource version: resourceVersion: Invalid value: " + quote(text)
                    + ": strconv.ParseUint: parsing " + quote(text) + ": invalid syntax");
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException _) {
            // Unsigned upstream, and never that far: as good as a revision that is not there yet.
            return Long.MAX_VALUE;
        }
    }

    private static long number(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException _) {
            throw Errors.badRequest("strconv.ParseInt: parsing " + quote(text) + ": invalid syntax");
        }
    }

    private static String quote(String text) {
        return TextNode.valueOf(text).toString();
    }

    private static StatusException.Cause forbidden(String field, String why) {
        return new StatusException.Cause("FieldValueForbidden", "Forbidden: " + why, field);
    }

    private StatusException.Cause unsupported(String supported) {
        return new StatusException.Cause(
                "FieldValueNotSupported",
                "Unsupported value: " + quote(match) + ": supported values: " + supported,
                MATCH);
    }
}
