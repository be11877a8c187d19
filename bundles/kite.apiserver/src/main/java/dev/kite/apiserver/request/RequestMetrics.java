package dev.kite.apiserver.request;

import dev.kite.security.RequestInfo;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts requests and how long they took, under kube-apiserver's names. Thread-safe. */
public final class RequestMetrics {
    /** Upper bounds in seconds: a part of kube-apiserver's, enough for the usual percentiles. */
    private static final double[] BOUNDS = {0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 1, 2, 5, 10, 30, 60};

    private static final Set<String> VERBS = Set.of(
            "get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "post", "put", "head");

    private record Key(
            String verb, String group, String version, String resource, String subresource, String scope, int code) {}

    private record Timed(
            String verb, String group, String version, String resource, String subresource, String scope) {}

    private static final class Histogram {
        private final LongAdder[] buckets = new LongAdder[BOUNDS.length + 1];
        private final LongAdder nanos = new LongAdder();

        Histogram() {
            Arrays.setAll(buckets, _ -> new LongAdder());
        }

        void add(long took) {
            int at = 0;
            while (at < BOUNDS.length && took > BOUNDS[at] * 1e9) {
                at++;
            }
            buckets[at].increment();
            nanos.add(took);
        }
    }

    private final Map<Key, LongAdder> counts = new ConcurrentHashMap<>();
    private final Map<Timed, Histogram> times = new ConcurrentHashMap<>();
    private final LongAdder reading = new LongAdder();
    private final LongAdder mutating = new LongAdder();
    private final LongAdder watching = new LongAdder();

    /** None yet. */
    public RequestMetrics() {}

    /**
     * Notes that a request has begun.
     *
     * @param info what it asks for
     */
    void begin(RequestInfo info) {
        running(info).increment();
    }

    /**
     * Notes that a request has ended.
     *
     * @param info what it asked for
     * @param code the status code
     * @param nanos how long it took
     */
    void end(RequestInfo info, int code, long nanos) {
        running(info).decrement();
        String verb = VERBS.contains(info.verb()) ? info.verb().toUpperCase(Locale.ROOT) : "OTHER";
        String scope = !info.resourceRequest()
                ? ""
                : !info.name().isEmpty() ? "resource" : !info.namespace().isEmpty() ? "namespace" : "cluster";
        // A name that isn't served is a client's choice: it must not become a series of its own.
        boolean known = info.resourceRequest() && code != 404;
        String group = known ? info.apiGroup() : "";
        String version = known ? info.apiVersion() : "";
        String resource = known ? info.resource() : "";
        String subresource = known ? info.subresource() : "";
        counts.computeIfAbsent(new Key(verb, group, version, resource, subresource, scope, code), _ -> new LongAdder())
                .increment();
        if (!info.verb().equals("watch")) {
            times.computeIfAbsent(new Timed(verb, group, version, resource, subresource, scope), _ -> new Histogram())
                    .add(nanos);
        }
    }

    private LongAdder running(RequestInfo info) {
        return switch (info.verb()) {
            case "watch" -> watching;
            case "get", "list" -> reading;
            default -> mutating;
        };
    }

    /**
     * Writes what was counted.
     *
     * @param out where to, in Prometheus' text format
     */
    void write(StringBuilder out) {
        head(out, "apiserver_current_inflight_requests", "gauge", "requests that are being answered");
        line(out, "apiserver_current_inflight_requests", "request_kind=\"readOnly\"", reading.sum());
        line(out, "apiserver_current_inflight_requests", "request_kind=\"mutating\"", mutating.sum());
        head(out, "apiserver_longrunning_requests", "gauge", "watches that are running");
        line(out, "apiserver_longrunning_requests", "verb=\"WATCH\"", watching.sum());
        head(out, "apiserver_request_total", "counter", "requests by verb, resource and status code");
        counts.forEach((key, count) -> line(
                out,
                "apiserver_request_total",
                labels(key.verb(), key.group(), key.version(), key.resource(), key.subresource(), key.scope())
                        + ",code=\"" + key.code() + "\"",
                count.sum()));
        head(out, "apiserver_request_duration_seconds", "histogram", "how long requests took, but for watches");
        times.forEach((key, histogram) -> write(
                out,
                labels(key.verb(), key.group(), key.version(), key.resource(), key.subresource(), key.scope()),
                histogram));
    }

    private static void write(StringBuilder out, String labels, Histogram histogram) {
        long sum = 0;
        for (int i = 0; i < histogram.buckets.length; i++) {
            sum += histogram.buckets[i].sum();
            String bound = i < BOUNDS.length ? Double.toString(BOUNDS[i]) : "+Inf";
            line(out, "apiserver_request_duration_seconds_bucket", labels + ",le=\"" + bound + "\"", sum);
        }
        out.append("apiserver_request_duration_seconds_sum{")
                .append(labels)
                .append("} ")
                .append(histogram.nanos.sum() / 1e9)
                .append('\n');
        line(out, "apiserver_request_duration_seconds_count", labels, sum);
    }

    private static String labels(
            String verb, String group, String version, String resource, String subresource, String scope) {
        return "verb=\"" + escape(verb) + "\",group=\"" + escape(group) + "\",version=\"" + escape(version)
                + "\",resource=\"" + escape(resource) + "\",subresource=\"" + escape(subresource) + "\",scope=\""
                + scope
                + "\"";
    }

    private static String escape(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    /** Writes a metric's type and meaning. */
    static void head(StringBuilder out, String name, String type, String help) {
        out.append("# HELP ").append(name).append(' ').append(help).append('\n');
        out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    /** Writes a value; labels may be empty. */
    static void line(StringBuilder out, String name, String labels, long value) {
        out.append(name);
        if (!labels.isEmpty()) {
            out.append('{').append(labels).append('}');
        }
        out.append(' ').append(value).append('\n');
    }
}
