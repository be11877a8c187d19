package dev.kite.apiserver.admission;

import java.util.List;

/** The rules that are on by default, in the order of kube-apiserver's plugins. */
public final class AdmissionRules {
    private AdmissionRules() {}

    /**
     * Makes the rules.
     *
     * @param lookups reads the cluster
     * @return the rules in order
     */
    public static List<AdmissionRule> of(Lookups lookups) {
        return List.of(
                new NamespaceLifecycle(lookups),
                new ServiceAccountRule(lookups),
                new NodeTaints(),
                new PriorityRule(lookups),
                new DefaultTolerationSeconds(),
                new InUseProtection(),
                new RuntimeClassRule(lookups),
                new DefaultClasses(lookups));
    }
}
