package dev.kite.controllers;

import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.config.ServerSettings;
import dev.kite.controllers.accounts.RootCaLoop;
import dev.kite.controllers.accounts.ServiceAccountLoop;
import dev.kite.controllers.accounts.TokenCleanerLoop;
import dev.kite.controllers.accounts.TokenSecretLoop;
import dev.kite.controllers.base.Loop;
import dev.kite.controllers.batch.CronJobLoop;
import dev.kite.controllers.batch.JobLoop;
import dev.kite.controllers.batch.TtlLoop;
import dev.kite.controllers.certificates.CertificateLoop;
import dev.kite.controllers.daemon.DaemonSetLoop;
import dev.kite.controllers.deployment.DeploymentLoop;
import dev.kite.controllers.endpoints.EndpointSliceLoop;
import dev.kite.controllers.endpoints.EndpointsLoop;
import dev.kite.controllers.endpoints.MirroringLoop;
import dev.kite.controllers.garbage.GarbageCollectorLoop;
import dev.kite.controllers.namespaces.NamespaceLoop;
import dev.kite.controllers.nodes.NodeIpamLoop;
import dev.kite.controllers.nodes.NodeLifecycleLoop;
import dev.kite.controllers.nodes.NodeTtlLoop;
import dev.kite.controllers.nodes.PodGcLoop;
import dev.kite.controllers.nodes.TaintEvictionLoop;
import dev.kite.controllers.policy.DisruptionLoop;
import dev.kite.controllers.policy.QuotaLoop;
import dev.kite.controllers.policy.RoleAggregationLoop;
import dev.kite.controllers.replicas.ReplicaLoop;
import dev.kite.controllers.stateful.StatefulSetLoop;
import dev.kite.controllers.volumes.EphemeralVolumeLoop;
import dev.kite.controllers.volumes.ProtectionLoop;
import dev.kite.controllers.volumes.VolumeBinderLoop;
import dev.kite.security.Authority;
import dev.kite.security.ClusterCertificates;
import dev.kite.security.ServiceAccountTokens;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/** Which loops there are: this list is the controller manager. */
final class Loops {
    private Loops() {}

    /** A loop under upstream's name of its controller. */
    private record Named(String name, Supplier<Loop> loop) {}

    /**
     * Makes the loops that run.
     *
     * @param settings the server's settings
     * @param arguments what was given by --kube-controller-manager-arg
     * @param certificates the cluster's authorities
     * @param tokens signs service accounts' tokens
     * @return the loops, in the order of their start
     * @throws dev.kite.api.arguments.ArgumentException if the argument controllers names one that upstream does not have
     */
    static List<Loop> all(
            ServerSettings settings,
            ComponentArguments arguments,
            ClusterCertificates certificates,
            ServiceAccountTokens tokens) {
        ControllerNames names = new ControllerNames(arguments.list("controllers"));
        List<Loop> running = new ArrayList<>(named(settings, certificates, tokens).stream()
                .filter(one -> names.enabled(one.name()))
                .map(one -> one.loop().get())
                .toList());
        Set<CertificateLoop.Part> parts = parts(names);
        if (!parts.isEmpty()) {
            running.add(new CertificateLoop(certificates, parts));
        }
        if (names.enabled("garbage-collector-controller") && arguments.flag("enable-garbage-collector", true)) {
            running.add(new GarbageCollectorLoop());
        }
        return List.copyOf(running);
    }

    private static Set<CertificateLoop.Part> parts(ControllerNames names) {
        Set<CertificateLoop.Part> parts = EnumSet.noneOf(CertificateLoop.Part.class);
        for (CertificateLoop.Part part : CertificateLoop.Part.values()) {
            if (names.enabled("certificatesigningrequest-" + part.name().toLowerCase(Locale.ROOT) + "-controller")) {
                parts.add(part);
            }
        }
        return parts;
    }

    private static List<Named> named(
            ServerSettings settings, ClusterCertificates certificates, ServiceAccountTokens tokens) {
        Supplier<String> authority = () -> certificates.authorityPem(Authority.SERVER);
        return List.of(
                new Named("namespace-controller", NamespaceLoop::new),
                new Named("serviceaccount-controller", ServiceAccountLoop::new),
                new Named("root-ca-certificate-publisher-controller", () -> new RootCaLoop(authority)),
                new Named("serviceaccount-token-controller", () -> new TokenSecretLoop(tokens, authority)),
                new Named("token-cleaner-controller", TokenCleanerLoop::new),
                new Named("node-ipam-controller", () -> new NodeIpamLoop(List.of(settings.cluster_cidr()))),
                new Named("ttl-controller", NodeTtlLoop::new),
                new Named("node-lifecycle-controller", NodeLifecycleLoop::new),
                new Named("taint-eviction-controller", TaintEvictionLoop::new),
                new Named("pod-garbage-collector-controller", PodGcLoop::new),
                new Named("replicaset-controller", ReplicaLoop::replicaSets),
                new Named("replicationcontroller-controller", ReplicaLoop::replicationControllers),
                new Named("deployment-controller", DeploymentLoop::new),
                new Named("endpointslice-controller", EndpointSliceLoop::new),
                new Named("endpoints-controller", EndpointsLoop::new),
                new Named("daemonset-controller", DaemonSetLoop::new),
                new Named("statefulset-controller", StatefulSetLoop::new),
                new Named("job-controller", JobLoop::new),
                new Named("cronjob-controller", CronJobLoop::new),
                new Named("ttl-after-finished-controller", TtlLoop::new),
                new Named("endpointslice-mirroring-controller", MirroringLoop::new),
                new Named("persistentvolume-binder-controller", VolumeBinderLoop::new),
                new Named("ephemeral-volume-controller", EphemeralVolumeLoop::new),
                new Named("persistentvolumeclaim-protection-controller", ProtectionLoop::claims),
                new Named("persistentvolume-protection-controller", ProtectionLoop::volumes),
                new Named("disruption-controller", DisruptionLoop::new),
                new Named("resourcequota-controller", QuotaLoop::new),
                new Named("clusterrole-aggregation-controller", RoleAggregationLoop::new));
    }
}
