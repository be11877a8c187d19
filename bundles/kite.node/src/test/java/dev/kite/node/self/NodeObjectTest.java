package dev.kite.node.self;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kite.cri.RuntimeInfo;
import dev.kite.linux.FileSystemUsage;
import dev.kite.model.core.v1.Node;
import dev.kite.model.core.v1.NodeCondition;
import dev.kite.model.core.v1.NodeStatus;
import dev.kite.model.core.v1.Pod;
import dev.kite.node.KubeletArguments;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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
            110,
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
                false);
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
        NodeStatus gone = NODE.status(up, new NodeObject.Health(null, List.of(), true), NOW);
        assertThat(ready(gone).message()).isEqualTo("container runtime is down");
    }

    @Test
    void aFullDiskIsSaidAndForSomeTimeAfterwards() {
        DiskPressure disk = new DiskPressure();
        disk.note(new FileSystemUsage(0, 1000, 60, 60, 0, 0), NOW);
        assertThat(disk.low()).isFalse();
        assertThat(disk.pressure(NOW)).isFalse();
        disk.note(new FileSystemUsage(0, 1000, 40, 40, 0, 0), NOW);
        assertThat(disk.low()).isTrue();
        disk.note(new FileSystemUsage(0, 1000, 140, 140, 0, 0), NOW.plusSeconds(10));
        assertThat(disk.low()).as("not enough is free yet").isTrue();
        disk.note(new FileSystemUsage(0, 1000, 160, 160, 0, 0), NOW.plusSeconds(20));
        assertThat(disk.low()).isFalse();
        assertThat(disk.pressure(NOW.plusSeconds(300))).isTrue();
        assertThat(disk.pressure(NOW.plusSeconds(311))).isFalse();
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
    void kubeletArgumentsAreHonouredOrNamed() {
        KubeletArguments arguments = KubeletArguments.parse(
                "max-pods=250",
                "--container-log-max-size=1Mi",
                "image-gc-high-threshold=900",
                "feature-gates=X=true",
                "allowed-unsafe-sysctls=net.core.*,kernel.msg*");
        assertThat(arguments.maxPods()).isEqualTo(250);
        assertThat(arguments.containerLogMaxBytes()).isEqualTo(1 << 20);
        assertThat(arguments.imageGcHighPercent()).isEqualTo(85);
        assertThat(arguments.allowedUnsafeSysctls()).containsExactly("net.core.*", "kernel.msg*");
        assertThat(arguments.ignored()).containsExactly("image-gc-high-threshold=900", "feature-gates");
        assertThat(KubeletArguments.parse())
                .isEqualTo(new KubeletArguments(110, 85, 80, 10 << 20, 5, List.of(), List.of()));
    }

    @Property
    void anyKubeletArgumentIsReadWithoutFailing(@ForAll String text) {
        assertThat(KubeletArguments.parse(text, "container-log-max-size=" + text, "max-pods=" + text))
                .isNotNull();
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
}
