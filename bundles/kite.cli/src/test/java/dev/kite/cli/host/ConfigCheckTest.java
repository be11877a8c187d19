package dev.kite.cli.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.behaviour.Behaviour;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConfigCheckTest {
    private static List<ConfigCheck.Finding> check(String... missing) {
        Set<String> absent = Set.of(missing);
        Machine machine = new Machine(
                true,
                Set.of("cpu", "cpuset", "memory", "pids"),
                name -> !absent.contains(name),
                name -> !absent.contains(name));
        return ConfigCheck.of(machine, Set.of("overlay"), Set.copyOf(ConfigCheck.KERNEL_FILES));
    }

    @Test
    @Behaviour("check-config tells what a node needs and what is missing")
    void whatIsMissingIsSaidWithItsRemedy() {
        assertThat(ConfigCheck.passes(check())).isTrue();
        assertThat(ConfigCheck.render(check())).contains("- containerd: ok").endsWith("STATUS: pass\n");
        List<ConfigCheck.Finding> without = check("containerd", "host-local");
        assertThat(ConfigCheck.passes(without)).isFalse();
        assertThat(ConfigCheck.render(without))
                .contains("- containerd: missing; install containerd")
                .contains("- CNI plugin host-local: missing; install containernetworking-plugins")
                .endsWith("STATUS: 2 are missing\n");
    }

    @Test
    void whatIsOptionalDoesNotFail() {
        List<ConfigCheck.Finding> without = check("kubectl", "portmap");
        assertThat(ConfigCheck.passes(without)).isTrue();
        assertThat(ConfigCheck.render(without)).contains("- kubectl: missing");
    }
}
