package dev.kite.node.self;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kite.cri.ContainerImage;
import dev.kite.cri.RuntimeInfo;
import dev.kite.model.core.v1.Node;
import dev.kite.model.core.v1.NodeCondition;
import dev.kite.model.core.v1.NodeStatus;
import dev.kite.model.core.v1.Pod;
import dev.kite.node.KubeletArguments;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeObjectTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Machine MACHINE = new Machine(
            4, 8L << 30, Map.of(2L << 20, 64L << 20), 100_000_000_000L, "m", "s", "b", "6.1", "Linux", "amd64");
    private static final NodeObject NODE = new NodeObject(
            "n1",
            MACHINE,
            List.of(InetAddress.ofLiteral("192.0.2.1")),
            List.of("198.51.100.1"),
            10250,
            KubeletArguments.parse(),
            true,
            List.of("zone=a", "flag"),
            List.of("k=v:NoExecute", "x:NoSchedule"));

    @TempDir
    Path folder;

    private static NodeObject.Health health(boolean network) {
        return new NodeObject.Health(
                new RuntimeInfo(
                        "containerd",
                        "1.6.20",
                        List.of(
                                new RuntimeInfo.Condition("RuntimeReady", true, "", ""),
                                new RuntimeInfo.Condition("NetworkReady", network, "NetworkPluginNotReady", "no cni"))),
                List.of(),
                Set.of());
    }

    private static NodeCondition ready(NodeStatus status) {
        return status.conditions().stream()
                .filter(one -> one.type().equals("Ready"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void registrationCarriesK3sLabelsAndTheSetOnes() {
        Node node = NODE.registration();
        assertThat(node.metadata().labels())
                .containsEntry("kubernetes.io/hostname", "n1")
                .containsEntry("node-role.kubernetes.io/control-plane", "true")
                .containsEntry("node.kubernetes.io/instance-type", "k3s")
                .containsEntry("zone", "a")
                .containsEntry("flag", "");
        assertThat(node.spec().taints())
                .extracting(one -> one.key() + "=" + one.value() + ":" + one.effect())
                .containsExactly("k=v:NoExecute", "x=:NoSchedule");
        assertThat(node.spec().providerID()).isEqualTo("k3s://n1");
    }

    @Test
    void theNodeIsReadyWhenItsRuntimeAndNetworkAre() {
        NodeStatus down = NODE.status(NodeStatus.builder().build(), health(false), NOW);
        assertThat(ready(down).status()).isEqualTo("False");
        assertThat(ready(down).message())
                .isEqualTo(
                        "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:no cni");
        NodeStatus up = NODE.status(down, health(true), NOW.plusSeconds(5));
        assertThat(ready(up).status()).isEqualTo("True");
        assertThat(ready(up).lastTransitionTime()).isEqualTo(NOW.plusSeconds(5));
        assertThat(up.addresses())
                .extracting(one -> one.type() + " " + one.address())
                .containsExactly("InternalIP 192.0.2.1", "ExternalIP 198.51.100.1", "Hostname n1");
        assertThat(up.nodeInfo().containerRuntimeVersion()).isEqualTo("containerd://1.6.20");
        assertThat(up.capacity().get("hugepages-2Mi")).hasToString("64Mi");
        assertThat(up.allocatable().get("memory").value()).isEqualTo((8L << 30) - (64L << 20));
        NodeStatus gone = NODE.status(up, new NodeObject.Health(null, List.of(), Set.of("DiskPressure")), NOW);
        assertThat(ready(gone).message()).isEqualTo("container runtime is down");
    }

    @Test
    void aStaticPodIsItsFilesPodUnderTheNodesName() throws Exception {
        String text = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: a, image: i}]}\n";
        Pod pod = StaticPods.parse(text, "n1");
        assertThat(pod.key()).isEqualTo("default/p-n1");
        assertThat(pod.spec().nodeName()).isEqualTo("n1");
        assertThat(pod.metadata().annotations())
                .containsEntry(StaticPods.SOURCE, "file")
                .containsKey(StaticPods.MIRROR);
        assertThat(StaticPods.parse(text.replace("image: i", "image: j"), "n1")
                        .metadata()
                        .annotations())
                .isNotEqualTo(pod.metadata().annotations());
    }

    @Property
    void anyManifestIsReadOrRefused(@ForAll String text) {
        for (String one :
                List.of(text, "kind: Pod\nmetadata: " + text, "{\"kind\":\"Pod\",\"spec\":\"" + text + "\"}")) {
            try {
                assertThat(StaticPods.parse(one, "n").metadata().name()).isNotEmpty();
            } catch (IOException e) {
                assertThat(e).isNotNull();
            }
        }
    }

    @Test
    void heartbeatsAloneAreNoDifference() {
        NodeStatus one = NODE.status(NodeStatus.builder().build(), health(true), NOW);
        NodeStatus two = NODE.status(one, health(true), NOW.plusSeconds(10));
        assertThat(one).isNotEqualTo(two);
        assertThat(NodeObject.differ(one, two)).isFalse();
        assertThat(NodeObject.differ(one, NODE.status(one, health(false), NOW))).isTrue();
    }

    @Test
    void theCniConfigurationIsWrittenOnceForEachNetwork() throws Exception {
        CniConfig config = new CniConfig(List.of("10.42.1.0/24"), List.of("10.42.0.0/16"), 1450, Path.of("/leases"));
        assertThat(config.write(folder)).isTrue();
        assertThat(config.write(folder)).isFalse();
        JsonNode root = new ObjectMapper().readTree(Files.readString(folder.resolve("10-flannel.conflist")));
        assertThat(root.at("/plugins/0/type").asText()).isEqualTo("bridge");
        assertThat(root.at("/plugins/0/mtu").asInt()).isEqualTo(1450);
        assertThat(root.at("/plugins/0/ipam/ranges/0/0/subnet").asText()).isEqualTo("10.42.1.0/24");
        assertThat(root.at("/plugins/1/type").asText()).isEqualTo("portmap");
    }

    @Test
    void masqueradingIsOneTransaction() throws Exception {
        JsonNode root = new ObjectMapper().readTree(Masquerade.render(List.of("10.42.0.0/16", "fd00:42::/56")));
        assertThat(root.path("nftables")).hasSize(6);
    }

    @Property
    void anyProcFileIsReadWithoutFailing(@ForAll String text) {
        assertThat(Machine.memory(text)).isGreaterThanOrEqualTo(0);
        assertThat(Machine.memory("MemTotal: " + text + " kB")).isGreaterThanOrEqualTo(0);
        assertThat(Machine.prettyName(text)).isNotNull();
        assertThat(NodeObject.taint(text)).isNotNull();
    }

    private static NodeObject node(String... arguments) {
        return new NodeObject(
                "n1",
                MACHINE,
                List.of(InetAddress.ofLiteral("192.0.2.1")),
                List.of(),
                10250,
                KubeletArguments.parse(arguments),
                false,
                List.of("zone=a"),
                List.of());
    }

    @Test
    void whatIsReservedAndWhatEvictionKeepsFreeIsNotForPods() {
        var plain = node("eviction-hard=").allocatable();
        var kept = node(
                        "kube-reserved=cpu=500m,memory=1Gi",
                        "system-reserved=cpu=250m,memory=512Mi,ephemeral-storage=10G",
                        "eviction-hard=memory.available<512Mi,nodefs.available<10%")
                .allocatable();
        assertThat(plain.get("cpu").milliValue() - kept.get("cpu").milliValue()).isEqualTo(750);
        assertThat(plain.get("memory").value() - kept.get("memory").value()).isEqualTo(2L << 30);
        assertThat(kept.get("ephemeral-storage").value())
                .isEqualTo(plain.get("ephemeral-storage").value() - 20_000_000_000L);
        assertThat(node("kube-reserved=memory=1Ti").allocatable().get("memory").value())
                .isZero();
        assertThat(node("eviction-hard=memory.available<512Mi", "experimental-allocatable-ignore-eviction=true")
                        .allocatable())
                .isEqualTo(plain);
        assertThat(node("max-pods=250", "pods-per-core=10").capacity().get("pods"))
                .hasToString("40");
        assertThat(node("max-pods=30", "pods-per-core=10").capacity().get("pods"))
                .hasToString("30");
    }

    @Test
    void theNodeIsRegisteredAsArgumentsSay() {
        Node node = node(
                        "node-labels=zone=b,tier=front",
                        "register-with-taints=dedicated=db:NoSchedule",
                        "provider-id=metal://7")
                .registration();
        assertThat(node.metadata().labels())
                .as("--node-label is stronger")
                .containsEntry("zone", "a")
                .containsEntry("tier", "front");
        assertThat(node.spec().taints()).extracting(one -> one.key()).containsExactly("dedicated");
        assertThat(node.spec().providerID()).isEqualTo("metal://7");
    }

    @Test
    void asManyImagesAreListedAsAskedFor() {
        List<ContainerImage> images = IntStream.range(0, 80)
                .mapToObj(i -> new ContainerImage("i" + i, List.of("r.test/i:" + i), List.of(), i, null, "", false))
                .toList();
        NodeObject.Health health = new NodeObject.Health(null, images, Set.of());
        NodeStatus none = NodeStatus.builder().build();
        assertThat(node().status(none, health, NOW).images()).hasSize(50);
        assertThat(node("node-status-max-images=3").status(none, health, NOW).images())
                .hasSize(3);
        assertThat(node("node-status-max-images=-1").status(none, health, NOW).images())
                .hasSize(80);
    }

    @Test
    void theNodeIsLookedAtAsOftenAsAskedFor() {
        assertThat(NodeKeeper.interval(KubeletArguments.parse())).isEqualTo(Duration.ofSeconds(10));
        assertThat(NodeKeeper.interval(KubeletArguments.parse("node-status-update-frequency=4s")))
                .isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void shortagesAreConditions() {
        NodeObject.Health health = new NodeObject.Health(null, List.of(), Set.of("MemoryPressure", "PIDPressure"));
        assertThat(NODE.status(NodeStatus.builder().build(), health, NOW).conditions())
                .extracting(one -> one.type() + "=" + one.status() + " " + one.reason())
                .contains(
                        "MemoryPressure=True KubeletHasInsufficientMemory",
                        "DiskPressure=False KubeletHasNoDiskPressure",
                        "PIDPressure=True KubeletHasInsufficientPID");
    }
}
