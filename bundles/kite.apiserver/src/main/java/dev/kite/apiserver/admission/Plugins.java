package dev.kite.apiserver.admission;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Upstream 1.36's admission plugins: their names, their order, and which are on by default. Stateless. */
final class Plugins {
    /** In the order in which they run. */
    static final List<String> ORDER = List.of(
            "AlwaysAdmit",
            "NamespaceAutoProvision",
            "NamespaceLifecycle",
            "NamespaceExists",
            "LimitPodHardAntiAffinityTopology",
            "LimitRanger",
            "ServiceAccount",
            "NodeRestriction",
            "TaintNodesByCondition",
            "AlwaysPullImages",
            "ImagePolicyWebhook",
            "PodSecurity",
            "PodNodeSelector",
            "Priority",
            "DefaultTolerationSeconds",
            "PodTolerationRestriction",
            "EventRateLimit",
            "ExtendedResourceToleration",
            "DefaultStorageClass",
            "StorageObjectInUseProtection",
            "PodGroupProtection",
            "OwnerReferencesPermissionEnforcement",
            "PersistentVolumeClaimResize",
            "RuntimeClass",
            "CertificateApproval",
            "CertificateSigning",
            "ClusterTrustBundleAttest",
            "CertificateSubjectRestriction",
            "DefaultIngressClass",
            "DenyServiceExternalIPs",
            "PodTopologyLabels",
            "PodGroupWorkloadExists",
            "NodeDeclaredFeatureValidator",
            "JobValidation",
            "PodResizeValidator",
            "MutatingAdmissionPolicy",
            "MutatingAdmissionWebhook",
            "ValidatingAdmissionPolicy",
            "ValidatingAdmissionWebhook",
            "ResourceQuota",
            "AlwaysDeny");

    /** Those that are off unless they are asked for; NodeRestriction is, in k3s. */
    static final Set<String> OFF = Set.of(
            "AlwaysAdmit",
            "NamespaceAutoProvision",
            "NamespaceExists",
            "LimitPodHardAntiAffinityTopology",
            "NodeRestriction",
            "AlwaysPullImages",
            "ImagePolicyWebhook",
            "PodNodeSelector",
            "PodTolerationRestriction",
            "EventRateLimit",
            "ExtendedResourceToleration",
            "OwnerReferencesPermissionEnforcement",
            "DenyServiceExternalIPs",
            "AlwaysDeny");

    private Plugins() {}

    /**
     * Those that are on.
     *
     * @param enabled those that are asked for
     * @param disabled those that are not wanted
     * @return the plugins that are on
     * @throws IllegalArgumentException if one is not known, or in both lists
     */
    static Set<String> on(List<String> enabled, List<String> disabled) {
        known("enable-admission-plugins", enabled);
        known("disable-admission-plugins", disabled);
        Set<String> both = new LinkedHashSet<>(enabled);
        both.retainAll(disabled);
        if (!both.isEmpty()) {
            throw new IllegalArgumentException(
                    both + " in enable-admission-plugins and disable-admission-plugins overlapped");
        }
        Set<String> on = new LinkedHashSet<>(ORDER);
        on.removeAll(OFF);
        disabled.forEach(on::remove);
        on.addAll(enabled);
        return Set.copyOf(on);
    }

    private static void known(String argument, List<String> names) {
        for (String name : names) {
            if (!ORDER.contains(name)) {
                throw new IllegalArgumentException(argument + " plugin \"" + name + "\" is unknown");
            }
        }
    }
}
