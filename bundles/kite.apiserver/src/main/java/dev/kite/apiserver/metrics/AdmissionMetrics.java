package dev.kite.apiserver.metrics;

import dev.kite.api.metrics.CounterFamily;
import dev.kite.api.metrics.HistogramFamily;
import dev.kite.api.metrics.Metric;
import dev.kite.api.metrics.MetricFamily;
import dev.kite.api.metrics.MetricSource;
import java.util.Collection;
import java.util.List;

/** What admission took and refused: as a whole, by plugin and by webhook. Thread-safe. */
public final class AdmissionMetrics implements MetricSource {
    private static final double[] BOUNDS = {0.005, 0.025, 0.1, 0.5, 1, 2.5};
    private static final double[] WEBHOOK_BOUNDS = {0.005, 0.025, 0.1, 0.5, 1, 2.5, 10, 25};

    /** Why a webhook's word refused a write. */
    public enum Cause {
        /** It could not be asked, and a failure refuses. */
        CALLING_WEBHOOK_ERROR,
        /** This server could not ask it. */
        APISERVER_INTERNAL_ERROR,
        /** It said no. */
        NO_ERROR;

        private final String word = name().toLowerCase(java.util.Locale.ROOT);
    }

    private final HistogramFamily steps = HistogramFamily.seconds(
            Metric.stable(
                    "apiserver_admission_step_admission_duration_seconds",
                    "How long all of admission took, in seconds, by step and operation and by whether it refused.",
                    "type",
                    "operation",
                    "rejected"),
            BOUNDS);
    private final HistogramFamily plugins = HistogramFamily.seconds(
            Metric.stable(
                    "apiserver_admission_controller_admission_duration_seconds",
                    "How long each admission plugin took, in seconds, by operation and by whether it refused.",
                    "name",
                    "type",
                    "operation",
                    "rejected"),
            BOUNDS);
    private final HistogramFamily webhooks = HistogramFamily.seconds(
            Metric.stable(
                    "apiserver_admission_webhook_admission_duration_seconds",
                    "How long each admission webhook took, in seconds, by operation and by whether it refused.",
                    "name",
                    "type",
                    "operation",
                    "rejected"),
            WEBHOOK_BOUNDS);
    private final CounterFamily requests = new CounterFamily(Metric.alpha(
            "apiserver_admission_webhook_request_total",
            "Requests to admission webhooks, by the code of their answers.",
            "name",
            "type",
            "operation",
            "code",
            "rejected"));
    private final CounterFamily rejections = new CounterFamily(Metric.alpha(
            "apiserver_admission_webhook_rejection_count",
            "Writes that a webhook refused, or that were refused because it failed.",
            "name",
            "type",
            "operation",
            "error_type",
            "rejection_code"));
    private final CounterFamily passedOver = new CounterFamily(Metric.alpha(
            "apiserver_admission_webhook_fail_open_count",
            "Webhooks that failed and were passed over, as they ask for.",
            "name",
            "type"));

    /** None yet. */
    public AdmissionMetrics() {}

    /**
     * Notes what a step took.
     *
     * @param type admit or validate
     * @param operation the operation
     * @param rejected whether it refused the write
     * @param nanos how long it took
     */
    public void step(String type, String operation, boolean rejected, long nanos) {
        steps.with(type, operation, rejected ? "true" : "false").record(nanos);
    }

    /**
     * Notes what a plugin took.
     *
     * @param name the plugin
     * @param type admit or validate
     * @param operation the operation
     * @param rejected whether it refused the write
     * @param nanos how long it took
     */
    public void plugin(String name, String type, String operation, boolean rejected, long nanos) {
        plugins.with(name, type, operation, rejected ? "true" : "false").record(nanos);
    }

    /**
     * Notes what a webhook took.
     *
     * @param name the webhook
     * @param mutating whether it changes writes
     * @param operation the operation
     * @param code the code of the outcome, 200 where it passed
     * @param rejected whether the write was refused
     * @param nanos how long it took
     */
    public void webhook(String name, boolean mutating, String operation, int code, boolean rejected, long nanos) {
        String type = type(mutating);
        String refused = rejected ? "true" : "false";
        webhooks.with(name, type, operation, refused).record(nanos);
        requests.with(name, type, operation, Labels.code(code), refused).increment();
    }

    /**
     * Notes that a webhook's word, or its failure, refused a write.
     *
     * @param name the webhook
     * @param mutating whether it changes writes
     * @param operation the operation
     * @param cause why
     * @param code the code of the refusal; upstream tells none above 600
     */
    public void refused(String name, boolean mutating, String operation, Cause cause, int code) {
        rejections
                .with(name, type(mutating), operation, cause.word, Labels.code(Math.min(code, 600)))
                .increment();
    }

    /**
     * Notes that a webhook failed and was passed over.
     *
     * @param name the webhook
     * @param mutating whether it changes writes
     */
    public void passedOver(String name, boolean mutating) {
        passedOver.with(name, type(mutating)).increment();
    }

    private static String type(boolean mutating) {
        return mutating ? "admit" : "validating";
    }

    @Override
    public Collection<? extends MetricFamily> metrics() {
        return List.of(steps, plugins, webhooks, requests, rejections, passedOver);
    }
}
