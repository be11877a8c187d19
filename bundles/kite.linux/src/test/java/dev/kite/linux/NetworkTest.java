package dev.kite.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class NetworkTest {
    @BeforeAll
    static void needsRoot() {
        assumeTrue(Processes.effectiveUser() == 0, "skipped: network namespaces need root");
    }

    private static <T> T in(NetworkNamespace namespace, Callable<T> code) throws Exception {
        return namespace.call(code);
    }

    private static void up(NetworkNamespace namespace, String name, String address) throws Exception {
        in(namespace, () -> {
            try (RouteNetlink netlink = RouteNetlink.open()) {
                int index = netlink.link(name).orElseThrow().index();
                netlink.addAddress(index, IpPrefix.parse(address));
                netlink.setUp(index, true);
            }
            return null;
        });
    }

    @Test
    void socketsOpenedInANamespaceStayInIt() throws Exception {
        try (NetworkNamespace one = NetworkNamespace.anonymous();
                NetworkNamespace two = NetworkNamespace.anonymous()) {
            in(one, () -> {
                try (RouteNetlink netlink = RouteNetlink.open()) {
                    netlink.createVeth("a", "b", two, 1400);
                }
                return null;
            });
            up(one, "a", "10.9.0.1/24");
            up(two, "b", "10.9.0.2/24");
            InetSocketAddress to = new InetSocketAddress(InetAddress.ofLiteral("10.9.0.2"), 4000);
            try (DatagramChannel receiver = in(
                            two,
                            () -> DatagramChannel.open(StandardProtocolFamily.INET)
                                    .bind(to));
                    DatagramChannel sender = in(
                            one,
                            () -> DatagramChannel.open(StandardProtocolFamily.INET)
                                    .bind(new InetSocketAddress(InetAddress.ofLiteral("10.9.0.1"), 0)))) {
                sender.send(ByteBuffer.wrap(new byte[] {42}), to);
                ByteBuffer buffer = ByteBuffer.allocate(8);
                receiver.socket().setSoTimeout(5000);
                receiver.receive(buffer);
                assertThat(buffer.flip().get()).isEqualTo((byte) 42);
            }
            try (RouteNetlink here = RouteNetlink.open()) {
                assertThat(here.link("a")).as("the host's links").isEmpty();
            }
        }
    }

    @Test
    void linksRoutesAndNeighboursAreListedAsTheyWereSet() throws Exception {
        try (NetworkNamespace namespace = NetworkNamespace.anonymous()) {
            in(namespace, () -> {
                try (RouteNetlink netlink = RouteNetlink.open()) {
                    netlink.createBridge("br0", 1450);
                    Link bridge = netlink.link("br0").orElseThrow();
                    assertThat(bridge.kind()).isEqualTo("bridge");
                    assertThat(bridge.mtu()).isEqualTo(1450);
                    assertThat(bridge.up()).isFalse();
                    assertThatThrownBy(() -> netlink.createBridge("br0", 0))
                            .isInstanceOfSatisfying(
                                    ErrnoException.class,
                                    e -> assertThat(e.errno()).isEqualTo(ErrnoException.EEXIST));
                    netlink.createVeth("v0", "v1", null, 0);
                    Link v0 = netlink.link("v0").orElseThrow();
                    netlink.setMaster(v0.index(), bridge.index());
                    assertThat(netlink.link("v0").orElseThrow().master()).isEqualTo(bridge.index());
                    netlink.addAddress(bridge.index(), IpPrefix.parse("10.9.1.1/24"));
                    netlink.addAddress(bridge.index(), IpPrefix.parse("10.9.1.1/24"));
                    netlink.addAddress(bridge.index(), IpPrefix.parse("fd09::1/64"));
                    netlink.setUp(bridge.index(), true);
                    netlink.createVxlan(new Vxlan(
                            "flannel.1",
                            1,
                            bridge.index(),
                            InetAddress.ofLiteral("10.9.1.1"),
                            8472,
                            "02:00:0a:09:01:01",
                            1400));
                    Link vxlan = netlink.link("flannel.1").orElseThrow();
                    assertThat(vxlan.mac()).isEqualTo("02:00:0a:09:01:01");
                    netlink.addAddress(vxlan.index(), IpPrefix.parse("10.42.0.0/32"));
                    netlink.setUp(vxlan.index(), true);

                    Neighbour tunnel = new Neighbour(
                            vxlan.index(), true, InetAddress.ofLiteral("10.9.1.2"), "02:00:0a:09:01:02", true);
                    Neighbour arp = new Neighbour(
                            vxlan.index(), false, InetAddress.ofLiteral("10.42.1.0"), "02:00:0a:09:01:02", true);
                    netlink.setNeighbour(tunnel);
                    netlink.setNeighbour(arp);
                    assertThat(netlink.neighbours(true)).contains(tunnel);
                    assertThat(netlink.neighbours(false)).contains(arp);

                    Route pods = Route.viaOnLink(
                            IpPrefix.parse("10.42.1.0/24"), InetAddress.ofLiteral("10.42.1.0"), vxlan.index());
                    netlink.setRoute(pods);
                    netlink.setRoute(pods);
                    assertThat(netlink.routes())
                            .filteredOn(r -> r.destination().equals(pods.destination()))
                            .containsExactly(pods);
                    Route six = Route.via(IpPrefix.parse("::/0"), InetAddress.ofLiteral("fd09::2"), bridge.index());
                    netlink.setRoute(six);
                    Route all =
                            Route.via(IpPrefix.parse("0.0.0.0/0"), InetAddress.ofLiteral("10.9.1.9"), bridge.index());
                    netlink.setRoute(all);
                    NodeAddresses.Uplink uplink = NodeAddresses.detect().orElseThrow();
                    assertThat(uplink.link().name()).isEqualTo("br0");
                    assertThat(uplink.addresses())
                            .startsWith(InetAddress.ofLiteral("10.9.1.1"))
                            .contains(InetAddress.ofLiteral("fd09::1"));
                    netlink.deleteRoute(pods);
                    netlink.deleteNeighbour(arp);
                    netlink.deleteNeighbour(tunnel);
                    assertThat(netlink.routes()).doesNotContain(pods);
                    assertThat(netlink.neighbours(true)).doesNotContain(tunnel);
                    netlink.deleteLink(vxlan.index());
                    assertThat(netlink.link("flannel.1")).isEmpty();
                }
                return null;
            });
        }
    }

    @Test
    void namedNamespacesLastUntilTheyAreDeleted() throws Exception {
        String name = "kl-" + UUID.randomUUID().toString().substring(0, 8);
        NetworkNamespace created = NetworkNamespace.create(name);
        try {
            assertThatThrownBy(() -> NetworkNamespace.create(name)).hasMessageContaining("exists");
            assertThat(Mounts.isMountPoint(created.path())).isTrue();
            assertThat(in(NetworkNamespace.named(name), () -> {
                        try (RouteNetlink netlink = RouteNetlink.open()) {
                            return netlink.links().size();
                        }
                    }))
                    .isEqualTo(1);
        } finally {
            NetworkNamespace.delete(name);
        }
        assertThat(created.path()).doesNotExist();
        NetworkNamespace.delete(name);
    }

    @Test
    void nftAppliesOneTransactionOrNothingInTheCallersNamespace() throws Exception {
        try (NetworkNamespace namespace = NetworkNamespace.anonymous()) {
            Nftables nft = new Nftables();
            in(namespace, () -> {
                nft.apply("{\"nftables\":[{\"add\":{\"table\":{\"family\":\"inet\",\"name\":\"kite-test\"}}}]}");
                assertThat(nft.list("tables")).contains("kite-test");
                assertThatThrownBy(() -> nft.apply(
                                "{\"nftables\":[{\"add\":{\"table\":{\"family\":\"inet\",\"name\":\"second\"}}},"
                                        + "{\"delete\":{\"table\":{\"family\":\"inet\",\"name\":\"absent\"}}}]}"))
                        .hasMessageStartingWith("nft: ");
                assertThat(nft.list("tables")).doesNotContain("second");
                return null;
            });
            assertThat(nft.list("tables")).doesNotContain("kite-test");
            assertThatThrownBy(() -> new Nftables("/absent/nft").list("tables"))
                    .hasMessageContaining("install the nftables package");
        }
    }
}
