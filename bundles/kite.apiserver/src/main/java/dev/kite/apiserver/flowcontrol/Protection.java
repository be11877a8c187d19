package dev.kite.apiserver.flowcontrol;

import dev.kite.api.http.HttpFilter;
import dev.kite.api.metrics.MetricFamily;
import dev.kite.api.metrics.MetricSource;
import dev.kite.apiserver.metrics.RequestMetrics;
import dev.kite.apiserver.patch.FieldOwners;
import dev.kite.apiserver.registry.Incoming;
import dev.kite.apiserver.registry.Machinery;
import dev.kite.apiserver.registry.ResourceCatalog;
import dev.kite.apiserver.request.ApiRoute;
import dev.kite.apiserver.request.Responder;
import dev.kite.apiserver.storage.Followers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What protects the server under load: the steps of the request path, and what they are configured by. Thread-safe. */
public final class Protection implements AutoCloseable, MetricSource {
    private final Machinery machinery;
    private final ResourceCatalog catalog;
    private final Incoming incoming;
    private final FieldOwners owners;
    private final Followers followers;
    private final Responder responder;
    private final RequestMetrics metrics;
    private final Deadlines deadlines = new Deadlines();
    private volatile @Nullable FlowControl control;
    private volatile @Nullable FlowConfiguration configuration;

    /**
     * A protection that isn't there yet.
     *
     * @param machinery writes its objects
     * @param catalog finds resources
     * @param incoming makes objects
     * @param owners notes who wrote what
     * @param followers tells of changes
     * @param responder writes refusals
     * @param metrics counts requests that are turned away
     */
    public Protection(
            Machinery machinery,
            ResourceCatalog catalog,
            Incoming incoming,
            FieldOwners owners,
            Followers followers,
            Responder responder,
            RequestMetrics metrics) {
        this.machinery = machinery;
        this.catalog = catalog;
        this.incoming = incoming;
        this.owners = owners;
        this.followers = followers;
        this.responder = responder;
        this.metrics = metrics;
    }

    /**
     * Begins to protect; to be called once, when the cluster's first objects are there.
     *
     * @param settings how
     * @return the steps that each request is to pass
     */
    public List<HttpFilter> start(ProtectionSettings settings) {
        FlowControl flows = new FlowControl(Math.max(1, settings.reading() + settings.mutating()), System::nanoTime);
        FlowConfiguration kept = new FlowConfiguration(
                flows, new FlowObjects(machinery, catalog, incoming, owners), settings.fairness());
        configuration = kept;
        kept.start(followers);
        List<HttpFilter> steps = new ArrayList<>();
        AnswerSettings answers = settings.answers();
        steps.add(new AnswerHeaders(answers.transportSecurity()));
        if (answers.goaway() > 0) {
            steps.add(new GoawayFilter(answers.goaway()));
        }
        if (!answers.origins().isEmpty()) {
            steps.add(new CorsFilter(answers.origins()));
        }
        if (!settings.timeout().isZero()) {
            steps.add(new TimeoutFilter(deadlines, settings.timeout(), settings.watches(), responder));
        }
        steps.add(settings.fairness() ? fairness(flows, settings) : inflight(settings));
        return List.copyOf(steps);
    }

    private HttpFilter fairness(FlowControl flows, ProtectionSettings settings) {
        control = flows;
        WatchCounts watches = new WatchCounts();
        ObjectCounts counts = new ObjectCounts(machinery.objects().store(), catalog);
        return new FairnessFilter(
                flows,
                new WorkEstimator(counts::of, watches),
                watches,
                settings.timeout(),
                System::nanoTime,
                metrics::dropped);
    }

    private HttpFilter inflight(ProtectionSettings settings) {
        return new InflightFilter(settings.reading(), settings.mutating(), metrics::dropped);
    }

    /** @return the pages of what flow control is doing */
    public ApiRoute.Document dumps() {
        return new Dumps(this::control, deadlines::running);
    }

    @Override
    public Collection<? extends MetricFamily> metrics() {
        FlowControl flows = control;
        return flows == null ? List.of() : flows.metrics().metrics();
    }

    /** @return the configuration that requests are served by, null where there is none */
    @Nullable
    FlowControl control() {
        return control;
    }

    @Override
    public void close() {
        FlowConfiguration kept = configuration;
        if (kept != null) {
            kept.close();
        }
    }
}
