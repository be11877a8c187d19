package dev.kite.launcher;

import dev.kite.cli.host.Machine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What must be there before anything starts. Decides from values alone. */
final class Preflight {
    /** cgroup v1 names the controller of shares and quotas cpu, as v2 does. */
    private static final List<String> CONTROLLERS = List.of("cpu", "memory", "pids");

    private final boolean node;
    private final boolean ownRuntime;
    private final boolean proxy;

    Preflight(String command, Map<String, Object> settings) {
        node = command.equals("agent") || !Boolean.TRUE.equals(settings.get("disable.agent"));
        ownRuntime = node
                && String.valueOf(settings.getOrDefault("container.runtime.endpoint", ""))
                        .isEmpty();
        proxy = node && !Boolean.TRUE.equals(settings.get("disable.kube.proxy"));
    }

    /**
     * Checks a machine.
     *
     * @throws LaunchException if something is missing: one line that says what to do
     */
    void check(Machine machine) {
        if (!node) {
            return;
        }
        if (!machine.root()) {
            throw new LaunchException(
                    "a node must run as root: it starts containers and sets up the network; use sudo, or --disable-agent for a server without a node");
        }
        List<String> absent = CONTROLLERS.stream()
                .filter(controller -> !machine.cgroupControllers().contains(controller))
                .toList();
        if (!absent.isEmpty()) {
            throw new LaunchException(
                    "this machine has no cgroup controller " + String.join(", ", absent)
                            + "; mount /sys/fs/cgroup, or add cgroup_enable=cpuset cgroup_enable=memory cgroup_memory=1 to the kernel's command line and reboot; see kite check-config");
        }
        List<String> missing = missing(machine);
        if (!missing.isEmpty()) {
            throw new LaunchException(
                    "missing " + String.join(", ", missing)
                            + "; install them (Debian: apt-get install containerd runc containernetworking-plugins nftables), or give a runtime of your own by --container-runtime-endpoint");
        }
    }

    private List<String> missing(Machine machine) {
        Map<String, Boolean> wanted = new LinkedHashMap<>();
        if (ownRuntime) {
            wanted.put("containerd", machine.program().test("containerd"));
            wanted.put(
                    "runc", machine.program().test("runc") || machine.program().test("crun"));
            wanted.put("the CNI plugin bridge", machine.cniPlugin().test("bridge"));
            wanted.put("the CNI plugin host-local", machine.cniPlugin().test("host-local"));
            wanted.put("the CNI plugin loopback", machine.cniPlugin().test("loopback"));
        }
        if (proxy) {
            wanted.put("nft", machine.program().test("nft"));
        }
        List<String> missing = new ArrayList<>();
        wanted.forEach((name, there) -> {
            if (!there) {
                missing.add(name);
            }
        });
        return missing;
    }
}
