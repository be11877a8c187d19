package dev.kite.apiserver.registry;

import java.util.Map;
import java.util.Set;

/** Which strategy a resource has. Immutable. */
public final class Strategies {
    /** Built-in kinds whose metadata.generation counts changes of the spec, by qualified resource. */
    private static final Set<String> GENERATIONS = Set.of(
            "pods",
            "podtemplates",
            "replicationcontrollers",
            "deployments.apps",
            "replicasets.apps",
            "statefulsets.apps",
            "daemonsets.apps",
            "jobs.batch",
            "cronjobs.batch",
            "poddisruptionbudgets.policy",
            "ingresses.networking.k8s.io",
            "ingressclasses.networking.k8s.io",
            "networkpolicies.networking.k8s.io",
            "endpointslices.discovery.k8s.io",
            "customresourcedefinitions.apiextensions.k8s.io",
            "flowschemas.flowcontrol.apiserver.k8s.io",
            "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io",
            "mutatingwebhookconfigurations.admissionregistration.k8s.io",
            "validatingwebhookconfigurations.admissionregistration.k8s.io",
            "validatingadmissionpolicies.admissionregistration.k8s.io",
            "validatingadmissionpolicybindings.admissionregistration.k8s.io",
            "mutatingadmissionpolicies.admissionregistration.k8s.io",
            "mutatingadmissionpolicybindings.admissionregistration.k8s.io",
            "priorityclasses.scheduling.k8s.io",
            "deviceclasses.resource.k8s.io",
            "resourceslices.resource.k8s.io");

    /** Kinds that a PUT creates where they aren't there. */
    private static final Set<String> CREATED_BY_PUT = Set.of(
            "services",
            "endpoints",
            "events",
            "limitranges",
            "leases.coordination.k8s.io",
            "roles.rbac.authorization.k8s.io",
            "rolebindings.rbac.authorization.k8s.io",
            "clusterroles.rbac.authorization.k8s.io",
            "clusterrolebindings.rbac.authorization.k8s.io");

    /** Kinds that a PUT without resourceVersion does not replace; custom kinds are such, too. */
    private static final Set<String> VERSIONED = Set.of(
            "leases.coordination.k8s.io",
            "poddisruptionbudgets.policy",
            "endpointslices.discovery.k8s.io",
            "apiservices.apiregistration.k8s.io",
            "customresourcedefinitions.apiextensions.k8s.io",
            "mutatingwebhookconfigurations.admissionregistration.k8s.io",
            "validatingwebhookconfigurations.admissionregistration.k8s.io",
            "validatingadmissionpolicies.admissionregistration.k8s.io",
            "validatingadmissionpolicybindings.admissionregistration.k8s.io",
            "runtimeclasses.node.k8s.io",
            "csinodes.storage.k8s.io",
            "csidrivers.storage.k8s.io",
            "volumeattachments.storage.k8s.io",
            "flowschemas.flowcontrol.apiserver.k8s.io",
            "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io");

    /** Kinds whose dependents stay when a delete says nothing: what their first versions did. */
    private static final Set<String> ORPHANING = Set.of("replicationcontrollers", "jobs.batch");

    /** Kinds whose delete answers with the object. */
    private static final Set<String> RETURNED = Set.of(
            "pods",
            "services",
            "serviceaccounts",
            "persistentvolumes",
            "persistentvolumeclaims",
            "podtemplates",
            "resourcequotas");

    private final Map<String, Strategy> special;

    /**
     * Strategies.
     *
     * @param special those with code of their own, by qualified resource
     */
    public Strategies(Map<String, Strategy> special) {
        this.special = Map.copyOf(special);
    }

    /**
     * Finds a resource's strategy.
     *
     * @param resource the resource
     * @return its strategy
     */
    public Strategy of(ApiResource resource) {
        if (resource.custom() != null) {
            return new Traits("", true);
        }
        String group = resource.stored().group();
        String name = group.isEmpty() ? resource.plural() : resource.plural() + "." + group;
        Strategy own = special.get(name);
        return own == null ? new Traits(name, false) : own;
    }

    /** What kinds without code of their own do, from the tables above. */
    static class Traits implements Strategy {
        private final String name;
        private final boolean custom;

        Traits(String name, boolean custom) {
            this.name = name;
            this.custom = custom;
        }

        @Override
        public boolean countsGenerations() {
            return custom || GENERATIONS.contains(name);
        }

        @Override
        public boolean createsOnUpdate() {
            return CREATED_BY_PUT.contains(name);
        }

        @Override
        public boolean needsVersion() {
            return custom || VERSIONED.contains(name);
        }

        @Override
        public boolean orphansByDefault() {
            return ORPHANING.contains(name);
        }

        @Override
        public boolean returnsDeleted() {
            return RETURNED.contains(name);
        }
    }
}
