package dev.kite.apiserver.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Decides by a webhook's matchConditions, which are CEL. Thread-safe. */
@FunctionalInterface
public interface Conditions {
    /**
     * Decides.
     *
     * @param webhook the webhook, with conditions
     * @param seen the write in the version that the webhook sees
     * @return whether all conditions hold; false, too, where one can't be told and the webhook is to be ignored when it fails
     * @throws dev.kite.apiserver.request.StatusException if one can't be told, and that refuses the write
     */
    boolean hold(ObjectNode webhook, Seen seen);
}
