package dev.kite.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.api.arguments.ArgumentException;
import dev.kite.behaviour.Behaviour;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeletArgumentsTest {
    private static final String HEAD = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";

    @TempDir
    Path folder;

    @Test
    void whatIsGivenCountsAndTheLastOfOneName() {
        KubeletArguments read = KubeletArguments.parse(
                "max-pods=10",
                "--max-pods=20",
                "image-gc-high-threshold=70",
                "image-gc-low-threshold=60",
                "container-log-max-size=5Mi",
                "container-log-max-files=3",
                "allowed-unsafe-sysctls=net.core.*,kernel.msgmax");
        assertThat(read.maxPods(4)).isEqualTo(20);
        assertThat(read.imageGcHighPercent()).isEqualTo(70);
        assertThat(read.imageGcLowPercent()).isEqualTo(60);
        assertThat(read.containerLogMaxBytes()).isEqualTo(5L << 20);
        assertThat(read.containerLogMaxFiles()).isEqualTo(3);
        assertThat(read.allowedUnsafeSysctls()).containsExactly("net.core.*", "kernel.msgmax");
    }

    @Test
    void whatIsNotGivenIsAsTheKubeletOrK3sHasIt() {
        KubeletArguments read = KubeletArguments.parse();
        assertThat(read.maxPods(4)).isEqualTo(110);
        assertThat(read.imageGcHighPercent()).isEqualTo(85);
        assertThat(read.imageGcLowPercent()).isEqualTo(80);
        assertThat(read.containerLogMaxBytes()).isEqualTo(10L << 20);
        assertThat(read.containerLogMaxFiles()).isEqualTo(5);
        assertThat(read.given().text("authorization-mode")).contains("Webhook");
    }

    @Test
    void wrongValuesAreRefused() {
        for (String wrong : new String[] {
            "max-pods=many", "container-log-max-files=1", "image-gc-high-threshold=900", "cpu-manager-policy=fast"
        }) {
            assertThatThrownBy(() -> KubeletArguments.parse(wrong))
                    .as(wrong)
                    .isInstanceOf(ArgumentException.class)
                    .hasMessageStartingWith("--kubelet-arg: invalid argument");
        }
        assertThatThrownBy(() ->
                        KubeletArguments.parse("container-log-max-size=much").containerLogMaxBytes())
                .hasMessage("--kubelet-arg: container-log-max-size: \"much\" is no quantity");
        assertThatThrownBy(() -> KubeletArguments.parse("kube-reserved=cpu=x").reserved("cpu"))
                .isInstanceOf(ArgumentException.class);
    }

    @Test
    @Behaviour("DATA/agent/etc/kubelet.conf.d/00-k3s-defaults.conf and drop-ins")
    void configurationFilesCountInTheirOrderAndArgumentsBeatThem() throws IOException {
        Path dropIns = Files.createDirectories(folder.resolve("agent/etc/kubelet.conf.d/sub"));
        Path main = Files.writeString(folder.resolve("kubelet.yaml"), HEAD + """
                        maxPods: 10
                        podPidsLimit: 50
                        evictionHard: {memory.available: 100Mi, nodefs.available: 10%}
                        authentication: {anonymous: {enabled: true}, webhook: {cacheTTL: 2m0s}}
                        allowedUnsafeSysctls: [net.core.*, kernel.msgmax]
                        streamingConnectionIdleTimeout: 5m0s
                        somethingNew: 1
                        """);
        Files.writeString(dropIns.getParent().resolve("10-a.conf"), HEAD + "maxPods: 20\npodPidsLimit: 60\n");
        Files.writeString(dropIns.resolve("20-b.conf"), HEAD + "maxPods: 30\nimageGCHighThresholdPercent: 70\n");
        Files.writeString(dropIns.resolve("30-c.yaml"), HEAD + "maxPods: 99\n");
        KubeletArguments read = KubeletArguments.read(folder, "config=" + main, "image-gc-high-threshold=90");
        assertThat(read.maxPods(4)).isEqualTo(30);
        assertThat(read.imageGcHighPercent()).isEqualTo(90);
        assertThat(read.given().number("pod-max-pids", -1)).isEqualTo(60);
        assertThat(read.given().list("eviction-hard"))
                .containsExactly("memory.available<100Mi", "nodefs.available<10%");
        assertThat(read.given().flag("anonymous-auth", false)).isTrue();
        assertThat(read.allowedUnsafeSysctls()).containsExactly("net.core.*", "kernel.msgmax");
        assertThat(read.given().duration("streaming-connection-idle-timeout", Duration.ZERO))
                .isEqualTo(Duration.ofMinutes(5));
        Path other = Files.createDirectories(folder.resolve("other"));
        Files.writeString(other.resolve("a.conf"), HEAD + "maxPods: 7\n");
        assertThat(KubeletArguments.read(folder, "config-dir=" + other).maxPods(4))
                .isEqualTo(7);
    }

    @Test
    void wrongFilesAreToldWithTheirName() throws IOException {
        Path file = Files.writeString(folder.resolve("k.yaml"), "kind: Pod\n");
        assertThatThrownBy(() -> KubeletArguments.read(folder, "config=" + file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("k.yaml: not a KubeletConfiguration");
        assertThatThrownBy(() -> KubeletArguments.read(folder, "config=" + folder.resolve("nowhere")))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> KubeletArguments.read(folder, "config-dir=" + folder.resolve("nowhere")))
                .isInstanceOf(IOException.class);
        Files.writeString(file, HEAD + "maxPods: many\n");
        assertThatThrownBy(() -> KubeletArguments.read(folder, "config=" + file))
                .isInstanceOf(ArgumentException.class);
    }

    @Property
    void anyFileIsReadOrRefused(@ForAll String text) {
        for (String one : new String[] {text, HEAD + text, HEAD + "evictionHard: " + text}) {
            try {
                assertThat(KubeletConfiguration.parse("f", one)).isNotNull();
            } catch (IOException e) {
                assertThat(e.getMessage()).startsWith("f: ");
            }
        }
    }
}
