package dev.kite.apiserver.aggregation;

import dev.kite.api.metrics.Metric;
import dev.kite.api.metrics.MetricFamily;
import dev.kite.api.metrics.MetricSource;
import dev.kite.api.metrics.SampledFamily;
import dev.kite.apiserver.discovery.Catalog;
import dev.kite.apiserver.metrics.RequestMetrics;
import dev.kite.apiserver.openapi.OtherSpec;
import dev.kite.apiserver.registry.Incoming;
import dev.kite.apiserver.registry.Machinery;
import dev.kite.apiserver.registry.ResourceCatalog;
import dev.kite.apiserver.storage.Followers;
import dev.kite.http.HttpClientFactory;
import dev.kite.http.TlsIdentity;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The parts of aggregation, put together. Thread-safe. */
public final class Aggregation implements AutoCloseable, MetricSource {
    private final ApiServices services;
    private final Servers servers;
    private final RemoteServers remote;
    private final Registration registration;
    private final AggregatedRoute route;
    private final AggregatedCatalog catalog;
    private final RemoteSpecs specs;
    private final RemoteV2 specsV2;

    /**
     * How remote servers are reached.
     *
     * @param clients makes clients
     * @param identity the front proxy's certificate, asked at each handshake; null for none
     * @param endpoints whether their endpoints are reached rather than their Services (--enable-aggregator-routing)
     */
    public record Reach(HttpClientFactory clients, Supplier<@Nullable TlsIdentity> identity, boolean endpoints) {}

    /**
     * Aggregation.
     *
     * @param machinery what writes go through
     * @param local what is served here
     * @param incoming makes objects
     * @param followers follows the store
     * @param reach how remote servers are reached
     * @param requests counts requests that end early
     */
    public Aggregation(
            Machinery machinery,
            ResourceCatalog local,
            Incoming incoming,
            Followers followers,
            Reach reach,
            RequestMetrics requests) {
        services = new ApiServices(followers);
        servers = new Servers(reach.clients(), reach.identity());
        Resolver resolver = new Resolver(machinery.objects(), reach.endpoints());
        Look look = new Look(servers, resolver);
        RemoteDiscovery discovery = new RemoteDiscovery(look);
        specs = new RemoteSpecs(services, look);
        specsV2 = new RemoteV2(services, look);
        catalog = new AggregatedCatalog(local, services, discovery);
        route = new AggregatedRoute(services, servers, resolver, requests);
        registration = new Registration(machinery, local, incoming, services);
        remote = new RemoteServers(
                machinery,
                local,
                followers,
                services,
                new Availability(machinery.objects(), resolver, look),
                discovery,
                servers);
    }

    /** Starts to register what is served here, and to watch over what others serve; to be called once, when the cluster's first objects are there. */
    public void start() {
        registration.start();
        remote.start();
    }

    /** @return what this server and those behind it serve */
    public Catalog catalog() {
        return catalog;
    }

    /** @return the addresses of others' OpenAPI v3 documents, by their names in the index; asks them where that isn't known, two seconds at most */
    public Map<String, String> documents() {
        return specs.addresses();
    }

    /** @return others' OpenAPI v2 documents; asks for them where they aren't known, two seconds at most */
    public List<OtherSpec> documentsV2() {
        return specsV2.specs();
    }

    /** @return passes requests on */
    public AggregatedRoute route() {
        return route;
    }

    @Override
    public Collection<? extends MetricFamily> metrics() {
        return List.of(SampledFamily.gauges(
                Metric.alpha(
                        "aggregator_unavailable_apiservice",
                        "Whether an APIService is unavailable: 1 where it is.",
                        "name"),
                to -> services.all()
                        .forEach((name, service) -> to.accept(
                                List.of(name), service.service() == null || service.available() ? 0.0 : 1.0))));
    }

    @Override
    public void close() {
        registration.close();
        remote.close();
        services.close();
        servers.close();
    }
}
