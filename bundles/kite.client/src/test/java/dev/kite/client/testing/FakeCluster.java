package dev.kite.client.testing;

import dev.kite.api.client.KubernetesClient;
import dev.kite.api.client.KubernetesClientFactory;
import dev.kite.api.security.UserInfo;
import dev.kite.client.ClientFactory;
import java.time.Duration;
import java.util.function.Supplier;

/** A fake API with real clients of it, which it closes. */
public final class FakeCluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final FakeApi api = new FakeApi();
    private final KubernetesClientFactory factory = new ClientFactory(
            options -> {
                throw new UnsupportedOperationException("this test has no network");
            },
            api);
    private final KubernetesClient admin = factory.inProcess(UserInfo.of("admin", UserInfo.MASTERS));

    /** With the kinds that most loops need. */
    public FakeCluster() {
        api.serve("", "v1", "Pod", "pods", true)
                .serve("", "v1", "Node", "nodes", false)
                .serve("", "v1", "Namespace", "namespaces", false)
                .serve("", "v1", "Service", "services", true)
                .serve("", "v1", "Endpoints", "endpoints", true)
                .serve("", "v1", "ServiceAccount", "serviceaccounts", true)
                .serve("", "v1", "ConfigMap", "configmaps", true)
                .serve("", "v1", "Secret", "secrets", true)
                .serve("", "v1", "Event", "events", true)
                .serve("", "v1", "PersistentVolume", "persistentvolumes", false)
                .serve("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", true)
                .serve("", "v1", "ReplicationController", "replicationcontrollers", true)
                .serve("", "v1", "ResourceQuota", "resourcequotas", true)
                .serve("apps", "v1", "ReplicaSet", "replicasets", true)
                .serve("apps", "v1", "Deployment", "deployments", true)
                .serve("apps", "v1", "StatefulSet", "statefulsets", true)
                .serve("apps", "v1", "DaemonSet", "daemonsets", true)
                .serve("apps", "v1", "ControllerRevision", "controllerrevisions", true)
                .serve("batch", "v1", "Job", "jobs", true)
                .serve("batch", "v1", "CronJob", "cronjobs", true)
                .serve("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", true)
                .serve("coordination.k8s.io", "v1", "Lease", "leases", true)
                .serve("storage.k8s.io", "v1", "StorageClass", "storageclasses", false)
                .serve("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", true)
                .serve("scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", false)
                .serve("certificates.k8s.io", "v1", "CertificateSigningRequest", "certificatesigningrequests", false)
                .serve("authorization.k8s.io", "v1", "SubjectAccessReview", "subjectaccessreviews", false)
                .serve("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", false);
    }

    /** The API. */
    public FakeApi api() {
        return api;
    }

    /** Makes clients of it. */
    public KubernetesClientFactory clients() {
        return factory;
    }

    /** One that may do everything. */
    public KubernetesClient admin() {
        return admin;
    }

    /** Waits, at most ten seconds, until something is so; says what it was waiting for otherwise. */
    public static void eventually(String what, Supplier<Boolean> condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.get()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("never came true: " + what);
            }
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                throw new AssertionError("interrupted while waiting for: " + what, e);
            }
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
