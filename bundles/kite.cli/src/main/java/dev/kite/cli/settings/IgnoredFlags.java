package dev.kite.cli.settings;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The flags that scripts written for k3s may give and that change nothing in this version. They are accepted, and one warning names those that were given. A test
 * compares this table with what the bundles read.
 */
final class IgnoredFlags {
    static final Set<String> NAMES = Set.of(
            "airgap-extra-registry",
            "apiserver-bind-address",
            "apiserver-port",
            "cluster-init",
            "datastore-cafile",
            "datastore-certfile",
            "datastore-compact-interval",
            "datastore-keyfile",
            "disable-apiserver",
            "disable-apiserver-lb",
            "disable-cloud-controller",
            "disable-controller-manager",
            "disable-default-registry-endpoint",
            "disable-etcd",
            "disable-helm-controller",
            "disable-network-policy",
            "docker",
            "egress-selector-mode",
            "embedded-registry",
            "enable-pprof",
            "etcd-arg",
            "etcd-disable-snapshots",
            "etcd-expose-metrics",
            "etcd-s3",
            "etcd-s3-access-key",
            "etcd-s3-bucket",
            "etcd-s3-bucket-lookup-type",
            "etcd-s3-config-secret",
            "etcd-s3-endpoint",
            "etcd-s3-endpoint-ca",
            "etcd-s3-folder",
            "etcd-s3-insecure",
            "etcd-s3-proxy",
            "etcd-s3-region",
            "etcd-s3-retention",
            "etcd-s3-secret-key",
            "etcd-s3-session-token",
            "etcd-s3-skip-ssl-verify",
            "etcd-s3-timeout",
            "etcd-snapshot-compress",
            "etcd-snapshot-dir",
            "etcd-snapshot-name",
            "etcd-snapshot-reconcile-interval",
            "etcd-snapshot-retention",
            "etcd-snapshot-schedule-cron",
            "flannel-cni-conf",
            "flannel-conf",
            "flannel-external-ip",
            "flannel-iface",
            "flannel-ipv6-masq",
            "helm-controller-arg",
            "helm-job-image",
            "image-credential-provider-bin-dir",
            "image-credential-provider-config",
            "image-service-endpoint",
            "kube-cloud-controller-manager-arg",
            "lb-server-port",
            "node-external-dns",
            "node-internal-dns",
            "nonroot-devices",
            "prefer-bundled-bin",
            "rootless",
            "selinux",
            "servicelb-namespace",
            "supervisor-metrics",
            "supervisor-port",
            "tls-san-security",
            "vmodule",
            "vpn-auth",
            "vpn-auth-file",
            "with-node-id",
            "write-kubeconfig-group",
            "write-kubeconfig-name");

    private IgnoredFlags() {}

    /** The warning about those that were given, if any was. */
    static Optional<String> warning(Collection<String> given) {
        Set<String> ignored = new TreeSet<>(given);
        ignored.retainAll(NAMES);
        if (ignored.isEmpty()) {
            return Optional.empty();
        }
        String names = ignored.stream().map(name -> "--" + name).collect(Collectors.joining(", "));
        return Optional.of(names + (ignored.size() == 1 ? " has" : " have") + " no effect in this version and "
                + (ignored.size() == 1 ? "is" : "are") + " ignored");
    }
}
