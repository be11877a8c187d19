package dev.kite.controllers.nodes;

import static dev.kite.client.testing.FakeCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.behaviour.Behaviour;
import dev.kite.controllers.base.LoopRig;
import dev.kite.model.core.v1.Node;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodNetworksTest {
    @Test
    void lowestFreePartComesFirst() {
        PodNetworks networks = new PodNetworks("10.42.0.0/16");
        assertThat(networks.take("10.42.1.0/24")).isTrue();
        assertThat(networks.next()).isEqualTo("10.42.0.0/24");
        assertThat(networks.next()).isEqualTo("10.42.2.0/24");
    }

    @Test
    void networkEnds() {
        PodNetworks networks = new PodNetworks("10.42.0.0/23");
        assertThat(networks.next()).isNotNull();
        assertThat(networks.next()).isEqualTo("10.42.1.0/24");
        assertThat(networks.next()).isNull();
    }

    @Test
    void sixthVersionIsDividedToo() {
        PodNetworks networks = new PodNetworks("fd00:42::/56");
        assertThat(networks.next()).isEqualTo("fd00:42:0:0:0:0:0:0/64");
        assertThat(networks.next()).isEqualTo("fd00:42:0:1:0:0:0:0/64");
    }

    @Test
    void foreignPartsAreLeftAlone() {
        PodNetworks networks = new PodNetworks("10.42.0.0/16");
        assertThat(networks.take("10.43.0.0/24")).isFalse();
        assertThat(networks.take("10.42.0.0/25")).isFalse();
        assertThat(networks.take("fd00::/24")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "10.42.0.0/25",
                "10.42.0.0/-1",
                "10.42.0.0/x",
                "example.org/16",
                "10.42.0.0.1/16",
                "10.42/99"
            })
    void hostileNetworksAreRefused(String cidr) {
        assertThatThrownBy(() -> new PodNetworks(cidr)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Behaviour("Controllers: node IPAM")
    void eachNodeGetsItsOwnPart() throws Exception {
        try (LoopRig rig = new LoopRig()) {
            rig.put(
                    Node.RESOURCE,
                    "{'apiVersion':'v1','kind':'Node','metadata':{'name':'old'},'spec':{'podCIDR':'10.42.0.0/24','podCIDRs':['10.42.0.0/24']}}");
            rig.run(new NodeIpamLoop(List.of("10.42.0.0/16")));
            for (String name : List.of("a", "b", "c")) {
                rig.put(
                        Node.RESOURCE,
                        "{'apiVersion':'v1','kind':'Node','metadata':{'name':'" + name + "'},'spec':{}}");
            }
            eventually(
                    "all have one",
                    () -> rig.all(Node.RESOURCE).stream()
                            .noneMatch(n -> n.spec().podCIDR().isEmpty()));
            assertThat(rig.all(Node.RESOURCE))
                    .extracting(n -> n.spec().podCIDR())
                    .doesNotHaveDuplicates()
                    .containsExactlyInAnyOrder("10.42.0.0/24", "10.42.1.0/24", "10.42.2.0/24", "10.42.3.0/24");
        }
    }

    @Test
    void nodesGetPartsOfTheSizeThatIsAskedFor() throws Exception {
        for (String argument : List.of("node-cidr-mask-size=20", "node-cidr-mask-size-ipv4=20")) {
            try (LoopRig rig = new LoopRig()) {
                rig.with(argument, "node-cidr-mask-size-ipv6=80")
                        .run(new NodeIpamLoop(List.of("10.42.0.0/16", "fd00:42::/56")));
                rig.put(Node.RESOURCE, "{'apiVersion':'v1','kind':'Node','metadata':{'name':'a'},'spec':{}}");
                eventually(
                        "it has them",
                        () -> rig.all(Node.RESOURCE)
                                        .getFirst()
                                        .spec()
                                        .podCIDRs()
                                        .size()
                                == 2);
                assertThat(rig.all(Node.RESOURCE).getFirst().spec().podCIDRs().getFirst())
                        .isEqualTo("10.42.0.0/20");
                assertThat(rig.all(Node.RESOURCE).getFirst().spec().podCIDRs().getLast())
                        .endsWith("/80");
            }
        }
        assertThatThrownBy(() -> new PodNetworks("10.42.0.0/16", 8)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PodNetworks("10.42.0.0/16", 33)).isInstanceOf(IllegalArgumentException.class);
    }
}
