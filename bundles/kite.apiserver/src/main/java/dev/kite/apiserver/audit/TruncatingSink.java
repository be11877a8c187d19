package dev.kite.apiserver.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.metrics.AuditMetrics;
import dev.kite.apiserver.storage.Trees;
import java.util.ArrayList;
import java.util.List;

/** Keeps events and batches within bounds: an event that is too large goes without its objects, or not at all. */
final class TruncatingSink implements AuditSink {
    private static final String ANNOTATION = "audit.k8s.io/truncated";

    private final AuditSink target;
    private final Limits limits;
    private final AuditMetrics metrics;

    /**
     * Bounds, in bytes of JSON.
     *
     * @param batch of a batch
     * @param event of an event
     */
    record Limits(long batch, long event) {}

    TruncatingSink(AuditSink target, Limits limits, AuditMetrics metrics) {
        this.target = target;
        this.limits = limits;
        this.metrics = metrics;
    }

    @Override
    public boolean accept(ObjectNode event) {
        return acceptAll(List.of(event));
    }

    @Override
    public boolean acceptAll(List<ObjectNode> events) {
        List<ObjectNode> batch = new ArrayList<>();
        long size = 0;
        boolean all = true;
        for (ObjectNode event : events) {
            ObjectNode told = event;
            long length = size(told);
            if (length > limits.event()) {
                told = truncated(event);
                length = size(told);
            }
            if (length > limits.event()) {
                metrics.lost("truncate", 1);
                all = false;
                continue;
            }
            if (size + length > limits.batch() && !batch.isEmpty()) {
                all &= target.acceptAll(batch);
                batch = new ArrayList<>();
                size = 0;
            }
            batch.add(told);
            size += length;
        }
        return (batch.isEmpty() || target.acceptAll(batch)) && all;
    }

    private static long size(ObjectNode event) {
        return Trees.write(event).length;
    }

    private static ObjectNode truncated(ObjectNode event) {
        ObjectNode shorter = event.objectNode();
        shorter.setAll(event);
        shorter.remove(List.of("requestObject", "responseObject"));
        ObjectNode annotations =
                event.get("annotations") instanceof ObjectNode given ? given.deepCopy() : event.objectNode();
        shorter.set("annotations", annotations.put(ANNOTATION, "true"));
        return shorter;
    }

    @Override
    public void close() {
        target.close();
    }
}
