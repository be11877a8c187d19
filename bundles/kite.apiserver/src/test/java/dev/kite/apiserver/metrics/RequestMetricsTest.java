package dev.kite.apiserver.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.api.metrics.MetricFamily;
import dev.kite.api.security.UserInfo;
import dev.kite.http.InProcessExchange;
import dev.kite.http.InProcessResponse;
import dev.kite.security.RequestInfo;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestMetricsTest {
    @Test
    void requestsThatWereTurnedAwayAreCountedByWhatTheyAskedFor() throws Exception {
        RequestMetrics metrics = new RequestMetrics();
        try (InProcessResponse answer = InProcessExchange.request("GET", "/api/v1/namespaces/a/pods/b")
                .user(UserInfo.of("alice"))
                .build()
                .send(exchange -> metrics.dropped(
                        exchange, RequestInfo.of(exchange.method(), exchange.path(), exchange.query())))) {
            assertThat(answer.status()).isEqualTo(200);
        }
        List<List<String>> counted = new ArrayList<>();
        for (MetricFamily family : metrics.metrics()) {
            if (family.metric().name().equals("apiserver_request_total")) {
                family.collect(new MetricFamily.Visitor() {
                    @Override
                    public void value(List<String> labels, double value) {
                        assertThat(value).isEqualTo(1);
                        counted.add(labels);
                    }

                    @Override
                    public void histogram(List<String> labels, double[] bounds, long[] counts, double sum) {
                        throw new AssertionError("a counter");
                    }
                });
            }
        }
        assertThat(counted).containsExactly(List.of("GET", "", "", "v1", "pods", "", "resource", "apiserver", "429"));
    }
}
