package dev.kite.api.metrics;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes io.prometheus.client.MetricFamily messages, each with its length before it. Field numbers: MetricFamily name 1, help 2, type
 * 3, metric 4; Metric label 1, gauge 2, counter 3, histogram 7; LabelPair name 1, value 2; Histogram count 1, sum 2, bucket 3; Bucket
 * count 1, bound 2. Used once, by one thread.
 */
final class ProtoForm {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;

    private final OutputStream out;

    ProtoForm(OutputStream out) {
        this.out = out;
    }

    void write(GatheredMetrics metrics) throws IOException {
        for (GatheredMetrics.Family family : metrics.families()) {
            Message message = new Message();
            message.text(1, family.metric().name());
            message.text(2, family.metric().markedHelp());
            message.number(
                    3,
                    switch (family.kind()) {
                        case COUNTER -> 0;
                        case GAUGE -> 1;
                        case HISTOGRAM -> 4;
                    });
            int[] order = family.order();
            for (GatheredMetrics.Series series : family.series()) {
                message.message(4, metric(family, order, series));
            }
            Message length = new Message();
            length.varint(message.size());
            length.writeTo(out);
            message.writeTo(out);
        }
    }

    private static Message metric(GatheredMetrics.Family family, int[] order, GatheredMetrics.Series series) {
        Message metric = new Message();
        List<String> labels = family.metric().labels();
        for (int at : order) {
            Message label = new Message();
            label.text(1, labels.get(at));
            label.text(2, series.labels().get(at));
            metric.message(1, label);
        }
        double[] bounds = series.bounds();
        if (bounds == null) {
            Message value = new Message();
            value.real(1, series.value());
            metric.message(family.kind() == MetricFamily.Kind.COUNTER ? 3 : 2, value);
        } else {
            metric.message(7, histogram(bounds, series));
        }
        return metric;
    }

    private static Message histogram(double[] bounds, GatheredMetrics.Series series) {
        Message buckets = new Message();
        long count = 0;
        for (int at = 0; at <= bounds.length; at++) {
            count += series.counts()[at];
            if (at < bounds.length) {
                Message bucket = new Message();
                bucket.number(1, count);
                bucket.real(2, bounds[at]);
                buckets.message(3, bucket);
            }
        }
        Message histogram = new Message();
        histogram.number(1, count);
        histogram.real(2, series.value());
        histogram.writeBytes(buckets.toByteArray());
        return histogram;
    }

    private static final class Message extends ByteArrayOutputStream {
        void varint(long value) {
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                write((int) ((rest & 0x7f) | 0x80));
                rest >>>= 7;
            }
            write((int) rest);
        }

        void number(int field, long value) {
            varint((long) field << 3 | VARINT);
            varint(value);
        }

        void real(int field, double value) {
            varint((long) field << 3 | FIXED64);
            long bits = Double.doubleToRawLongBits(value);
            for (int at = 0; at < Long.BYTES; at++) {
                write((int) (bits >>> (8 * at)));
            }
        }

        void text(int field, String value) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            varint((long) field << 3 | BYTES);
            varint(bytes.length);
            writeBytes(bytes);
        }

        void message(int field, Message value) {
            varint((long) field << 3 | BYTES);
            varint(value.size());
            writeBytes(value.toByteArray());
        }
    }
}
