package dev.kite.api.arguments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Arguments that k3s's documentation, its hardening guide and kube-bench's k3s-cis benchmarks name; facts only. */
class NamedArgumentsTest {
    private static final Map<UpstreamComponent, String> NAMED = Map.of(
            UpstreamComponent.APISERVER, """
                    admission-control-config-file anonymous-auth audit-log-maxage audit-log-maxbackup audit-log-maxsize
                    audit-log-path audit-policy-file authorization-mode client-ca-file disable-admission-plugins
                    enable-admission-plugins encryption-provider-config etcd-cafile etcd-certfile etcd-keyfile event-ttl
                    kubelet-certificate-authority kubelet-client-certificate kubelet-client-key oidc-client-id
                    oidc-groups-claim oidc-issuer-url oidc-username-claim profiling request-timeout secure-port
                    service-account-extend-token-expiration service-account-issuer service-account-key-file
                    service-account-lookup tls-cert-file tls-cipher-suites tls-min-version tls-private-key-file
                    token-auth-file""",
            UpstreamComponent.CONTROLLER_MANAGER, """
                    bind-address node-monitor-grace-period node-monitor-period profiling root-ca-file
                    service-account-private-key-file terminated-pod-gc-threshold use-service-account-credentials""",
            UpstreamComponent.SCHEDULER, "bind-address profiling",
            UpstreamComponent.KUBELET, """
                    anonymous-auth authorization-mode client-ca-file config container-log-max-files
                    container-log-max-size event-qps eviction-hard eviction-minimum-reclaim feature-gates
                    hostname-override image-gc-high-threshold image-gc-low-threshold kube-reserved
                    make-iptables-util-chains max-pods node-status-update-frequency pod-max-pids protect-kernel-defaults
                    read-only-port rotate-certificates rotate-server-certificates seccomp-default
                    streaming-connection-idle-timeout system-reserved tls-cert-file tls-cipher-suites tls-private-key-file""",
            UpstreamComponent.PROXY, "metrics-bind-address nodeport-addresses proxy-mode");

    /** What is named and not honoured yet; the list may only become shorter. */
    private static final Map<UpstreamComponent, List<String>> NOT_YET = Map.of(
            UpstreamComponent.APISERVER,
                    List.of("profiling", "request-timeout", "tls-cipher-suites", "tls-min-version", "token-auth-file"),
            UpstreamComponent.CONTROLLER_MANAGER, List.of(),
            UpstreamComponent.SCHEDULER, List.of(),
            UpstreamComponent.KUBELET, List.of("feature-gates", "tls-cipher-suites"),
            UpstreamComponent.PROXY, List.of("metrics-bind-address"));

    @ParameterizedTest
    @EnumSource
    void whatGuidesNameIsHonouredOrSaysWhyItHasNoMeaning(UpstreamComponent component) {
        ArgumentTable table = ArgumentTable.of(component);
        List<String> named =
                List.of(Objects.requireNonNull(NAMED.get(component)).strip().split("\\s+"));
        assertThat(named)
                .allSatisfy(name -> assertThat(table.find(name)).as(name).isNotNull());
        TreeSet<String> missing = new TreeSet<>(named);
        missing.removeIf(name -> Objects.requireNonNull(table.find(name)).state() != Argument.State.MISSING);
        assertThat(Objects.requireNonNull(NOT_YET.get(component)))
                .as("strike from the list what is honoured now, and add nothing")
                .containsAll(missing);
    }
}
