package dev.kite.apiserver.metrics;

import dev.kite.api.metrics.Counter;
import dev.kite.api.metrics.CounterFamily;
import dev.kite.api.metrics.Histogram;
import dev.kite.api.metrics.HistogramFamily;
import dev.kite.api.metrics.Metric;
import dev.kite.api.metrics.MetricFamily;
import dev.kite.api.metrics.MetricSource;
import java.util.Collection;
import java.util.List;

/** What watches and lists gave out. Thread-safe. */
public final class WatchMetrics implements MetricSource {
    private final CounterFamily events = new CounterFamily(
            Metric.alpha("apiserver_watch_events_total", "Events that watches sent.", "group", "version", "resource"));
    private final HistogramFamily sizes = HistogramFamily.whole(
            Metric.alpha(
                    "apiserver_watch_events_sizes",
                    "Bytes of the events that watches sent.",
                    "group",
                    "version",
                    "resource"),
            1024,
            2048,
            4096,
            8192,
            16_384,
            32_768,
            65_536,
            131_072);
    private final CounterFamily initial = new CounterFamily(Metric.alpha(
            "apiserver_init_events_total",
            "Events of objects that were there when a watch began.",
            "group",
            "resource"));
    private final HistogramFamily lists = HistogramFamily.seconds(
            Metric.beta(
                    "apiserver_watch_list_duration_seconds",
                    "How long it took until a watch had sent all that was there.",
                    "group",
                    "version",
                    "resource",
                    "scope"),
            0.05,
            0.1,
            0.2,
            0.4,
            0.6,
            0.8,
            1,
            2,
            4,
            6,
            8,
            10,
            15,
            20,
            30,
            45,
            60);
    private final CounterFamily listed = new CounterFamily(Metric.alpha(
            "apiserver_cache_list_total", "Lists that were read from memory.", "group", "resource", "index"));
    private final CounterFamily fetched = new CounterFamily(Metric.alpha(
            "apiserver_cache_list_fetched_objects_total",
            "Objects that lists looked at.",
            "group",
            "resource",
            "index"));
    private final CounterFamily returned = new CounterFamily(Metric.alpha(
            "apiserver_cache_list_returned_objects_total", "Objects that lists returned.", "group", "resource"));

    /** A running watch's counts. */
    public final class Sent {
        private final Counter events;
        private final Histogram sizes;
        private final Counter initial;
        private final Histogram lists;

        private Sent(String group, String version, String resource, String scope) {
            events = WatchMetrics.this.events.with(group, version, resource);
            sizes = WatchMetrics.this.sizes.with(group, version, resource);
            initial = WatchMetrics.this.initial.with(group, resource);
            lists = WatchMetrics.this.lists.with(group, version, resource, scope);
        }

        /**
         * Counts an event.
         *
         * @param bytes its length
         */
        public void event(long bytes) {
            events.increment();
            sizes.record(bytes);
        }

        /**
         * Counts objects that were there at the start.
         *
         * @param count how many
         */
        public void initial(int count) {
            initial.add(count);
        }

        /**
         * Notes that all that was there is sent and said to be.
         *
         * @param nanos how long that took
         */
        public void complete(long nanos) {
            lists.record(nanos);
        }
    }

    /** None yet. */
    public WatchMetrics() {}

    /**
     * Begins to count a watch.
     *
     * @param group the resource's group
     * @param version its version
     * @param resource the resource
     * @param scope how much is watched
     * @return its counts
     */
    public Sent begin(String group, String version, String resource, String scope) {
        return new Sent(group, version, resource, scope);
    }

    /**
     * Counts a list.
     *
     * @param group the resource's group
     * @param resource the resource
     * @param looked how many objects it looked at
     * @param given how many it returned
     */
    public void list(String group, String resource, long looked, long given) {
        listed.with(group, resource, "").increment();
        fetched.with(group, resource, "").add(looked);
        returned.with(group, resource).add(given);
    }

    @Override
    public Collection<? extends MetricFamily> metrics() {
        return List.of(events, sizes, initial, lists, listed, fetched, returned);
    }
}
