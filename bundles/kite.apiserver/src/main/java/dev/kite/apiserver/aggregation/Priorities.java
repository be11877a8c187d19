package dev.kite.apiserver.aggregation;

import dev.kite.apiserver.discovery.Catalog;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where discovery shows the built-in groups and versions: the numbers of Kubernetes 1.36. Stateless. */
final class Priorities {
    /** Custom resources come after all built-in groups, and are ordered among themselves by name. */
    static final Priority CUSTOM = new Priority(1000, 100);

    /** apiregistration.k8s.io is above what an APIService may ask for. */
    private static final Priority REGISTRATION = new Priority(20_001, 15);

    private static final Map<String, Integer> GROUPS = Map.ofEntries(
            Map.entry("", 18_000),
            Map.entry("apps", 17_800),
            Map.entry("events.k8s.io", 17_750),
            Map.entry("authentication.k8s.io", 17_700),
            Map.entry("authorization.k8s.io", 17_600),
            Map.entry("autoscaling", 17_500),
            Map.entry("batch", 17_400),
            Map.entry("certificates.k8s.io", 17_300),
            Map.entry("networking.k8s.io", 17_200),
            Map.entry("policy", 17_100),
            Map.entry("rbac.authorization.k8s.io", 17_000),
            Map.entry("storage.k8s.io", 16_800),
            Map.entry("apiextensions.k8s.io", 16_700),
            Map.entry("admissionregistration.k8s.io", 16_700),
            Map.entry("scheduling.k8s.io", 16_600),
            Map.entry("coordination.k8s.io", 16_500),
            Map.entry("node.k8s.io", 16_300),
            Map.entry("discovery.k8s.io", 16_200),
            Map.entry("resource.k8s.io", 16_200),
            Map.entry("flowcontrol.apiserver.k8s.io", 16_100),
            Map.entry("internal.apiserver.k8s.io", 16_000),
            Map.entry("storagemigration.k8s.io", 15_800));

    /** Versions whose number is not what {@link #version} says of them. */
    private static final Map<String, Integer> VERSIONS = Map.ofEntries(
            Map.entry("/v1", 1),
            Map.entry("autoscaling/v2", 30),
            Map.entry("events.k8s.io/v1beta1", 5),
            Map.entry("admissionregistration.k8s.io/v1beta1", 12),
            Map.entry("admissionregistration.k8s.io/v1alpha1", 9),
            Map.entry("coordination.k8s.io/v1beta1", 13),
            Map.entry("coordination.k8s.io/v1alpha2", 12),
            Map.entry("discovery.k8s.io/v1beta1", 12),
            Map.entry("flowcontrol.apiserver.k8s.io/v1", 21),
            Map.entry("internal.apiserver.k8s.io/v1alpha1", 9),
            Map.entry("resource.k8s.io/v1", 21),
            Map.entry("resource.k8s.io/v1beta2", 15),
            Map.entry("scheduling.k8s.io/v1alpha2", 2));

    private Priorities() {}

    /** Two numbers; the higher comes first. */
    record Priority(long group, long version) {}

    /** That of a built-in group version; null for another's. */
    static @Nullable Priority builtIn(String group, String version) {
        Integer ofGroup = GROUPS.get(group);
        return ofGroup == null ? null : new Priority(ofGroup, version(group, version));
    }

    private static int version(String group, String version) {
        Integer special = VERSIONS.get(group + "/" + version);
        return special != null ? special : version.contains("alpha") ? 1 : version.contains("beta") ? 9 : 15;
    }

    /** That of a group version as its APIService says, or as it is made with. */
    static Priority of(ApiServices services, String group, Catalog.Version version) {
        ApiService known = services.named(version.name() + "." + group);
        if (known != null) {
            return new Priority(known.groupPriority(), known.versionPriority());
        }
        if (group.equals(ApiServices.GROUP)) {
            return REGISTRATION;
        }
        Priority table = builtIn(group, version.name());
        return table == null ? CUSTOM : table;
    }
}
