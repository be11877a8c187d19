package dev.kite.api.metrics;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes Prometheus' and OpenMetrics' text formats. Numbers are as Go's shortest form has them. Used once, by one thread. */
final class TextForm {
    /** From this many digits before the point on, Go's shortest form has an exponent. */
    private static final int PLAIN_DIGITS = 6;

    private final OutputStream out;
    private final boolean open;
    private final StringBuilder text = new StringBuilder(8 * 1024);

    TextForm(OutputStream out, boolean open) {
        this.out = out;
        this.open = open;
    }

    void write(GatheredMetrics metrics) throws IOException {
        for (GatheredMetrics.Family family : metrics.families()) {
            head(family);
            int[] order = family.order();
            for (GatheredMetrics.Series series : family.series()) {
                series(family, order, series);
                if (text.length() > 7 * 1024) {
                    drain();
                }
            }
        }
        if (open) {
            text.append("# EOF\n");
        }
        drain();
    }

    private void drain() throws IOException {
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        text.setLength(0);
    }

    private void head(GatheredMetrics.Family family) {
        String name = family.metric().name();
        String type = family.kind().name().toLowerCase(Locale.ROOT);
        if (open && family.kind() == MetricFamily.Kind.COUNTER) {
            if (name.endsWith("_total")) {
                name = name.substring(0, name.length() - "_total".length());
            } else {
                type = "unknown";
            }
        }
        text.append("# HELP ").append(name).append(' ');
        escape(family.metric().markedHelp(), open);
        text.append("\n# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private void series(GatheredMetrics.Family family, int[] order, GatheredMetrics.Series series) {
        String name = family.metric().name();
        double[] bounds = series.bounds();
        if (bounds == null) {
            line(name, "", family, order, series, null);
            text.append(shortest(series.value()));
            text.append('\n');
            return;
        }
        long count = 0;
        for (int at = 0; at <= bounds.length; at++) {
            count += series.counts()[at];
            line(name, "_bucket", family, order, series, bound(bounds, at));
            text.append(count).append('\n');
        }
        line(name, "_sum", family, order, series, null);
        text.append(shortest(series.value()));
        text.append('\n');
        line(name, "_count", family, order, series, null);
        text.append(count).append('\n');
    }

    private String bound(double[] bounds, int at) {
        if (at == bounds.length) {
            return "+Inf";
        }
        String shortest = shortest(bounds[at]);
        return open && shortest.matches("-?[0-9]+") ? shortest + ".0" : shortest;
    }

    private void line(
            String name,
            String suffix,
            GatheredMetrics.Family family,
            int[] order,
            GatheredMetrics.Series series,
            @Nullable String bound) {
        text.append(name).append(suffix);
        List<String> labels = family.metric().labels();
        char before = '{';
        for (int at : order) {
            text.append(before).append(labels.get(at)).append("=\"");
            escape(series.labels().get(at), true);
            text.append('"');
            before = ',';
        }
        if (bound != null) {
            text.append(before).append("le=\"").append(bound).append('"');
            before = ',';
        }
        text.append(before == '{' ? " " : "} ");
    }

    private void escape(String value, boolean quotes) {
        for (int at = 0; at < value.length(); at++) {
            char c = value.charAt(at);
            switch (c) {
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '"' -> text.append(quotes ? "\\\"" : "\"");
                default -> text.append(c);
            }
        }
    }

    /** The fewest digits that read back as the same number; with an exponent below 1e-4 and from 1e6 on. */
    static String shortest(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        if (value == 0) {
            return "0";
        }
        BigDecimal exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        String digits = exact.unscaledValue().abs().toString();
        int exponent = digits.length() - exact.scale() - 1;
        if (exponent >= -4 && exponent < PLAIN_DIGITS) {
            return exact.toPlainString();
        }
        String sign = value < 0 ? "-" : "";
        String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
        String power = Math.abs(exponent) < 10 ? "0" + Math.abs(exponent) : Integer.toString(Math.abs(exponent));
        return sign + digits.charAt(0) + fraction + "e" + (exponent < 0 ? "-" : "+") + power;
    }
}
