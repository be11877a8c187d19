package dev.kite.cli.host;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What a node needs of a machine, compared with what it has. Pure. */
final class ConfigCheck {
    private static final String FORWARD = "/proc/sys/net/ipv4/ip_forward";
    private static final String BRIDGE = "/proc/sys/net/bridge/bridge-nf-call-iptables";

    /** The kernel's files that are looked for. */
    static final List<String> KERNEL_FILES =
            List.of(FORWARD, BRIDGE, "/proc/self/ns/net", "/proc/self/ns/pid", "/proc/self/ns/ipc", "/dev/net/tun");

    private ConfigCheck() {}

    /**
     * One finding.
     *
     * @param what what was looked for
     * @param found whether it is there
     * @param necessary whether nothing runs without it
     * @param remedy what to do where it is missing
     */
    record Finding(String what, boolean found, boolean necessary, String remedy) {}

    static List<Finding> of(Machine machine, Set<String> fileSystems, Set<String> files) {
        List<Finding> all = new ArrayList<>();
        all.add(new Finding("root", machine.root(), true, "run as root"));
        for (String controller : List.of("cpu", "cpuset", "memory", "pids")) {
            all.add(new Finding(
                    "cgroup controller " + controller,
                    machine.cgroupControllers().contains(controller),
                    !controller.equals("cpuset"),
                    "add cgroup_enable=" + controller + " to the kernel's command line and reboot"));
        }
        all.add(program(machine, "containerd", "containerd"));
        all.add(new Finding(
                "runc or crun",
                machine.program().test("runc") || machine.program().test("crun"),
                true,
                "install runc"));
        all.add(program(machine, "nft", "nftables"));
        for (String plugin : List.of("bridge", "host-local", "loopback", "portmap")) {
            all.add(new Finding(
                    "CNI plugin " + plugin,
                    machine.cniPlugin().test(plugin),
                    !plugin.equals("portmap"),
                    "install containernetworking-plugins"));
        }
        all.add(new Finding("overlayfs", fileSystems.contains("overlay"), true, "load the kernel module overlay"));
        all.add(new Finding(
                "network namespaces", files.contains("/proc/self/ns/net"), true, "use a kernel with CONFIG_NET_NS"));
        all.add(new Finding(
                "pid namespaces", files.contains("/proc/self/ns/pid"), true, "use a kernel with CONFIG_PID_NS"));
        all.add(new Finding("IP forwarding", files.contains(FORWARD), true, "use a kernel with CONFIG_INET"));
        all.add(new Finding(
                "bridge netfilter",
                files.contains(BRIDGE),
                false,
                "load the kernel module br_netfilter where pods of one node meet by Service addresses"));
        all.add(program(machine, "kubectl", "kubectl", false));
        return all;
    }

    private static Finding program(Machine machine, String name, String packageName) {
        return program(machine, name, packageName, true);
    }

    private static Finding program(Machine machine, String name, String packageName, boolean necessary) {
        return new Finding(name, machine.program().test(name), necessary, "install " + packageName);
    }

    static boolean passes(List<Finding> findings) {
        return findings.stream().allMatch(finding -> finding.found() || !finding.necessary());
    }

    static String render(List<Finding> findings) {
        StringBuilder text = new StringBuilder();
        section(text, "Necessary:", findings.stream().filter(Finding::necessary).toList());
        section(
                text,
                "Optional:",
                findings.stream().filter(finding -> !finding.necessary()).toList());
        long missing = findings.stream()
                .filter(finding -> finding.necessary() && !finding.found())
                .count();
        return text.append("STATUS: ")
                .append(missing == 0 ? "pass" : missing + (missing == 1 ? " is missing" : " are missing"))
                .append('\n')
                .toString();
    }

    private static void section(StringBuilder text, String title, List<Finding> findings) {
        text.append(title).append('\n');
        for (Finding finding : findings) {
            text.append("- ").append(finding.what()).append(": ");
            text.append(finding.found() ? "ok" : "missing; " + finding.remedy()).append('\n');
        }
        text.append('\n');
    }
}
