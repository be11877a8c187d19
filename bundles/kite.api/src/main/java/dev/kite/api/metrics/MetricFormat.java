package dev.kite.api.metrics;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Forms in which metrics are told. */
public enum MetricFormat {
    /** Prometheus' text format. */
    TEXT("text/plain; version=0.0.4; charset=utf-8; escaping=underscores"),
    /** OpenMetrics' text format. Counters whose names lack {@code _total} are told as unknown there, so that they keep their names. */
    OPEN_METRICS("application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores"),
    /** Prometheus' protocol buffers, each with its length before it. */
    PROTOBUF(
            "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited; escaping=underscores");

    private final String contentType;

    MetricFormat(String contentType) {
        this.contentType = contentType;
    }

    /** @return the body's media type */
    public String contentType() {
        return contentType;
    }

    /**
     * The form that a client takes. kube-apiserver never speaks OpenMetrics, so a client that takes text as well gets text, and
     * the names that it knows.
     *
     * @param accept the Accept field, null for none
     * @return the form
     */
    public static MetricFormat accepted(@Nullable String accept) {
        if (accept == null) {
            return TEXT;
        }
        MetricFormat best = null;
        double weight = 0;
        boolean open = false;
        for (String one : accept.toLowerCase(Locale.ROOT).split(",")) {
            String[] parts = one.strip().split(";", -1);
            MetricFormat form = form(parts);
            double q = quality(parts);
            if (form == OPEN_METRICS) {
                open |= q > 0;
            } else if (form != null && q > weight) {
                best = form;
                weight = q;
            }
        }
        if (best != null) {
            return best;
        }
        return open ? OPEN_METRICS : TEXT;
    }

    private static @Nullable MetricFormat form(String[] parts) {
        return switch (parts[0].strip()) {
            case "text/plain", "text/*", "*/*" -> TEXT;
            case "application/openmetrics-text" -> OPEN_METRICS;
            case "application/vnd.google.protobuf" ->
                has(parts, "proto=io.prometheus.client.metricfamily") && has(parts, "encoding=delimited")
                        ? PROTOBUF
                        : null;
            default -> null;
        };
    }

    private static boolean has(String[] parts, String parameter) {
        for (String part : parts) {
            if (part.strip().replace("\"", "").equals(parameter)) {
                return true;
            }
        }
        return false;
    }

    private static double quality(String[] parts) {
        for (String part : parts) {
            String text = part.strip();
            if (text.startsWith("q=")) {
                try {
                    return Double.parseDouble(text.substring(2));
                } catch (NumberFormatException _) {
                    return 0;
                }
            }
        }
        return 1;
    }

    /**
     * Writes metrics in this form.
     *
     * @param metrics the metrics
     * @param out where to; neither flushed nor closed
     * @throws IOException if it cannot be written
     */
    public void write(GatheredMetrics metrics, OutputStream out) throws IOException {
        switch (this) {
            case TEXT -> new TextForm(out, false).write(metrics);
            case OPEN_METRICS -> new TextForm(out, true).write(metrics);
            case PROTOBUF -> new ProtoForm(out).write(metrics);
        }
    }
}
