package dev.kite.controllers;

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
import java.util.List;
import java.util.function.Supplier;

/** Which loops there are: this list is the controller manager. */
final class Loops {
    private Loops() {}

    /**
     * Makes all loops.
     *
     * @param settings the server's settings
     * @param certificates the cluster's authorities
     * @param tokens signs service accounts' tokens
     * @return the loops, in the order of their start
     */
    static List<Loop> all(ServerSettings settings, ClusterCertificates certificates, ServiceAccountTokens tokens) {
        Supplier<String> authority = () -> certificates.authorityPem(Authority.SERVER);
        return List.of(
                new NamespaceLoop(),
                new ServiceAccountLoop(),
                new RootCaLoop(authority),
                new TokenSecretLoop(tokens, authority),
                new TokenCleanerLoop(),
                new CertificateLoop(certificates),
                new NodeIpamLoop(List.of(settings.cluster_cidr())),
                new NodeTtlLoop(),
                new NodeLifecycleLoop(),
                new TaintEvictionLoop(),
                new PodGcLoop(),
                ReplicaLoop.replicaSets(),
                ReplicaLoop.replicationControllers(),
                new DeploymentLoop(),
                new EndpointSliceLoop(),
                new EndpointsLoop(),
                new DaemonSetLoop(),
                new StatefulSetLoop(),
                new JobLoop(),
                new CronJobLoop(),
                new TtlLoop(),
                new MirroringLoop(),
                new VolumeBinderLoop(),
                new EphemeralVolumeLoop(),
                ProtectionLoop.claims(),
                ProtectionLoop.volumes(),
                new DisruptionLoop(),
                new QuotaLoop(),
                new RoleAggregationLoop(),
                new GarbageCollectorLoop());
    }
}
