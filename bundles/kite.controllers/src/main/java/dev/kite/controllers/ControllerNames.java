package dev.kite.controllers;

import dev.kite.api.arguments.ArgumentException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The names of upstream's controllers as {@code --controllers} takes them, the short ones of before 1.28 too, and which of them a list turns on. Pure.
 */
final class ControllerNames {
    /** What k3s gives: all that are on by default, and bootstrap tokens are cleaned. */
    static final String DEFAULT = "*,token-cleaner-controller";

    private static final Set<String> OFF_BY_DEFAULT =
            Set.of("bootstrap-signer-controller", "token-cleaner-controller", "selinux-warning-controller");

    /** Short names of before 1.28. */
    private static final Map<String, String> ALIASES = Map.ofEntries(
            Map.entry("attachdetach", "persistentvolume-attach-detach-controller"),
            Map.entry("bootstrapsigner", "bootstrap-signer-controller"),
            Map.entry("cloud-node-lifecycle", "cloud-node-lifecycle-controller"),
            Map.entry("clusterrole-aggregation", "clusterrole-aggregation-controller"),
            Map.entry("cronjob", "cronjob-controller"),
            Map.entry("csrapproving", "certificatesigningrequest-approving-controller"),
            Map.entry("csrcleaner", "certificatesigningrequest-cleaner-controller"),
            Map.entry("csrsigning", "certificatesigningrequest-signing-controller"),
            Map.entry("daemonset", "daemonset-controller"),
            Map.entry("deployment", "deployment-controller"),
            Map.entry("disruption", "disruption-controller"),
            Map.entry("endpoint", "endpoints-controller"),
            Map.entry("endpointslice", "endpointslice-controller"),
            Map.entry("endpointslicemirroring", "endpointslice-mirroring-controller"),
            Map.entry("ephemeral-volume", "ephemeral-volume-controller"),
            Map.entry("garbagecollector", "garbage-collector-controller"),
            Map.entry("horizontalpodautoscaling", "horizontal-pod-autoscaler-controller"),
            Map.entry("job", "job-controller"),
            Map.entry("legacy-service-account-token-cleaner", "legacy-serviceaccount-token-cleaner-controller"),
            Map.entry("namespace", "namespace-controller"),
            Map.entry("nodeipam", "node-ipam-controller"),
            Map.entry("nodelifecycle", "node-lifecycle-controller"),
            Map.entry("persistentvolume-binder", "persistentvolume-binder-controller"),
            Map.entry("persistentvolume-expander", "persistentvolume-expander-controller"),
            Map.entry("podgc", "pod-garbage-collector-controller"),
            Map.entry("pv-protection", "persistentvolume-protection-controller"),
            Map.entry("pvc-protection", "persistentvolumeclaim-protection-controller"),
            Map.entry("replicaset", "replicaset-controller"),
            Map.entry("replicationcontroller", "replicationcontroller-controller"),
            Map.entry("resource-claim-controller", "resourceclaim-controller"),
            Map.entry("resourcequota", "resourcequota-controller"),
            Map.entry("root-ca-cert-publisher", "root-ca-certificate-publisher-controller"),
            Map.entry("route", "node-route-controller"),
            Map.entry("service", "service-lb-controller"),
            Map.entry("serviceaccount", "serviceaccount-controller"),
            Map.entry("serviceaccount-token", "serviceaccount-token-controller"),
            Map.entry("statefulset", "statefulset-controller"),
            Map.entry("storage-version-gc", "storageversion-garbage-collector-controller"),
            Map.entry("tokencleaner", "token-cleaner-controller"),
            Map.entry("ttl", "ttl-controller"),
            Map.entry("ttl-after-finished", "ttl-after-finished-controller"));

    /** Names that never had a shorter one; Kite has no loop for some of them. */
    private static final Set<String> LATER = Set.of(
            "device-taint-eviction-controller",
            "kube-apiserver-serving-clustertrustbundle-publisher-controller",
            "podcertificaterequest-cleaner-controller",
            "podgroup-protection-controller",
            "resourcepoolstatusrequest-controller",
            "selinux-warning-controller",
            "service-cidr-controller",
            "storage-version-migrator-controller",
            "taint-eviction-controller",
            "validatingadmissionpolicy-status-controller",
            "volumeattributesclass-protection-controller");

    private final Map<String, Boolean> named = new HashMap<>();
    private final boolean others;

    /**
     * Reads a list.
     *
     * @param list names, names with a hyphen before them, and an asterisk for all that are on by default
     * @throws ArgumentException in upstream's words, where a name is none
     */
    ControllerNames(List<String> list) {
        this.others = list.contains("*");
        List<String> unknown = new ArrayList<>();
        for (String one : list) {
            if (one.equals("*")) {
                continue;
            }
            String bare = one.startsWith("-") ? one.substring(1) : one;
            String name = ALIASES.getOrDefault(bare, bare);
            if (!LATER.contains(name) && !ALIASES.containsValue(name)) {
                unknown.add("\"" + bare + "\" is not in the list of known controllers");
            }
            named.putIfAbsent(name, !one.startsWith("-"));
        }
        if (!unknown.isEmpty()) {
            throw new ArgumentException("--kube-controller-manager-arg: controllers: " + String.join(", ", unknown));
        }
    }

    /** Whether a controller runs; of two that name it the first counts, as upstream. */
    boolean enabled(String name) {
        return Objects.requireNonNullElse(named.get(name), others && !OFF_BY_DEFAULT.contains(name));
    }
}
