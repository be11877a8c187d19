package dev.kite.api.metrics;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What all sources tell at one scrape: families by name, their series by labels. Made by one thread; immutable once made. */
public final class GatheredMetrics {
    private final List<Family> families;

    /**
     * A family as it is told.
     *
     * @param metric what is measured
     * @param kind its kind
     * @param series its series, in the order of their labels
     */
    record Family(Metric metric, MetricFamily.Kind kind, List<Series> series) {
        /** Labels as they are told: in the order of their names. */
        int[] order() {
            List<String> labels = metric.labels();
            return IntStream.range(0, labels.size())
                    .boxed()
                    .sorted(Comparator.comparing(labels::get))
                    .mapToInt(Integer::intValue)
                    .toArray();
        }
    }

    /**
     * A series.
     *
     * @param labels its labels' values
     * @param value a counter's or gauge's value, a histogram's sum
     * @param bounds a histogram's upper bounds, null for others
     * @param counts a histogram's counts
     */
    record Series(List<String> labels, double value, double @Nullable [] bounds, long[] counts) {}

    private GatheredMetrics(List<Family> families) {
        this.families = families;
    }

    /**
     * Asks all sources.
     *
     * @param sources the sources
     * @return what they tell; families without series are left out
     */
    public static GatheredMetrics of(Collection<? extends MetricSource> sources) {
        Map<String, Family> byName = new TreeMap<>();
        for (MetricSource source : sources) {
            for (MetricFamily family : source.metrics()) {
                Family into = byName.computeIfAbsent(
                        family.metric().name(), _ -> new Family(family.metric(), family.kind(), new ArrayList<>()));
                if (into.kind() == family.kind()
                        && into.metric().labels().equals(family.metric().labels())) {
                    family.collect(new Collector(into.series()));
                }
            }
        }
        List<Family> told = new ArrayList<>(byName.size());
        for (Family family : byName.values()) {
            if (!family.series().isEmpty()) {
                family.series().sort(byLabels(family.order()));
                told.add(family);
            }
        }
        return new GatheredMetrics(List.copyOf(told));
    }

    private static Comparator<Series> byLabels(int[] order) {
        return (one, other) -> {
            for (int at : order) {
                int compared = one.labels().get(at).compareTo(other.labels().get(at));
                if (compared != 0) {
                    return compared;
                }
            }
            return 0;
        };
    }

    /** @return the families, by name */
    List<Family> families() {
        return families;
    }

    private record Collector(List<Series> into) implements MetricFamily.Visitor {
        private static final long[] NONE = {};

        @Override
        public void value(List<String> labels, double value) {
            into.add(new Series(labels, value, null, NONE));
        }

        @Override
        public void histogram(List<String> labels, double[] bounds, long[] counts, double sum) {
            into.add(new Series(labels, sum, bounds, counts));
        }
    }
}
