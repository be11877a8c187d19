package dev.kite.api.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How metrics are told. */
class MetricFormatTest {
    private final CounterFamily hits = new CounterFamily(Metric.stable("hits_total", "Hits.", "verb", "code"));
    private final CounterFamily attempts = new CounterFamily(Metric.alpha("attempts", "Tries\\of\n\"all\".", "result"));
    private final HistogramFamily times = HistogramFamily.seconds(Metric.own("times_seconds", "Times."), 0.005, 1, 1e6);

    private String told(MetricFormat form) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        form.write(GatheredMetrics.of(List.of(() -> List.of(times, hits, attempts))), out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void textHasFamiliesByNameSeriesByLabelAndLabelsByName() throws IOException {
        hits.with("PUT", "200").increment();
        hits.with("GET", "404").add(2);
        hits.with("GET", "200").add(1_500_000);
        attempts.with("a\"b\\c\nd").increment();
        times.with().record(5_000_000);
        times.with().record(2_500_000_000L);
        assertThat(told(MetricFormat.TEXT)).isEqualTo("""
                        # HELP attempts [ALPHA] Tries\\\\of\\n"all".
                        # TYPE attempts counter
                        attempts{result="a\\"b\\\\c\\nd"} 1
                        # HELP hits_total [STABLE] Hits.
                        # TYPE hits_total counter
                        hits_total{code="200",verb="GET"} 1.5e+06
                        hits_total{code="200",verb="PUT"} 1
                        hits_total{code="404",verb="GET"} 2
                        # HELP times_seconds Times.
                        # TYPE times_seconds histogram
                        times_seconds_bucket{le="0.005"} 1
                        times_seconds_bucket{le="1"} 1
                        times_seconds_bucket{le="1e+06"} 2
                        times_seconds_bucket{le="+Inf"} 2
                        times_seconds_sum 2.505
                        times_seconds_count 2
                        """);
    }

    @Test
    void openMetricsKeepsTheNamesOfCounters() throws IOException {
        hits.with("GET", "200").increment();
        attempts.with("ok").increment();
        assertThat(told(MetricFormat.OPEN_METRICS))
                .contains("# TYPE hits counter\nhits_total{code=\"200\",verb=\"GET\"} 1\n")
                .contains("# TYPE attempts unknown\nattempts{result=\"ok\"} 1\n")
                .contains("times_seconds_bucket{le=\"1.0\"} 0\n")
                .endsWith("# EOF\n");
    }

    @Test
    void protocolBuffersAreDelimitedMessages() throws IOException {
        CounterFamily one = new CounterFamily(Metric.own("c", "h", "l"));
        one.with("v").increment();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        MetricFormat.PROTOBUF.write(GatheredMetrics.of(List.of(() -> List.of(one))), out);
        assertThat(out.toByteArray())
                .containsExactly(
                        29, 10, 1, 'c', 18, 1, 'h', 24, 0, 34, 19, 10, 6, 10, 1, 'l', 18, 1, 'v', 26, 9, 9, 0, 0, 0, 0,
                        0, 0, -16, 63);
    }

    @Test
    void whatHasNoSeriesIsNotToldButWhatHasNoLabelsIs() throws IOException {
        assertThat(told(MetricFormat.TEXT)).doesNotContain("hits", "attempts").contains("times_seconds_count 0\n");
    }

    @Test
    void familiesOfOneNameAreOne() throws IOException {
        CounterFamily other = new CounterFamily(Metric.stable("hits_total", "Hits.", "verb", "code"));
        hits.with("GET", "200").increment();
        other.with("PUT", "200").increment();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        MetricFormat.TEXT.write(GatheredMetrics.of(List.of(() -> List.of(hits), () -> List.of(other))), out);
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "# HELP hits_total [STABLE] Hits.",
                        "# TYPE hits_total counter",
                        "hits_total{code=\"200\",verb=\"GET\"} 1",
                        "hits_total{code=\"200\",verb=\"PUT\"} 1");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1",
        "-2.5, -2.5",
        "123456, 123456",
        "1000000, 1e+06",
        "1234567, 1.234567e+06",
        "1795552099.02, 1.79555209902e+09",
        "0.0001, 0.0001",
        "0.00005, 5e-05",
        "8.558999999999997e-06, 8.558999999999997e-06",
        "1.8446744073709552e19, 1.8446744073709552e+19",
        "NaN, NaN",
        "Infinity, +Inf",
        "-Infinity, -Inf"
    })
    void numbersAreGosShortest(double value, String text) {
        assertThat(TextForm.shortest(value)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "|TEXT",
                "*/*|TEXT",
                "text/html|TEXT",
                "application/openmetrics-text;version=1.0.0|OPEN_METRICS",
                "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.2|TEXT",
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited|PROTOBUF",
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.2,text/plain;q=0.9|TEXT",
                "application/vnd.google.protobuf;proto=other|TEXT",
                "text/plain;q=nonsense,;;;,application/openmetrics-text;q=0|TEXT"
            })
    void theFormIsTheOneThatIsAcceptedAndTextBeforeOpenMetrics(String accept, MetricFormat form) {
        assertThat(MetricFormat.accepted(accept)).isEqualTo(form);
    }
}
