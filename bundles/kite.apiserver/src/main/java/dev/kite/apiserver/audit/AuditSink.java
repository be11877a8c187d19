package dev.kite.apiserver.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Takes events. Thread-safe. */
interface AuditSink extends AutoCloseable {
    /**
     * Takes an event.
     *
     * @return whether it was taken; false where it is lost
     */
    boolean accept(ObjectNode event);

    @Override
    void close();
}
