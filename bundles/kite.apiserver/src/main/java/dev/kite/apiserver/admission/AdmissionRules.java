package dev.kite.apiserver.admission;

import dev.kite.apiserver.podsecurity.PodSecurityRule;
import dev.kite.security.Authorization;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules that are on by default, in the order of kube-apiserver's plugins. */
public final class AdmissionRules {
    private AdmissionRules() {}

    /**
     * Makes the rules.
     *
     * @param lookups reads the cluster
     * @param authorization knows what users hold; null in tests that have none, where roles are not checked for escalation
     * @param others those that others bring: webhooks
     * @return the rules in order
     */
    public static List<AdmissionRule> of(
            Lookups lookups, @Nullable Authorization authorization, List<AdmissionRule> others) {
        List<AdmissionRule> rules = new ArrayList<>(List.of(
                new NamespaceLifecycle(lookups),
                new LimitRangerRule(lookups),
                new ServiceAccountRule(lookups),
                new NodeRestriction(),
                new NodeTaints(),
                new PodSecurityRule(lookups),
                new PriorityRule(lookups),
                new DefaultTolerationSeconds(),
                new InUseProtection(),
                new RuntimeClassRule(lookups),
                new DefaultClasses(lookups)));
        if (authorization != null) {
            rules.add(new RoleEscalation(lookups, authorization));
            rules.add(new SignerRule(authorization));
        }
        rules.addAll(others);
        // Last, so that nothing is counted that another rule refuses.
        rules.add(new ResourceQuotaRule(lookups));
        return rules;
    }
}
