package dev.kite.apiserver.admission;

import dev.kite.apiserver.podsecurity.PodSecurityRule;
import dev.kite.security.Authorization;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The rules that are on, in the order of kube-apiserver's plugins. */
public final class AdmissionRules {
    private AdmissionRules() {}

    /**
     * Makes the rules.
     *
     * @param with what they work with
     * @param others those that are made elsewhere, by name: webhooks and policies
     * @param namespaces makes a namespace of a name, where it isn't there yet
     * @return the rules that are on, in order
     * @throws IllegalArgumentException if one's configuration is wrong
     */
    public static List<AdmissionRule> of(
            AdmissionContext with, Map<String, AdmissionRule> others, Consumer<String> namespaces) {
        Map<String, Supplier<AdmissionRule>> known = new HashMap<>();
        Lookups lookups = with.lookups();
        AdmissionSettings settings = with.settings();
        known.put("NamespaceAutoProvision", () -> new AutoProvision(lookups, namespaces));
        known.put("NamespaceLifecycle", () -> new NamespaceLifecycle(lookups));
        known.put("NamespaceExists", () -> new NamespaceExists(lookups));
        known.put("LimitPodHardAntiAffinityTopology", AntiAffinityTopology::new);
        known.put("LimitRanger", () -> new LimitRangerRule(lookups));
        known.put("ServiceAccount", () -> new ServiceAccountRule(lookups));
        known.put("NodeRestriction", () -> new NodeRestriction(lookups, with.authorization()));
        known.put("TaintNodesByCondition", NodeTaints::new);
        known.put("AlwaysPullImages", AlwaysPullImages::new);
        known.put("ImagePolicyWebhook", () -> ImagePolicyWebhook.of(settings.of("ImagePolicyWebhook"), with.clock()));
        known.put("PodSecurity", () -> new PodSecurityRule(lookups, settings.of("PodSecurity")));
        known.put("PodNodeSelector", () -> new PodNodeSelector(lookups, settings.of("PodNodeSelector")));
        known.put("Priority", () -> new PriorityRule(lookups));
        known.put("DefaultTolerationSeconds", DefaultTolerationSeconds::new);
        known.put(
                "PodTolerationRestriction",
                () -> new PodTolerationRestriction(lookups, settings.of("PodTolerationRestriction")));
        known.put("EventRateLimit", () -> new EventRateLimit(settings.of("EventRateLimit"), with.clock()));
        known.put("ExtendedResourceToleration", ExtendedResourceToleration::new);
        known.put("DefaultStorageClass", () -> new DefaultStorageClass(lookups));
        known.put("StorageObjectInUseProtection", InUseProtection::new);
        known.put("PersistentVolumeClaimResize", () -> new VolumeResize(lookups));
        known.put("RuntimeClass", () -> new RuntimeClassRule(lookups));
        known.put("CertificateSubjectRestriction", CertificateSubjectRestriction::new);
        known.put("DefaultIngressClass", () -> new DefaultIngressClass(lookups));
        known.put("DenyServiceExternalIPs", DenyExternalIps::new);
        known.put("PodTopologyLabels", () -> new PodTopologyLabels(lookups));
        known.put("PodResizeValidator", () -> new PodResize(lookups));
        known.put("ResourceQuota", () -> new ResourceQuotaRule(with.quotas(), settings.of("ResourceQuota")));
        known.put("AlwaysDeny", AlwaysDeny::new);
        authorized(known, with);
        others.forEach((name, rule) -> known.put(name, () -> rule));
        List<AdmissionRule> rules = new ArrayList<>();
        if (with.authorization() != null) {
            // No plugin: nobody can switch it off.
            rules.add(new RoleEscalation(lookups, with.authorization()));
        }
        for (String name : Plugins.ORDER) {
            // Plugins whose feature gates are off upstream, too, have no rule.
            Supplier<AdmissionRule> rule = known.get(name);
            if (rule != null && settings.on().contains(name)) {
                rules.add(rule.get());
            }
        }
        return rules;
    }

    private static void authorized(Map<String, Supplier<AdmissionRule>> known, AdmissionContext with) {
        Authorization authorization = with.authorization();
        if (authorization == null) {
            return;
        }
        known.put("OwnerReferencesPermissionEnforcement", () -> new OwnerReferences(authorization, with.catalog()));
        known.put("CertificateApproval", () -> new CertificateApproval(authorization));
        known.put("CertificateSigning", () -> new CertificateSigning(authorization));
        known.put("ClusterTrustBundleAttest", () -> new TrustBundleAttest(authorization));
    }
}
