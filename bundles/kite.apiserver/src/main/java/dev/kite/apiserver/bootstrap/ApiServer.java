package dev.kite.apiserver.bootstrap;

import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.HttpHandler;
import dev.kite.apiserver.admission.Admission;
import dev.kite.apiserver.admission.AdmissionRules;
import dev.kite.apiserver.patch.PatchType;
import dev.kite.apiserver.patch.PatchVerb;
import dev.kite.apiserver.registry.Modification;
import dev.kite.apiserver.registry.ServicePools;
import dev.kite.apiserver.registry.ServiceStrategy;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.discovery.Discovery;
import dev.kite.apiserver.discovery.DiscoveryDocument;
import dev.kite.apiserver.registry.Answers;
import dev.kite.apiserver.registry.BuiltIns;
import dev.kite.apiserver.registry.Checks;
import dev.kite.apiserver.registry.CreateVerb;
import dev.kite.apiserver.registry.Creation;
import dev.kite.apiserver.registry.DeleteCollectionVerb;
import dev.kite.apiserver.registry.DeleteVerb;
import dev.kite.apiserver.registry.GetVerb;
import dev.kite.apiserver.registry.Incoming;
import dev.kite.apiserver.registry.KindStrategies;
import dev.kite.apiserver.registry.ListVerb;
import dev.kite.apiserver.registry.Machinery;
import dev.kite.apiserver.registry.ResourceCatalog;
import dev.kite.apiserver.registry.ResourceRoute;
import dev.kite.apiserver.registry.Selections;
import dev.kite.apiserver.registry.TableForms;
import dev.kite.apiserver.registry.UpdateVerb;
import dev.kite.apiserver.registry.Verb;
import dev.kite.apiserver.request.ApiRoute;
import dev.kite.apiserver.request.BodyReader;
import dev.kite.apiserver.request.HealthDocument;
import dev.kite.apiserver.request.Responder;
import dev.kite.apiserver.request.VersionDocument;
import dev.kite.apiserver.storage.Codec;
import dev.kite.apiserver.storage.Followers;
import dev.kite.apiserver.storage.KindForms;
import dev.kite.apiserver.storage.ModelCodec;
import dev.kite.apiserver.storage.Objects;
import dev.kite.apiserver.watch.WatchVerb;
import dev.kite.store.Store;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The API server's parts, put together; used by the component and by tests. Thread-safe. */
public final class ApiServer implements HttpHandler, AutoCloseable {
    private final Followers followers;
    private final ServicePools pools;
    private final Bootstrap bootstrap;
    private final ApiRoute route;

    /**
     * Puts the parts together.
     *
     * @param store where objects are kept
     * @param settings what it is set to
     * @param clock the time
     */
    public ApiServer(Store store, ApiSettings settings, InstantSource clock) {
        followers = new Followers(store);
        Objects objects = new Objects(store, followers);
        ResourceCatalog catalog = new ResourceCatalog(BuiltIns.resources(settings.runtimeConfig()));
        Codec codec = new ModelCodec();
        Responder responder = new Responder(codec);
        BodyReader bodies = new BodyReader(codec);
        Incoming incoming = new Incoming(new KindForms());
        Answers answers = new Answers(responder, new TableForms(clock));
        Selections selections = new Selections();
        pools = new ServicePools(followers, settings.serviceCidrs(), settings.nodePortRange(), settings.clusterDns());
        Machinery machinery = new Machinery(
                objects,
                KindStrategies.of(new ServiceStrategy(pools)),
                new Admission(AdmissionRules.of(objects)),
                new Checks(),
                (_, _, _, _, _) -> {},
                clock);
        Map<String, Verb> verbs = new HashMap<>();
        verbs.put("get", new GetVerb(objects, answers));
        verbs.put("list", new ListVerb(objects, selections, answers));
        verbs.put("watch", new WatchVerb(store, selections, answers));
        verbs.put("create", new CreateVerb(new Creation(machinery), bodies, incoming, answers));
        verbs.put("update", new UpdateVerb(machinery, bodies, incoming, answers));
        verbs.put(
                "patch",
                new PatchVerb(new Modification(machinery), incoming, answers, (_, _) -> {
                    throw Errors.unsupportedMediaType(List.of(PatchType.JSON.mediaType()));
                }));
        verbs.put("delete", new DeleteVerb(machinery, bodies, answers));
        verbs.put("deletecollection", new DeleteCollectionVerb(machinery, selections, bodies, answers));
        bootstrap = new Bootstrap(machinery, catalog, incoming, settings);
        ResourceRoute resources = new ResourceRoute(catalog, verbs, Map.of());
        route = new ApiRoute(
                resources::serve,
                List.of(
                        new DiscoveryDocument(new Discovery(catalog), responder),
                        new VersionDocument(),
                        new HealthDocument(List::of)),
                responder);
    }

    /** Makes and repairs what every cluster has; to be called once, before requests come. */
    public void bootstrap() {
        bootstrap.run();
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        route.handle(exchange);
    }

    @Override
    public void close() {
        followers.close();
    }
}
