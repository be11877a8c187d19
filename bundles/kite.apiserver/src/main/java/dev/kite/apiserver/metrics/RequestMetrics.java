package dev.kite.apiserver.metrics;

import dev.kite.api.http.HttpExchange;
import dev.kite.api.metrics.CounterFamily;
import dev.kite.api.metrics.GaugeFamily;
import dev.kite.api.metrics.HistogramFamily;
import dev.kite.api.metrics.Metric;
import dev.kite.api.metrics.MetricFamily;
import dev.kite.api.metrics.MetricSource;
import dev.kite.security.RequestInfo;
import java.util.Collection;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** What requests there were and how they went; a service, so that filters record into it as well. Thread-safe. */
@Component(service = {RequestMetrics.class, MetricSource.class})
public final class RequestMetrics implements MetricSource {
    /** Seconds a request may take, by which its duration is told. */
    private static final double[] DURATIONS = {
        0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60
    };

    /** The same from 50 ms on, where what others took isn't counted. */
    private static final double[] SERVICE_LEVELS = {
        0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60
    };

    private static final double[] SIZES = {1000, 10_000, 100_000, 1e6, 1e7, 1e8, 1e9};

    private final CounterFamily total = new CounterFamily(Metric.stable(
            "apiserver_request_total",
            "Requests that were answered, by what they asked for and the HTTP status code.",
            "verb",
            "dry_run",
            "group",
            "version",
            "resource",
            "subresource",
            "scope",
            "component",
            "code"));
    private final HistogramFamily durations = HistogramFamily.seconds(
            Metric.stable(
                    "apiserver_request_duration_seconds",
                    "How long requests took, in seconds, by what they asked for.",
                    "verb",
                    "dry_run",
                    "group",
                    "version",
                    "resource",
                    "subresource",
                    "scope",
                    "component"),
            DURATIONS);
    private final HistogramFamily levels = levels("apiserver_request_sli_duration_seconds");
    private final HistogramFamily sizes = HistogramFamily.whole(
            Metric.stable(
                    "apiserver_response_sizes",
                    "Bytes of the answers to GET and LIST.",
                    "verb",
                    "group",
                    "version",
                    "resource",
                    "subresource",
                    "scope",
                    "component"),
            SIZES);
    private final HistogramFamily bodies = HistogramFamily.whole(
            Metric.alpha(
                    "apiserver_request_body_size_bytes", "Bytes of requests' bodies.", "resource", "verb", "group"),
            bodyBounds());
    private final HistogramFamily fields = HistogramFamily.seconds(
            Metric.alpha(
                    "field_validation_request_duration_seconds",
                    "How long requests took, by how unknown fields were to be taken.",
                    "field_validation"),
            SERVICE_LEVELS);
    private final GaugeFamily inflight = new GaugeFamily(Metric.stable(
            "apiserver_current_inflight_requests",
            "Requests that are being answered, but for those that may last.",
            "request_kind"));
    private final GaugeFamily lasting = new GaugeFamily(Metric.stable(
            "apiserver_longrunning_requests",
            "Requests that last, such as watches and tunnels, and run now.",
            "verb",
            "group",
            "version",
            "resource",
            "subresource",
            "scope",
            "component"));
    private final CounterFamily terminations = new CounterFamily(Metric.alpha(
            "apiserver_request_terminations_total",
            "Requests that the server ended early to keep itself or the client from harm.",
            "verb",
            "group",
            "version",
            "resource",
            "subresource",
            "scope",
            "component",
            "code"));
    private final CounterFamily aborts = new CounterFamily(Metric.alpha(
            "apiserver_request_aborts_total",
            "Requests that broke off amid their answer.",
            "verb",
            "group",
            "version",
            "resource",
            "subresource",
            "scope"));
    private final CounterFamily own = new CounterFamily(Metric.alpha(
            "apiserver_selfrequest_total",
            "Requests that an API server sent to itself.",
            "verb",
            "group",
            "resource",
            "subresource"));
    private final GaugeFamily deprecated = new GaugeFamily(Metric.stable(
            "apiserver_requested_deprecated_apis",
            "Deprecated APIs that were asked for, with the release that no longer has them.",
            "group",
            "version",
            "resource",
            "subresource",
            "removed_release"));

    /** None yet. */
    @Activate
    public RequestMetrics() {
        inflight.with("readOnly");
        inflight.with("mutating");
    }

    private static HistogramFamily levels(String name) {
        return HistogramFamily.seconds(
                Metric.alpha(
                        name,
                        "How long requests took without what webhooks and waiting for a turn took of it.",
                        "verb",
                        "group",
                        "version",
                        "resource",
                        "subresource",
                        "scope",
                        "component"),
                SERVICE_LEVELS);
    }

    private static double[] bodyBounds() {
        // Upstream's: 50,000, then every 100,000 up to the greatest body.
        double[] bounds = new double[31];
        bounds[0] = 50_000;
        for (int at = 1; at < bounds.length; at++) {
            bounds[at] = 50_000 + at * 100_000.0;
        }
        return bounds;
    }

    /**
     * Notes that a request has passed all filters.
     *
     * @param info what it asks for
     */
    public void begin(RequestInfo info) {
        if (!Labels.longRunning(info)) {
            inflight(info, 1);
        }
    }

    private void inflight(RequestInfo info, int change) {
        inflight.with(Labels.readOnly(info) ? "readOnly" : "mutating").add(change);
    }

    /**
     * Notes that a request's handler has returned.
     *
     * @param info what it asked for
     */
    public void end(RequestInfo info) {
        if (!Labels.longRunning(info)) {
            inflight(info, -1);
        }
    }

    /**
     * Notes that a request of what is served begins or ends; only those that last are counted.
     *
     * @param exchange the request
     * @param info what it asks for
     * @param change 1 or -1
     */
    public void lasts(HttpExchange exchange, RequestInfo info, int change) {
        if (info.resourceRequest() && Labels.longRunning(info)) {
            lasting.with(
                            Labels.verb(exchange, info),
                            info.apiGroup(),
                            info.apiVersion(),
                            info.resource(),
                            info.subresource(),
                            Labels.scope(info),
                            Labels.COMPONENT)
                    .add(change);
        }
    }

    /**
     * Counts a request of what is served.
     *
     * @param exchange the request, answered
     * @param info what it asked for
     * @param nanos how long it took from its arrival on
     */
    public void served(HttpExchange exchange, RequestInfo info, long nanos) {
        body(exchange, info);
        record(
                exchange,
                info.verb(),
                Labels.verb(exchange, info),
                info.apiGroup(),
                info.apiVersion(),
                info.resource(),
                info.subresource(),
                Labels.servedScope(info),
                Labels.COMPONENT,
                nanos);
    }

    /**
     * Counts a request of a document that is counted.
     *
     * @param exchange the request, answered
     * @param resource what it is as a resource, empty for none
     * @param subresource what it is as a subresource, empty for none
     * @param nanos how long it took
     */
    public void document(HttpExchange exchange, String resource, String subresource, long nanos) {
        String component = resource.isEmpty() ? "" : Labels.COMPONENT;
        String verb = exchange.method().equals("HEAD") ? "GET" : exchange.method();
        record(exchange, "get", verb, "", "", resource, subresource, "", component, nanos);
    }

    private void record(
            HttpExchange exchange,
            String asked,
            String verb,
            String group,
            String version,
            String resource,
            String subresource,
            String scope,
            String component,
            long nanos) {
        String dryRun = Labels.dryRun(exchange);
        total.with(
                        verb,
                        dryRun,
                        group,
                        version,
                        resource,
                        subresource,
                        scope,
                        component,
                        Labels.code(exchange.status()))
                .increment();
        durations
                .with(verb, dryRun, group, version, resource, subresource, scope, component)
                .record(nanos);
        fields.with(Labels.fieldValidation(exchange)).record(nanos);
        if (dryRun.isEmpty()) {
            levels.with(verb, group, version, resource, subresource, scope, component)
                    .record(Math.max(0, nanos - Waits.of(exchange)));
        }
        if (asked.equals("get") || asked.equals("list")) {
            sizes.with(verb, group, version, resource, subresource, scope, component)
                    .record(exchange.responseBytes());
        }
        String agent = exchange.requestHeaders().first("User-Agent");
        if (agent != null && agent.startsWith("kube-apiserver/")) {
            own.with(verb, group, resource, subresource).increment();
        }
    }

    /** A body whose length isn't said beforehand is not counted. */
    private void body(HttpExchange exchange, RequestInfo info) {
        String verb = switch (info.verb()) {
            case "create", "update", "patch", "delete" -> info.verb();
            case "deletecollection" -> "delete_collection";
            default -> "";
        };
        String length = exchange.requestHeaders().first("Content-Length");
        if (!verb.isEmpty() && length != null) {
            try {
                bodies.with(info.resource(), verb, info.apiGroup()).record(Long.parseLong(length));
            } catch (NumberFormatException _) {
                // Jetty has refused what is no length; a client in this process has said nonsense.
                bodies.with(info.resource(), verb, info.apiGroup()).record(0);
            }
        }
    }

    /**
     * Counts a request that was turned away with 429.
     *
     * @param exchange the request
     * @param info what it asked for
     */
    public void dropped(HttpExchange exchange, RequestInfo info) {
        boolean resource = info.resourceRequest();
        total.with(
                        Labels.verb(exchange, info),
                        Labels.dryRun(exchange),
                        resource ? info.apiGroup() : "",
                        resource ? info.apiVersion() : "",
                        resource ? info.resource() : "",
                        info.subresource(),
                        Labels.scope(info),
                        Labels.COMPONENT,
                        Labels.code(429))
                .increment();
    }

    /**
     * Counts a request that was ended early.
     *
     * @param exchange the request
     * @param info what it asked for
     * @param component who ended it: apiserver or aggregator
     * @param code the status code
     */
    public void terminated(HttpExchange exchange, RequestInfo info, String component, int code) {
        boolean resource = info.resourceRequest();
        terminations
                .with(
                        Labels.verb(exchange, info),
                        resource ? info.apiGroup() : "",
                        resource ? info.apiVersion() : "",
                        resource ? info.resource() : "",
                        resource ? info.subresource() : info.path(),
                        Labels.scope(info),
                        component,
                        Labels.code(code))
                .increment();
    }

    /**
     * Counts a request that broke off amid its answer.
     *
     * @param exchange the request
     * @param info what it asked for
     */
    public void aborted(HttpExchange exchange, RequestInfo info) {
        aborts.with(
                        Labels.verb(exchange, info),
                        info.apiGroup(),
                        info.apiVersion(),
                        info.resource(),
                        info.subresource(),
                        Labels.scope(info))
                .increment();
    }

    /**
     * Notes that a deprecated API was asked for.
     *
     * @param info what was asked for
     * @param removed the release that no longer has it, empty for none
     */
    public void deprecated(RequestInfo info, String removed) {
        deprecated
                .with(info.apiGroup(), info.apiVersion(), info.resource(), info.subresource(), removed)
                .set(1);
    }

    /** Forgets what was counted, but for what runs now. */
    public void reset() {
        for (CounterFamily family : List.of(total, terminations, aborts, own)) {
            family.removeIf(_ -> true);
        }
        for (HistogramFamily family : List.of(durations, levels, sizes, bodies, fields)) {
            family.removeIf(_ -> true);
        }
        deprecated.removeIf(_ -> true);
    }

    @Override
    public Collection<? extends MetricFamily> metrics() {
        return List.of(
                total,
                durations,
                levels,
                sizes,
                bodies,
                fields,
                inflight,
                lasting,
                terminations,
                aborts,
                own,
                deprecated);
    }
}
