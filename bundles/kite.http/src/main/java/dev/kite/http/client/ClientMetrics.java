package dev.kite.http.client;

import dev.kite.api.metrics.CounterFamily;
import dev.kite.api.metrics.HistogramFamily;
import dev.kite.api.metrics.Metric;
import dev.kite.api.metrics.MetricFamily;
import java.util.List;

/** What requests to other servers took, under client-go's names. Thread-safe. */
final class ClientMetrics {
    private final CounterFamily requests = new CounterFamily(Metric.alpha(
            "rest_client_requests_total",
            "Requests to other servers, by the code of their answers.",
            "code",
            "method",
            "host"));
    private final HistogramFamily durations = HistogramFamily.seconds(
            Metric.alpha(
                    "rest_client_request_duration_seconds",
                    "How long other servers took until they began to answer, in seconds.",
                    "verb",
                    "host"),
            0.005,
            0.025,
            0.1,
            0.25,
            0.5,
            1,
            2,
            4,
            8,
            15,
            30,
            60);

    void answered(String method, String host, String code, long nanos) {
        requests.with(code, method, host).increment();
        durations.with(method, host).record(nanos);
    }

    List<MetricFamily> families() {
        return List.of(requests, durations);
    }
}
