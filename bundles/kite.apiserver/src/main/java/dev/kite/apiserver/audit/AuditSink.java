package dev.kite.apiserver.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Takes events. Thread-safe. */
interface AuditSink extends AutoCloseable {
    /**
     * Takes an event.
     *
     * @return whether it was taken; false where it is lost
     */
    boolean accept(ObjectNode event);

    /**
     * Takes events together.
     *
     * @return whether all were taken
     */
    default boolean acceptAll(List<ObjectNode> events) {
        boolean all = true;
        for (ObjectNode event : events) {
            all &= accept(event);
        }
        return all;
    }

    @Override
    void close();
}
