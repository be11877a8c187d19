package dev.kite.apiserver.bootstrap;

import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.HttpFilter;
import dev.kite.api.http.HttpHandler;
import dev.kite.apiserver.aggregation.AggregatedRoute;
import dev.kite.apiserver.aggregation.Aggregation;
import dev.kite.apiserver.cluster.IpAddresses;
import dev.kite.apiserver.cluster.LegacyTokens;
import dev.kite.apiserver.cluster.ServerLease;
import dev.kite.apiserver.cluster.ServiceAddresses;
import dev.kite.apiserver.cluster.Writes;
import dev.kite.apiserver.conversion.Conversions;
import dev.kite.apiserver.custom.CustomResources;
import dev.kite.apiserver.custom.DefinitionCleanup;
import dev.kite.apiserver.custom.DefinitionStrategy;
import dev.kite.apiserver.diagnostics.FlagzDocument;
import dev.kite.apiserver.diagnostics.HealthChecks;
import dev.kite.apiserver.diagnostics.HealthDocument;
import dev.kite.apiserver.diagnostics.JvmProfiles;
import dev.kite.apiserver.diagnostics.LogLevelDocument;
import dev.kite.apiserver.diagnostics.LogLevels;
import dev.kite.apiserver.diagnostics.ProfileDocument;
import dev.kite.apiserver.diagnostics.StatuszDocument;
import dev.kite.apiserver.diagnostics.StoreCheck;
import dev.kite.apiserver.discovery.Discovery;
import dev.kite.apiserver.discovery.DiscoveryDocument;
import dev.kite.apiserver.flowcontrol.Protection;
import dev.kite.apiserver.flowcontrol.ProtectionSettings;
import dev.kite.apiserver.metrics.MetricsDocument;
import dev.kite.apiserver.metrics.RequestMetrics;
import dev.kite.apiserver.metrics.SlisDocument;
import dev.kite.apiserver.openapi.OpenApi;
import dev.kite.apiserver.openapi.OpenApiDocument;
import dev.kite.apiserver.patch.ApplyVerb;
import dev.kite.apiserver.patch.FieldOwners;
import dev.kite.apiserver.patch.PatchVerb;
import dev.kite.apiserver.policy.PolicyExpressions;
import dev.kite.apiserver.policy.TypeChecking;
import dev.kite.apiserver.registry.Answers;
import dev.kite.apiserver.registry.BuiltIns;
import dev.kite.apiserver.registry.Checks;
import dev.kite.apiserver.registry.CreateVerb;
import dev.kite.apiserver.registry.Creation;
import dev.kite.apiserver.registry.DeleteCollectionVerb;
import dev.kite.apiserver.registry.DeleteVerb;
import dev.kite.apiserver.registry.Deletion;
import dev.kite.apiserver.registry.GetVerb;
import dev.kite.apiserver.registry.Incoming;
import dev.kite.apiserver.registry.KindStrategies;
import dev.kite.apiserver.registry.ListVerb;
import dev.kite.apiserver.registry.Machinery;
import dev.kite.apiserver.registry.Modification;
import dev.kite.apiserver.registry.ResourceCatalog;
import dev.kite.apiserver.registry.ResourceRoute;
import dev.kite.apiserver.registry.Selections;
import dev.kite.apiserver.registry.ServicePools;
import dev.kite.apiserver.registry.ServiceStrategy;
import dev.kite.apiserver.registry.TableForms;
import dev.kite.apiserver.registry.UpdateVerb;
import dev.kite.apiserver.registry.Verb;
import dev.kite.apiserver.request.ApiRoute;
import dev.kite.apiserver.request.BodyReader;
import dev.kite.apiserver.request.Responder;
import dev.kite.apiserver.request.VersionDocument;
import dev.kite.apiserver.storage.Codec;
import dev.kite.apiserver.storage.KindForms;
import dev.kite.apiserver.storage.ModelCodec;
import dev.kite.apiserver.storage.Objects;
import dev.kite.apiserver.subresource.Bodies;
import dev.kite.apiserver.watch.WatchVerb;
import dev.kite.apiserver.webhook.WebhookCaller;
import dev.kite.store.Store;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The API server's parts, put together; used by the component and by tests. Thread-safe. */
public final class ApiServer implements HttpHandler, AutoCloseable {
    private final ServicePools pools;
    private final CustomResources custom;
    private final DefinitionCleanup cleanup;
    private final Bootstrap bootstrap;
    private final @Nullable Aggregation aggregation;
    private final ServiceAddresses addresses;
    private final OwnService own;
    private final LegacyTokens legacy;
    private final ServerLease lease;
    private final TypeChecking types;
    private final Protection protection;
    private final ApiRoute route;
    private volatile boolean started;
    private volatile boolean stopping;

    /**
     * Puts the parts together.
     *
     * @param with what the server works with
     */
    public ApiServer(Surroundings with) {
        Store store = with.store();
        ApiSettings settings = with.settings();
        RequestMetrics metrics = with.monitoring().requests();
        WebhookCaller webhooks = with.clients() == null
                ? null
                : with.clients()
                        .webhooks()
                        .apply(new Objects(store, with.followers(), settings.eventTtl(), new Conversions(null)));
        Objects objects = new Objects(
                store,
                with.followers(),
                settings.eventTtl(),
                new Conversions(webhooks),
                with.monitoring().storage());
        ResourceCatalog catalog = new ResourceCatalog(BuiltIns.resources(settings.runtimeConfig()));
        Codec codec = new ModelCodec();
        Responder responder = new Responder(codec);
        BodyReader bodies = new BodyReader(codec);
        Incoming incoming = new Incoming(new KindForms());
        Answers answers = new Answers(responder, new TableForms(with.clock()));
        pools = new ServicePools(
                with.followers(), settings.serviceCidrs(), settings.nodePortRange(), settings.clusterDns());
        IpAddresses records = new IpAddresses();
        AdmissionChain chain = new AdmissionChain(with, objects, webhooks, catalog, incoming);
        FieldOwners owners = new FieldOwners(with.clock(), objects.conversions());
        Machinery machinery = new Machinery(
                objects,
                KindStrategies.of(
                        new ServiceStrategy(pools, records),
                        new DefinitionStrategy(objects, with.clock()),
                        with.clock()),
                chain.admission(),
                new Checks(with.cel(), new PolicyExpressions(with.cel())),
                owners,
                with.clock());
        chain.use(machinery);
        Writes writes = new Writes(machinery, catalog, incoming);
        records.use(writes);
        Modification modification = new Modification(machinery);
        cleanup = new DefinitionCleanup(store, catalog, new Deletion(machinery), modification);
        custom = new CustomResources(catalog, with.followers(), cleanup::start, cleanup::freed);
        bootstrap = new Bootstrap(
                machinery,
                catalog,
                incoming,
                settings,
                with.security() == null ? Map.of() : with.security().published());
        Verb patch = new PatchVerb(
                modification, incoming, answers, new ApplyVerb(machinery, owners, bodies, incoming, answers));
        Map<String, Verb> below =
                Subresources.of(with, machinery, catalog, modification, patch, new Bodies(bodies), incoming, answers);
        ResourceRoute resources =
                new ResourceRoute(catalog, verbs(with, machinery, patch, bodies, incoming, answers), below, metrics);
        Aggregation.Reach reach = with.clients() == null ? null : with.clients().aggregated();
        aggregation =
                reach == null ? null : new Aggregation(machinery, catalog, incoming, with.followers(), reach, metrics);
        addresses = new ServiceAddresses(
                writes, pools, records, with.followers(), settings.serviceCidrs(), LocalAddress.hostName());
        own = new OwnService(with.followers(), bootstrap::ownService);
        types = new TypeChecking(machinery, catalog, with.followers(), with.cel());
        legacy = new LegacyTokens(writes);
        lease = new ServerLease(writes, LocalAddress.hostName());
        HealthDocument health = new HealthDocument(
                new HealthChecks(() -> started, () -> stopping, new StoreCheck(store), with.checks()));
        protection = new Protection(machinery, catalog, incoming, owners, with.followers(), responder, metrics);
        Measured measured = Measured.of(with, catalog, aggregation, protection);
        List<ApiRoute.Document> documents = new ArrayList<>(List.of(
                new MetricsDocument(measured, metrics::reset),
                protection.dumps(),
                new DiscoveryDocument(new Discovery(aggregation == null ? catalog : aggregation.catalog()), responder),
                new OpenApiDocument(new OpenApi(
                        catalog,
                        custom,
                        aggregation == null ? Map::of : aggregation::documents,
                        aggregation == null ? List::of : aggregation::documentsV2)),
                new VersionDocument(),
                health,
                new SlisDocument(health),
                new FlagzDocument(with.monitoring().diagnostics().flags(settings)),
                new StatuszDocument(with.clock()),
                new LogLevelDocument(new LogLevels())));
        if (with.monitoring().diagnostics().profiling()) {
            documents.add(new ProfileDocument(new JvmProfiles()));
        }
        if (with.security() != null) {
            documents.add(new IssuerDocument(with.security().tokens()));
        }
        if (aggregation == null) {
            route = new ApiRoute(resources::serve, documents, responder, metrics);
            return;
        }
        AggregatedRoute others = aggregation.route();
        documents.addFirst(others::serve);
        route = new ApiRoute(
                call -> {
                    if (!others.serve(call.exchange())) {
                        resources.serve(call);
                    }
                },
                documents,
                responder,
                metrics);
    }

    private static Map<String, Verb> verbs(
            Surroundings with, Machinery machinery, Verb patch, BodyReader bodies, Incoming incoming, Answers answers) {
        Selections selections = new Selections();
        Map<String, Verb> verbs = new HashMap<>();
        verbs.put("get", new GetVerb(machinery.objects(), answers));
        verbs.put(
                "list",
                new ListVerb(
                        machinery.objects(),
                        selections,
                        answers,
                        with.monitoring().watches()));
        verbs.put(
                "watch",
                new WatchVerb(
                        machinery.objects(),
                        selections,
                        answers,
                        with.monitoring().watches()));
        verbs.put("create", new CreateVerb(new Creation(machinery), bodies, incoming, answers));
        verbs.put("update", new UpdateVerb(machinery, bodies, incoming, answers));
        verbs.put("patch", patch);
        verbs.put("delete", new DeleteVerb(machinery, bodies, answers));
        verbs.put("deletecollection", new DeleteCollectionVerb(machinery, selections, bodies, answers));
        return verbs;
    }

    /** Makes and repairs what every cluster has; to be called once, before requests come. */
    public void bootstrap() {
        bootstrap.run();
        types.start();
        legacy.begin();
        if (aggregation != null) {
            aggregation.start();
            keepAddresses();
            lease.start();
        }
        started = true;
    }

    /** Starts to keep ServiceCIDRs, Services' addresses and the kubernetes Service right; {@link #bootstrap} does it for a whole server. */
    public void keepAddresses() {
        addresses.start();
        own.start();
    }

    /**
     * Begins to protect the server; to be called once, after {@link #bootstrap}.
     *
     * @param settings how
     * @return the steps that each request is to pass before it comes here
     */
    public List<HttpFilter> protect(ProtectionSettings settings) {
        return protection.start(settings);
    }

    /** @return what protects the server */
    public Protection protection() {
        return protection;
    }

    /** @return remembers the use of Secrets' tokens */
    LegacyTokens legacy() {
        return legacy;
    }

    /** @return the resources that aren't built in */
    CustomResources custom() {
        return custom;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        route.handle(exchange);
    }

    @Override
    public void close() {
        stopping = true;
        protection.close();
        types.close();
        if (aggregation != null) {
            aggregation.close();
            lease.close();
        }
        addresses.close();
        own.close();
        cleanup.close();
        custom.close();
        pools.close();
    }
}
