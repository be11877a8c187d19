package dev.kite.launcher;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.behaviour.Behaviour;
import dev.kite.cli.host.Machine;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PreflightTest {
    private static final Set<String> CGROUPS = Set.of("cpu", "memory", "pids");

    private static Machine machine(boolean root, Set<String> cgroups, String... missing) {
        Set<String> absent = Set.of(missing);
        return new Machine(root, cgroups, name -> !absent.contains(name), name -> !absent.contains("cni/" + name));
    }

    private static Preflight server(Map<String, Object> settings) {
        return new Preflight("server", settings);
    }

    @Test
    void aMachineWithAllIsFine() {
        assertThatCode(() -> server(Map.of()).check(machine(true, CGROUPS))).doesNotThrowAnyException();
    }

    @Test
    @Behaviour("Bad input: no root is one line that says what to do")
    void aNodeWithoutRootIsRefused() {
        assertThatThrownBy(() -> server(Map.of()).check(machine(false, CGROUPS)))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("as root")
                .hasMessageContaining("--disable-agent");
    }

    @Test
    void aServerWithoutNodeNeedsNothingOfTheMachine() {
        assertThatCode(() -> server(Map.of("disable.agent", true))
                        .check(machine(false, Set.of(), "containerd", "nft", "cni/bridge")))
                .doesNotThrowAnyException();
    }

    @Test
    @Behaviour("Bad input: no cgroups is one line that says what to do")
    void missingCgroupControllersAreNamed() {
        assertThatThrownBy(() -> server(Map.of()).check(machine(true, Set.of("cpu"))))
                .hasMessageContaining("no cgroup controller memory, pids")
                .hasMessageContaining("cgroup_enable=memory");
    }

    @Test
    @Behaviour("Bad input: a missing containerd is one line that says what to do")
    void allMissingProgramsAreNamedAtOnce() {
        assertThatThrownBy(() -> server(Map.of())
                        .check(machine(true, CGROUPS, "containerd", "runc", "crun", "cni/bridge", "nft")))
                .hasMessageStartingWith("missing containerd, runc, the CNI plugin bridge, nft;")
                .hasMessageContaining("apt-get install containerd")
                .hasMessageContaining("--container-runtime-endpoint");
    }

    @Test
    void crunWillDoForRunc() {
        assertThatCode(() -> server(Map.of()).check(machine(true, CGROUPS, "runc")))
                .doesNotThrowAnyException();
    }

    @Test
    void aRuntimeOfOnesOwnNeedsNoContainerd() {
        assertThatCode(() -> new Preflight(
                                "agent", Map.of("container.runtime.endpoint", "/run/crio.sock", "disable.agent", true))
                        .check(machine(true, CGROUPS, "containerd", "runc", "crun")))
                .doesNotThrowAnyException();
    }
}
