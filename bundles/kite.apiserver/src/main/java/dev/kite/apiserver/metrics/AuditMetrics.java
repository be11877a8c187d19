package dev.kite.apiserver.metrics;

import dev.kite.api.metrics.CounterFamily;
import dev.kite.api.metrics.Metric;
import dev.kite.api.metrics.MetricFamily;
import dev.kite.api.metrics.MetricSource;
import java.util.Collection;
import java.util.List;

/** What was audited and what of it was lost. Thread-safe. */
public final class AuditMetrics implements MetricSource {
    private final CounterFamily events =
            new CounterFamily(Metric.alpha("apiserver_audit_event_total", "Audit events that were made."));
    private final CounterFamily errors = new CounterFamily(
            Metric.alpha("apiserver_audit_error_total", "Audit events that could not be handed on.", "plugin"));
    private final CounterFamily levels = new CounterFamily(
            Metric.alpha("apiserver_audit_level_total", "Requests by how much of them is audited.", "level"));
    private final CounterFamily rejected = new CounterFamily(Metric.alpha(
            "apiserver_audit_requests_rejected_total",
            "Requests that were refused because they could not be audited."));

    /** Nothing yet. */
    public AuditMetrics() {}

    /** Counts an event. */
    public void event() {
        events.with().increment();
    }

    /**
     * Counts lost events.
     *
     * @param plugin what lost them
     * @param count how many
     */
    public void lost(String plugin, int count) {
        errors.with(plugin).add(count);
    }

    /**
     * Counts a request's level.
     *
     * @param level the level
     */
    public void level(String level) {
        levels.with(level).increment();
    }

    /** Counts a request that was refused. */
    public void rejected() {
        rejected.with().increment();
    }

    @Override
    public Collection<? extends MetricFamily> metrics() {
        return List.of(events, errors, levels, rejected);
    }
}
