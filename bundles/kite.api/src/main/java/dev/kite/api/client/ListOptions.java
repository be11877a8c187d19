package dev.kite.api.client;

/**
 * What a list or watch asks for (meta.v1 ListOptions). Empty strings and 0 mean not set. Immutable.
 *
 * @param labelSelector for example {@code app=web,tier!=db}
 * @param fieldSelector for example {@code spec.nodeName=n1}
 * @param resourceVersion where to start or how fresh
 * @param resourceVersionMatch Exact or NotOlderThan
 * @param limit how many at most
 * @param continueToken the next page
 * @param allowBookmarks whether a watch sends bookmarks
 * @param sendInitialEvents whether a watch starts with what is there
 * @param timeoutSeconds when the server ends a watch
 */
public record ListOptions(
        String labelSelector,
        String fieldSelector,
        String resourceVersion,
        String resourceVersionMatch,
        int limit,
        String continueToken,
        boolean allowBookmarks,
        boolean sendInitialEvents,
        int timeoutSeconds) {
    /** All, consistent. */
    public static final ListOptions ALL = new ListOptions("", "", "", "", 0, "", false, false, 0);

    /**
     * Those with labels.
     *
     * @param selector the selector
     * @return options
     */
    public static ListOptions labels(String selector) {
        return new ListOptions(selector, "", "", "", 0, "", false, false, 0);
    }

    /**
     * Those with fields.
     *
     * @param selector the selector
     * @return options
     */
    public static ListOptions fields(String selector) {
        return new ListOptions("", selector, "", "", 0, "", false, false, 0);
    }

    /**
     * A watch of the same objects with bookmarks.
     *
     * @param version the resourceVersion to start after
     * @return options
     */
    public ListOptions watchFrom(String version) {
        return new ListOptions(labelSelector, fieldSelector, version, "", 0, "", true, false, timeoutSeconds);
    }

    /**
     * The same, ended by the server after some time.
     *
     * @param seconds how long
     * @return options
     */
    public ListOptions endingAfter(int seconds) {
        return new ListOptions(
                labelSelector,
                fieldSelector,
                resourceVersion,
                resourceVersionMatch,
                limit,
                continueToken,
                allowBookmarks,
                sendInitialEvents,
                seconds);
    }

    /**
     * A page of the same list.
     *
     * @param size how many at most
     * @param token the page before's continue token, empty for the first page
     * @return options
     */
    public ListOptions page(int size, String token) {
        return new ListOptions(
                labelSelector,
                fieldSelector,
                token.isEmpty() ? resourceVersion : "",
                token.isEmpty() ? resourceVersionMatch : "",
                size,
                token,
                false,
                false,
                timeoutSeconds);
    }
}
