package dev.kite.security.webhook;

import dev.kite.api.metrics.CounterFamily;
import dev.kite.api.metrics.HistogramFamily;
import dev.kite.api.metrics.Metric;
import dev.kite.api.metrics.MetricFamily;
import java.util.List;

/** What authorization webhooks took, and what their conditions kept from them. Thread-safe; outlives a reload of the configuration. */
final class WebhookMetrics {
    private static final String TYPE = "Webhook";

    private final CounterFamily evaluations = new CounterFamily(Metric.alpha(
            "apiserver_authorization_webhook_evaluations_total",
            "Questions to authorization webhooks, by how they ended.",
            "name",
            "result"));
    private final HistogramFamily durations = HistogramFamily.seconds(
            Metric.alpha(
                    "apiserver_authorization_webhook_duration_seconds",
                    "How long authorization webhooks took, in seconds.",
                    "name",
                    "result"),
            0.005,
            0.01,
            0.025,
            0.05,
            0.1,
            0.25,
            0.5,
            1,
            2.5,
            5,
            10);
    private final CounterFamily failOpen = new CounterFamily(Metric.alpha(
            "apiserver_authorization_webhook_evaluations_fail_open_total",
            "Failures of authorization webhooks that left the decision to others.",
            "name",
            "result"));
    private final CounterFamily exclusions = new CounterFamily(Metric.alpha(
            "apiserver_authorization_match_condition_exclusions_total",
            "Requests that a match condition kept from an authorizer.",
            "type",
            "name"));
    private final CounterFamily errors = new CounterFamily(Metric.alpha(
            "apiserver_authorization_match_condition_evaluation_errors_total",
            "Match conditions that could not be evaluated.",
            "type",
            "name"));
    private final HistogramFamily conditions = HistogramFamily.seconds(
            Metric.alpha(
                    "apiserver_authorization_match_condition_evaluation_seconds",
                    "How long an authorizer's match conditions took, in seconds.",
                    "type",
                    "name"),
            0.001,
            0.005,
            0.01,
            0.025,
            0.1,
            0.2,
            0.25);

    void asked(String name, String result, long nanos) {
        evaluations.with(name, result).increment();
        durations.with(name, result).record(nanos);
    }

    void failedOpen(String name, String result) {
        failOpen.with(name, result).increment();
    }

    void conditions(String name, boolean held, boolean failed, long nanos) {
        conditions.with(TYPE, name).record(nanos);
        if (failed) {
            errors.with(TYPE, name).increment();
        } else if (!held) {
            exclusions.with(TYPE, name).increment();
        }
    }

    List<MetricFamily> families() {
        return List.of(evaluations, durations, failOpen, exclusions, errors, conditions);
    }
}
