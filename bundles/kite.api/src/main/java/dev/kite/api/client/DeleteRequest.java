package dev.kite.api.client;

import org.jspecify.annotations.Nullable;

/**
 * How to delete (meta.v1 DeleteOptions). Immutable.
 *
 * @param gracePeriodSeconds null for the kind's default
 * @param propagationPolicy Foreground, Background, Orphan, or empty for the kind's default
 * @param uid the object's uid must be this; empty for any
 * @param resourceVersion the object's resourceVersion must be this; empty for any
 */
public record DeleteRequest(
        @Nullable Long gracePeriodSeconds, String propagationPolicy, String uid, String resourceVersion) {
    /** By the kind's defaults. */
    public static final DeleteRequest DEFAULT = new DeleteRequest(null, "", "", "");

    /** In the background, with the kind's grace period. */
    public static final DeleteRequest BACKGROUND = new DeleteRequest(null, "Background", "", "");

    /** At once, without grace. */
    public static final DeleteRequest NOW = new DeleteRequest(0L, "Background", "", "");

    /**
     * The object of this uid only: another object of the same name is a conflict.
     *
     * @param wanted the uid
     * @return the request
     */
    public DeleteRequest only(String wanted) {
        return new DeleteRequest(gracePeriodSeconds, propagationPolicy, wanted, resourceVersion);
    }

    /**
     * The object in this state only: one that was changed since is a conflict.
     *
     * @param wanted the resourceVersion
     * @return the request
     */
    public DeleteRequest unchangedSince(String wanted) {
        return new DeleteRequest(gracePeriodSeconds, propagationPolicy, uid, wanted);
    }
}
