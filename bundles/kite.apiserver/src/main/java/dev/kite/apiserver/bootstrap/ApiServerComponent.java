package dev.kite.apiserver.bootstrap;

import dev.kite.api.apiserver.KindProvider;
import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.arguments.UpstreamComponent;
import dev.kite.api.config.AgentSettings;
import dev.kite.api.config.ServerSettings;
import dev.kite.api.health.HealthCheck;
import dev.kite.api.health.Ready;
import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.HttpFilter;
import dev.kite.api.http.HttpRoute;
import dev.kite.api.metrics.MetricSource;
import dev.kite.apiserver.aggregation.Aggregation;
import dev.kite.apiserver.flowcontrol.ProtectionSettings;
import dev.kite.apiserver.metrics.RequestMetrics;
import dev.kite.apiserver.request.VersionDocument;
import dev.kite.apiserver.webhook.HttpsCaller;
import dev.kite.cel.CelCompiler;
import dev.kite.http.ClientTls;
import dev.kite.http.HttpClient;
import dev.kite.http.HttpClientFactory;
import dev.kite.http.HttpClientOptions;
import dev.kite.http.TlsIdentity;
import dev.kite.security.Authentication;
import dev.kite.security.Authority;
import dev.kite.security.Authorization;
import dev.kite.security.ClusterCertificates;
import dev.kite.security.ComponentIdentity;
import dev.kite.security.Identity;
import dev.kite.security.RequestHeaders;
import dev.kite.security.ServiceAccountTokens;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Offers the API's paths, once the cluster's first objects are there. */
@Component(
        service = {HttpRoute.class, Ready.class},
        immediate = true,
        configurationPid = "kite",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = Ready.COMPONENT + "=api")
public final class ApiServerComponent implements HttpRoute, Ready {
    private final List<HealthCheck> checks = new CopyOnWriteArrayList<>();
    private final List<MetricSource> sources = new CopyOnWriteArrayList<>();
    private final HttpClient kubelets;
    private final HttpClient pods;
    private final ApiServer server;
    private final List<ServiceRegistration<HttpFilter>> steps;

    /**
     * Starts the API server.
     *
     * @param index the store's objects
     * @param authentication knows whose tokens are
     * @param authorization decides who may what
     * @param tokens issues service account tokens
     * @param certificates what kubelets are trusted and told by
     * @param clients makes clients
     * @param cel compiles expressions; nothing of it is loaded before the first
     * @param settings the server's settings
     * @param requests counts requests
     * @param agent the node's settings
     * @param bundles where the steps of the request path are offered
     */
    @Activate
    public ApiServerComponent(
            @Reference StoreIndex index,
            @Reference Authentication authentication,
            @Reference Authorization authorization,
            @Reference ServiceAccountTokens tokens,
            @Reference ClusterCertificates certificates,
            @Reference HttpClientFactory clients,
            @Reference CelCompiler cel,
            ServerSettings settings,
            @Reference RequestMetrics requests,
            AgentSettings agent,
            BundleContext bundles) {
        ClientTls tls = new KubeletTls(certificates);
        kubelets = clients.open(HttpClientOptions.of("kubelets", tls));
        pods = clients.open(HttpClientOptions.of("pods", ClientTls.unverified(null)));
        server = new ApiServer(new Surroundings(
                index.store(),
                index.followers(),
                ApiSettings.of(settings, LocalAddress.of(agent.node_ip())),
                InstantSource.system(),
                () -> List.copyOf(checks),
                cel,
                new Surroundings.Security(
                        authentication, authorization, tokens, published(certificates, RequestHeaders.of(settings))),
                new Surroundings.Clients(
                        kubelets,
                        pods,
                        lookups -> new HttpsCaller(clients, lookups),
                        new Aggregation.Reach(
                                clients,
                                () -> frontProxy(certificates),
                                ComponentArguments.of(UpstreamComponent.APISERVER, settings.kube_apiserver_arg())
                                        .flag("enable-aggregator-routing", false))),
                new Monitoring(
                        requests,
                        () -> List.copyOf(sources),
                        Diagnostics.of(
                                ComponentArguments.of(UpstreamComponent.APISERVER, settings.kube_apiserver_arg())))));
        server.bootstrap();
        steps = server
                .protect(ProtectionSettings.of(
                        ComponentArguments.of(UpstreamComponent.APISERVER, settings.kube_apiserver_arg())))
                .stream()
                .map(step -> bundles.registerService(HttpFilter.class, step, null))
                .toList();
        index.onTokenUse(server.legacy()::used);
    }

    private static TlsIdentity frontProxy(ClusterCertificates certificates) {
        Identity identity = certificates.component(ComponentIdentity.AUTH_PROXY);
        return new TlsIdentity(identity.key(), identity.chain());
    }

    /** What servers behind this one need to know who asks: those who sign users' certificates, and how a front proxy names users. */
    private static Map<String, String> published(ClusterCertificates certificates, RequestHeaders headers) {
        Map<String, String> all = new HashMap<>(headers.published(certificates.authorityPem(Authority.REQUEST_HEADER)));
        all.put("client-ca-file", certificates.authorityPem(Authority.CLIENT));
        return all;
    }

    /**
     * Adds a health check.
     *
     * @param check the check
     */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addHealthCheck(HealthCheck check) {
        // A battery that starts or fails is its feature's matter: the API serves all the same.
        if (check.feature().isEmpty()) {
            checks.add(check);
        }
    }

    /**
     * Takes a health check away.
     *
     * @param check the check
     */
    public void removeHealthCheck(HealthCheck check) {
        checks.remove(check);
    }

    /**
     * Adds what is measured elsewhere.
     *
     * @param source what measures itself
     */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addMetricSource(MetricSource source) {
        sources.add(source);
    }

    /**
     * Takes it away.
     *
     * @param source what measured itself
     */
    public void removeMetricSource(MetricSource source) {
        sources.remove(source);
    }

    /**
     * Adds a bundle's kinds.
     *
     * @param provider the kinds
     */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addKindProvider(KindProvider provider) {
        server.custom().add(provider);
    }

    /**
     * Takes a bundle's kinds away.
     *
     * @param provider the kinds
     */
    public void removeKindProvider(KindProvider provider) {
        server.custom().remove(provider);
    }

    @Override
    public String prefix() {
        return "/";
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        server.handle(exchange);
    }

    @Override
    public String detail() {
        return "Kubernetes " + VersionDocument.GIT_VERSION;
    }

    /** Stops what the server started. */
    @Deactivate
    public void stop() {
        steps.forEach(ServiceRegistration::unregister);
        server.close();
        kubelets.close();
        pods.close();
    }
}
