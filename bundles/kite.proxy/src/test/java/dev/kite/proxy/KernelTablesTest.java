package dev.kite.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kite.behaviour.Behaviour;
import dev.kite.linux.NetworkNamespace;
import dev.kite.linux.Nftables;
import dev.kite.model.core.v1.Service;
import dev.kite.model.discovery.v1.Endpoint;
import dev.kite.model.discovery.v1.EndpointSlice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rules against a real kernel, in a network namespace of the test's own. */
class KernelTablesTest {
    private static final List<String> PODS = List.of("10.42.0.0/16");

    private final String name = "kite-proxy-test-" + ProcessHandle.current().pid();
    private NetworkNamespace namespace;

    @BeforeEach
    void makeNamespace() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
        assumeTrue(Files.exists(Path.of("/usr/sbin/nft")), "needs nft");
        namespace = NetworkNamespace.create(name);
    }

    @AfterEach
    void removeNamespace() throws Exception {
        if (namespace != null) {
            NetworkNamespace.delete(name);
        }
    }

    private static Service service(String name, String ip, boolean affinity, int nodePort) {
        return Service.builder()
                .metadata(m -> m.namespace("default").name(name))
                .spec(s -> {
                    s.clusterIP(ip)
                            .clusterIPs(List.of(ip))
                            .type("NodePort")
                            .addPorts(dev.kite.model.core.v1.ServicePort.builder()
                                    .name("http")
                                    .protocol("TCP")
                                    .port(80)
                                    .nodePort(nodePort)
                                    .build());
                    if (affinity) {
                        s.sessionAffinity("ClientIP");
                    }
                })
                .build();
    }

    private static EndpointSlice slice(String service, String... addresses) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (String address : addresses) {
            endpoints.add(Endpoint.builder()
                    .addresses(List.of(address))
                    .conditions(c -> c.ready(true))
                    .nodeName("n1")
                    .build());
        }
        return EndpointSlice.builder()
                .metadata(m -> m.namespace("default")
                        .name(service + "-1")
                        .labels(Map.of("kubernetes.io/service-name", service)))
                .addressType("IPv4")
                .endpoints(endpoints)
                .addPorts(dev.kite.model.discovery.v1.EndpointPort.builder()
                        .name("http")
                        .protocol("TCP")
                        .port(8080)
                        .build())
                .build();
    }

    private String table() throws Exception {
        return namespace.call(() -> new Nftables().list("table", "ip", Transaction.TABLE));
    }

    private ServiceProxy proxy() {
        return new ServiceProxy("n1", PODS, List.of(Family.IPV4), ProxyRules.NONE, new Nftables());
    }

    private static boolean sync(
            ServiceProxy proxy, NetworkNamespace where, List<Service> services, List<EndpointSlice> slices)
            throws Exception {
        return where.call(() -> proxy.sync(services, slices));
    }

    @Test
    @Behaviour("ClusterIP and NodePort as nftables maps in one atomic transaction")
    void servicesAreElementsOfMapsThatTheKernelTakes() throws Exception {
        ServiceProxy proxy = proxy();
        assertThat(sync(
                        proxy,
                        namespace,
                        List.of(service("web", "10.43.0.20", false, 30080)),
                        List.of(slice("web", "10.42.0.5", "10.42.0.6"))))
                .isTrue();
        assertThat(table()).contains("10.43.0.20", "30080", "10.42.0.5", "10.42.0.6", "dnat", "masquerade");
    }

    @Test
    void nothingIsWrittenWhenNothingChanges() throws Exception {
        ServiceProxy proxy = proxy();
        List<Service> services = List.of(service("web", "10.43.0.20", true, 0));
        List<EndpointSlice> slices = List.of(slice("web", "10.42.0.5"));
        sync(proxy, namespace, services, slices);
        assertThat(sync(proxy, namespace, services, slices)).isFalse();
    }

    @Test
    void endpointsAndServicesComeAndGoWithoutLeavingChains() throws Exception {
        ServiceProxy proxy = proxy();
        List<Service> services =
                List.of(service("web", "10.43.0.20", true, 30080), service("db", "10.43.0.21", false, 0));
        sync(proxy, namespace, services, List.of(slice("web", "10.42.0.5", "10.42.0.6"), slice("db", "10.42.0.7")));
        sync(proxy, namespace, services, List.of(slice("web", "10.42.0.6")));
        assertThat(table())
                .doesNotContain("10.42.0.5")
                .doesNotContain("10.42.0.7")
                .contains("10.42.0.6");
        sync(proxy, namespace, List.of(), List.of());
        assertThat(table())
                .doesNotContain("\"endpoint-")
                .doesNotContain("10.43.0.20")
                .doesNotContain("affinity");
    }

    @Test
    void aServiceWithoutEndpointsIsRejected() throws Exception {
        ServiceProxy proxy = proxy();
        sync(proxy, namespace, List.of(service("web", "10.43.0.20", false, 30080)), List.of());
        assertThat(table())
                .contains(ServiceChains.REJECT)
                .contains("10.43.0.20")
                .doesNotContain("dnat");
    }

    @Test
    void aNewProxyTakesOverWhatAnOldOneLeft() throws Exception {
        sync(
                proxy(),
                namespace,
                List.of(service("old", "10.43.0.30", true, 30099)),
                List.of(slice("old", "10.42.0.9")));
        sync(proxy(), namespace, List.of(service("web", "10.43.0.20", false, 0)), List.of(slice("web", "10.42.0.5")));
        assertThat(table()).doesNotContain("10.43.0.30").doesNotContain("30099").contains("10.43.0.20");
    }

    @Test
    void aRefusedTransactionIsFollowedByTheWhole() throws Exception {
        ServiceProxy proxy = proxy();
        sync(proxy, namespace, List.of(service("web", "10.43.0.20", false, 0)), List.of(slice("web", "10.42.0.5")));
        namespace.call(() -> {
            new Nftables().apply(Transaction.remove(Family.IPV4));
            return "";
        });
        List<Service> services = List.of(service("web", "10.43.0.20", false, 0));
        List<EndpointSlice> slices = List.of(slice("web", "10.42.0.6"));
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> sync(proxy, namespace, services, slices))
                .isInstanceOf(java.io.IOException.class);
        assertThat(sync(proxy, namespace, services, slices)).isTrue();
        assertThat(table()).contains("10.42.0.6");
    }
}
