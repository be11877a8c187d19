package dev.kite.apiserver.diagnostics;

import dev.kite.api.health.HealthCheck;
import dev.kite.api.health.HealthCheck.Health;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The checks of each endpoint, by upstream's names and in its order. What upstream starts in steps after its port opens is started here before the
 * port serves the API, so those checks stand or fall together. Thread-safe.
 */
public final class HealthChecks {
    /** Upstream's steps after the start that exist here; a monitor may ask for each by its name. */
    private static final List<String> STEPS = List.of(
            "start-apiserver-admission-initializer",
            "generic-apiserver-start-informers",
            "priority-and-fairness-config-consumer",
            "priority-and-fairness-filter",
            "storage-object-count-tracker-hook",
            "start-apiextensions-informers",
            "start-apiextensions-controllers",
            "crd-informer-synced",
            "start-system-namespaces-controller",
            "start-cluster-authentication-info-controller",
            "start-kube-apiserver-identity-lease-controller",
            "start-kube-apiserver-identity-lease-garbage-collector",
            "storage-readiness",
            "start-service-ip-repair-controllers",
            "rbac/bootstrap-roles",
            "scheduling/bootstrap-system-priority-classes",
            "priority-and-fairness-config-producer",
            "bootstrap-controller",
            "start-kubernetes-service-cidr-controller",
            "start-kube-aggregator-informers",
            "apiservice-status-local-available-controller",
            "apiservice-status-remote-available-controller",
            "apiservice-registration-controller",
            "apiservice-wait-for-first-sync",
            "apiservice-discovery-controller",
            "kube-apiserver-autoregistration");

    private static final List<String> LAST_STEPS =
            List.of("apiservice-openapi-controller", "apiservice-openapiv3-controller");

    private final BooleanSupplier started;
    private final BooleanSupplier stopping;
    private final HealthCheck store;
    private final Supplier<List<HealthCheck>> others;

    /**
     * HealthChecks.
     *
     * @param started whether all that has to be there before requests come is there
     * @param stopping whether the server is about to stop
     * @param store whether the datastore answers, named etcd
     * @param others what others check, at this moment
     */
    public HealthChecks(
            BooleanSupplier started, BooleanSupplier stopping, HealthCheck store, Supplier<List<HealthCheck>> others) {
        this.started = started;
        this.stopping = stopping;
        this.store = store;
        this.others = others;
    }

    private record Named(String name, BooleanSupplier well) implements HealthCheck {
        @Override
        public Health check() {
            return well.getAsBoolean() ? new Health.Healthy() : new Health.Unhealthy(name);
        }
    }

    /**
     * The checks of an endpoint.
     *
     * @param endpoint healthz, livez or readyz
     * @return its checks in order, none for other words
     */
    List<HealthCheck> of(String endpoint) {
        boolean ready = endpoint.equals("readyz");
        if (!ready && !endpoint.equals("livez") && !endpoint.equals("healthz")) {
            return List.of();
        }
        List<HealthCheck> all = new ArrayList<>();
        all.add(new Named("ping", () -> true));
        all.add(new Named("log", () -> true));
        all.add(store);
        if (ready) {
            all.add(new Named("informer-sync", started));
        }
        all.addAll(others.get());
        STEPS.forEach(step -> all.add(new Named("poststarthook/" + step, started)));
        all.add(new Named("autoregister-completion", started));
        LAST_STEPS.forEach(step -> all.add(new Named("poststarthook/" + step, started)));
        if (ready) {
            all.add(new Named("shutdown", () -> !stopping.getAsBoolean()));
        }
        return all;
    }
}
