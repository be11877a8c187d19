package dev.kite.apiserver.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Asks a webhook. Thread-safe. */
@FunctionalInterface
public interface WebhookCaller {
    /** A webhook cannot be asked, or its answer cannot be read. */
    final class FailedException extends Exception {
        private static final long serialVersionUID = 1L;

        /**
         * Says why.
         *
         * @param message why
         */
        public FailedException(String message) {
            super(message);
        }
    }

    /**
     * Asks for an admission.
     *
     * @param webhook the webhook, as in its configuration
     * @param review an AdmissionReview with its request
     * @return an AdmissionReview with its response
     * @throws FailedException if there is no answer in time, or none that can be read
     */
    ObjectNode call(ObjectNode webhook, ObjectNode review) throws FailedException;

    /**
     * Asks for a conversion, which is given half a minute.
     *
     * @param name what to call the webhook
     * @param webhook the webhook, with its clientConfig as in its definition
     * @param review a ConversionReview with its request
     * @return what it answers
     * @throws FailedException if there is no answer in time, or none that can be read
     */
    default ObjectNode convert(String name, ObjectNode webhook, ObjectNode review) throws FailedException {
        return call(webhook, review);
    }
}
