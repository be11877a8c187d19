package dev.kite.apiserver.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.metrics.AuditMetrics;
import java.util.List;

/** Hands each event to several, of which some must take it. */
record FanOut(List<Part> parts, AuditMetrics metrics) implements AuditSink {
    FanOut {
        parts = List.copyOf(parts);
    }

    /**
     * One who takes events.
     *
     * @param sink it
     * @param strict whether an event that it can't take is a failure of all
     */
    record Part(AuditSink sink, boolean strict) {}

    @Override
    public boolean accept(ObjectNode event) {
        metrics.event();
        boolean taken = true;
        for (Part part : parts) {
            taken &= part.sink().accept(event) || !part.strict();
        }
        return taken;
    }

    @Override
    public void close() {
        parts.forEach(part -> part.sink().close());
    }
}
