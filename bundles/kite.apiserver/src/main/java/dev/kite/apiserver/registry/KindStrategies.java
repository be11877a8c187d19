package dev.kite.apiserver.registry;

import java.time.InstantSource;
import java.util.Map;

/** The strategies of built-in kinds that have code of their own. */
public final class KindStrategies {
    private KindStrategies() {}

    /**
     * Makes them.
     *
     * @param services that of Services, which need the cluster's addresses
     * @param definitions that of CustomResourceDefinitions
     * @param clock the time
     * @return the strategies by qualified resource
     */
    public static Strategies of(Strategy services, Strategy definitions, InstantSource clock) {
        return new Strategies(Map.of(
                "pods", new PodStrategy(),
                "namespaces", new NamespaceStrategy(),
                "nodes", new NodeStrategy(),
                "services", services,
                "apiservices.apiregistration.k8s.io", new ApiServiceStrategy(clock),
                "certificatesigningrequests.certificates.k8s.io", new SigningRequestStrategy(clock),
                "customresourcedefinitions.apiextensions.k8s.io", definitions));
    }
}
