package dev.kite.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.behaviour.Behaviour;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StartLinesTest {
    @Test
    @Behaviour("It prints the kubeconfig's path, the API's address and one line a component as it becomes ready")
    void theApiSaysItsAddressAndTheKubeconfig() {
        StartLines lines =
                new StartLines("server", Map.of("write.kubeconfig", "/tmp/k.yaml", "https.listen.port", 7443));
        assertThat(lines.of("api", 1.26, "Kubernetes v1.36"))
                .containsExactly(
                        "api          ready after 1.3 s  https://127.0.0.1:7443  Kubernetes v1.36",
                        "kubeconfig   /tmp/k.yaml");
        assertThat(lines.of("proxy", 2, "nftables")).containsExactly("proxy        ready after 2.0 s  nftables");
    }

    @Test
    void anIpv6AddressIsBracketed() {
        assertThat(new StartLines("server", Map.of("bind.address", "fd00::1"))
                        .of("api", 1, "")
                        .getFirst())
                .contains("https://[fd00::1]:6443");
    }

    @Test
    void theNodeCompletesAStartAndTheApiOneWithoutNode() {
        assertThat(new StartLines("server", Map.of()).completes("node")).isTrue();
        assertThat(new StartLines("server", Map.of()).completes("api")).isFalse();
        assertThat(new StartLines("server", Map.of("disable.agent", true)).completes("api"))
                .isTrue();
        assertThat(new StartLines("agent", Map.of("disable.agent", true)).completes("node"))
                .isTrue();
    }
}
