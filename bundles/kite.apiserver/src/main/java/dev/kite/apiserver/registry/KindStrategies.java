package dev.kite.apiserver.registry;

import java.util.Map;

/** The strategies of built-in kinds that have code of their own. */
public final class KindStrategies {
    private KindStrategies() {}

    /**
     * Makes them.
     *
     * @param services that of Services, which need the cluster's addresses
     * @param definitions that of CustomResourceDefinitions
     * @return the strategies by qualified resource
     */
    public static Strategies of(Strategy services, Strategy definitions) {
        return new Strategies(Map.of(
                "pods", new PodStrategy(),
                "namespaces", new NamespaceStrategy(),
                "nodes", new NodeStrategy(),
                "services", services,
                "customresourcedefinitions.apiextensions.k8s.io", definitions));
    }
}
