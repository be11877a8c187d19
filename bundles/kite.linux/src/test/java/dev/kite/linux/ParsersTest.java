package dev.kite.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ParsersTest {
    @Test
    void mountinfoIsReadWithItsEscapesAndOptionalFields() {
        List<MountInfo> mounts = Mounts.parse(
                "36 35 98:0 /a\\040b /mnt/x\\134y rw,noatime shared:1 master:2 - ext3 /dev/root rw,errors=continue\n"
                        + "37 36 0:5 / /proc rw - proc proc rw\n");
        assertThat(mounts).hasSize(2);
        assertThat(mounts.getFirst().root()).isEqualTo("/a b");
        assertThat(mounts.getFirst().mountPoint()).isEqualTo(Path.of("/mnt/x\\y"));
        assertThat(mounts.getFirst().options()).containsExactly("rw", "noatime");
        assertThat(mounts.getFirst().type()).isEqualTo("ext3");
        assertThat(mounts.get(1).superOptions()).containsExactly("rw");
    }

    @Property
    void anyMountinfoTextIsReadWithoutFailing(@ForAll String text) {
        assertThat(Mounts.parse(text)).isNotNull();
        assertThat(Mounts.parse("1 2 0:1 / " + text + " rw - a b c")).isNotNull();
    }

    @Test
    void aProcessNameMayHoldParenthesesAndSpaces() {
        Processes.Info info = Processes.parseStat(
                        "12 (a) b (c) S 1 12 12 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 777 9 10")
                .orElseThrow();
        assertThat(info).isEqualTo(new Processes.Info(12, 1, 777, 'S', "a) b (c"));
    }

    @Property
    void anyStatTextIsReadWithoutFailing(@ForAll String text) {
        assertThat(Processes.parseStat(text)).isNotNull();
        assertThat(Processes.parseStat("1 (" + text + ") S 1 2")).isEmpty();
    }

    @Property
    void anyAttributeBytesAreReadWithoutFailing(@ForAll byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        NetlinkMessage.attributes(buffer).values().forEach(value -> {
            NetlinkMessage.text(value);
            NetlinkMessage.number(value, 0);
        });
    }

    @Test
    void prefixesKnowTheirNetworkAndAddresses() {
        IpPrefix prefix = IpPrefix.parse("10.42.3.77/22");
        assertThat(prefix.network()).hasToString("10.42.0.0/22");
        assertThat(prefix.nth(257)).isEqualTo(InetAddress.ofLiteral("10.42.1.1"));
        assertThat(prefix.contains(InetAddress.ofLiteral("10.42.3.255"))).isTrue();
        assertThat(prefix.contains(InetAddress.ofLiteral("10.42.4.0"))).isFalse();
        assertThat(prefix.contains(InetAddress.ofLiteral("fd00::1"))).isFalse();
        assertThat(IpPrefix.parse("fd00::/8").v6()).isTrue();
        for (String bad : List.of("", "10.0.0.1", "10.0.0.0/33", "10.0.0.0/-1", "host.example/8", "10.0.0.0/x", "/8")) {
            assertThatThrownBy(() -> IpPrefix.parse(bad)).as(bad).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void theUplinkIsThatOfTheCheapestDefaultRoute() {
        Link eth0 = new Link(2, "eth0", "", "", 1500, true, false, 0, 0);
        Link eth1 = new Link(3, "eth1", "", "", 1500, true, false, 0, 0);
        List<LinkAddress> addresses = List.of(
                new LinkAddress(2, IpPrefix.parse("10.0.0.2/24"), 0),
                new LinkAddress(3, IpPrefix.parse("10.0.1.2/24"), 0),
                new LinkAddress(3, IpPrefix.parse("10.0.1.3/24"), 0),
                new LinkAddress(3, IpPrefix.parse("fe80::1/64"), 253));
        IpPrefix all = IpPrefix.parse("0.0.0.0/0");
        Route dear = new Route(all, InetAddress.ofLiteral("10.0.0.1"), 2, null, 200, Route.MAIN, 3, false);
        Route cheap = new Route(
                all,
                InetAddress.ofLiteral("10.0.1.1"),
                3,
                InetAddress.ofLiteral("10.0.1.3"),
                100,
                Route.MAIN,
                3,
                false);
        assertThat(NodeAddresses.choose(List.of(eth0, eth1), addresses, List.of(dear, cheap)))
                .contains(new NodeAddresses.Uplink(
                        eth1, List.of(InetAddress.ofLiteral("10.0.1.3"), InetAddress.ofLiteral("10.0.1.2"))));
        assertThat(NodeAddresses.choose(List.of(eth0, eth1), addresses, List.of())
                        .orElseThrow()
                        .link())
                .isEqualTo(eth0);
        assertThat(NodeAddresses.choose(List.of(), List.of(), List.of())).isEmpty();
    }
}
