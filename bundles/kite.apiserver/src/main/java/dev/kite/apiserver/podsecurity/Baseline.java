package dev.kite.apiserver.podsecurity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The level baseline: known ways to become more than the pod. Stateless. */
final class Baseline {
    private static final Set<String> CAPABILITIES = Set.of(
            "AUDIT_WRITE",
            "CHOWN",
            "DAC_OVERRIDE",
            "FOWNER",
            "FSETID",
            "KILL",
            "MKNOD",
            "NET_BIND_SERVICE",
            "SETFCAP",
            "SETGID",
            "SETPCAP",
            "SETUID",
            "SYS_CHROOT");

    private static final Set<String> SYSCTLS = Set.of(
            "kernel.shm_rmid_forced",
            "net.ipv4.ip_local_port_range",
            "net.ipv4.ip_unprivileged_port_start",
            "net.ipv4.tcp_syncookies",
            "net.ipv4.ping_group_range",
            "net.ipv4.ip_local_reserved_ports",
            "net.ipv4.tcp_keepalive_time",
            "net.ipv4.tcp_fin_timeout",
            "net.ipv4.tcp_keepalive_intvl",
            "net.ipv4.tcp_keepalive_probes",
            "net.ipv4.tcp_rmem",
            "net.ipv4.tcp_wmem");

    private static final Map<String, Integer> SYSCTL_SINCE = Map.of(
            "net.ipv4.ip_local_reserved_ports", 27,
            "net.ipv4.tcp_keepalive_time", 29,
            "net.ipv4.tcp_fin_timeout", 29,
            "net.ipv4.tcp_keepalive_intvl", 29,
            "net.ipv4.tcp_keepalive_probes", 29,
            "net.ipv4.tcp_rmem", 32,
            "net.ipv4.tcp_wmem", 32);

    private static final Set<String> SELINUX_TYPES =
            Set.of("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t");

    private Baseline() {}

    static void check(Level level, ObjectNode metadata, ObjectNode spec, List<Violation> found) {
        appArmor(metadata, spec, found);
        capabilities(spec, found);
        hostNamespaces(spec, found);
        hostPath(spec, found);
        hostPorts(spec, found);
        hostProcess(spec, found);
        privileged(spec, found);
        if (level.since(34)) {
            probeHosts(spec, found);
        }
        boolean ownUsers = spec.path("hostUsers").isBoolean() && !Tree.flag(spec, "hostUsers");
        if (!level.since(35) || !ownUsers) {
            procMount(spec, found);
        }
        if (level.since(19)) {
            seccomp(spec, found);
        } else {
            oldSeccomp(metadata, found);
        }
        selinux(level, spec, found);
        sysctls(level, spec, found);
    }

    private static void probeHosts(ObjectNode spec, List<Violation> found) {
        Set<String> hosts = new TreeSet<>();
        List<ObjectNode> bad = Containers.where(spec, container -> {
            Set<String> own = new TreeSet<>();
            for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
                hosts(Tree.at(container, probe), own);
            }
            for (String handler : List.of("postStart", "preStop")) {
                hosts(Tree.at(container, "lifecycle", handler), own);
            }
            hosts.addAll(own);
            return !own.isEmpty();
        });
        if (!bad.isEmpty()) {
            found.add(new Violation(
                    "probe or lifecycle host",
                    Containers.name(bad)
                            + (bad.size() == 1 ? " uses " : " use ")
                            + (hosts.size() == 1 ? "probe or lifecycle host " : "probe or lifecycle hosts ")
                            + Containers.quoted(List.copyOf(hosts))));
        }
    }

    private static void hosts(JsonNode handler, Set<String> found) {
        for (String how : List.of("httpGet", "tcpSocket")) {
            String host = Tree.text(handler, how, "host");
            if (!host.isEmpty()) {
                found.add(host);
            }
        }
    }

    /** Before 1.19 the profile was in annotations. */
    private static void oldSeccomp(ObjectNode metadata, List<Violation> found) {
        Set<String> bad = new TreeSet<>();
        for (Map.Entry<String, JsonNode> annotation : Tree.fields(metadata, "annotations")) {
            boolean profile = annotation.getKey().equals("seccomp.security.alpha.kubernetes.io/pod")
                    || annotation.getKey().startsWith("container.seccomp.security.alpha.kubernetes.io/");
            String value = annotation.getValue().asText();
            boolean allowed =
                    value.equals("runtime/default") || value.equals("docker/default") || value.startsWith("localhost/");
            if (profile && !allowed) {
                bad.add(annotation.getKey() + "=\"" + value + "\"");
            }
        }
        if (!bad.isEmpty()) {
            String word = bad.size() == 1 ? "forbidden annotation " : "forbidden annotations ";
            found.add(new Violation("seccompProfile", word + String.join(", ", bad)));
        }
    }

    private static void appArmor(ObjectNode metadata, ObjectNode spec, List<Violation> found) {
        Set<String> bad = new TreeSet<>();
        for (Map.Entry<String, JsonNode> annotation : Tree.fields(metadata, "annotations")) {
            String value = annotation.getValue().asText();
            boolean allowed = value.isEmpty() || value.equals("runtime/default") || value.startsWith("localhost/");
            if (annotation.getKey().startsWith("container.apparmor.security.beta.kubernetes.io/") && !allowed) {
                bad.add(annotation.getKey() + "=\"" + value + "\"");
            }
        }
        if (!bad.isEmpty()) {
            found.add(
                    new Violation("forbidden AppArmor profile" + (bad.size() == 1 ? "" : "s"), String.join(", ", bad)));
        }
        List<ObjectNode> unconfined = Containers.where(
                spec,
                container -> Tree.text(container, "securityContext", "appArmorProfile", "type")
                        .equals("Unconfined"));
        boolean pod =
                Tree.text(spec, "securityContext", "appArmorProfile", "type").equals("Unconfined");
        add(
                found,
                "forbidden AppArmor profile",
                pod,
                unconfined,
                "must not set AppArmor profile type to \"Unconfined\"");
    }

    private static void capabilities(ObjectNode spec, List<Violation> found) {
        Set<String> added = new TreeSet<>();
        List<ObjectNode> bad = Containers.where(spec, container -> {
            List<String> more = Tree.texts(container, "securityContext", "capabilities", "add").stream()
                    .filter(one -> !CAPABILITIES.contains(one))
                    .toList();
            added.addAll(more);
            return !more.isEmpty();
        });
        if (!bad.isEmpty()) {
            found.add(new Violation(
                    "non-default capabilities",
                    Containers.name(bad) + " must not include " + Containers.quoted(List.copyOf(added))
                            + " in securityContext.capabilities.add"));
        }
    }

    private static void hostNamespaces(ObjectNode spec, List<Violation> found) {
        List<String> used = new ArrayList<>();
        for (String field : List.of("hostNetwork", "hostPID", "hostIPC")) {
            if (Tree.flag(spec, field)) {
                used.add(field + "=true");
            }
        }
        if (!used.isEmpty()) {
            found.add(new Violation("host namespaces", String.join(", ", used)));
        }
    }

    private static void hostPath(ObjectNode spec, List<Violation> found) {
        List<String> volumes = Tree.objects(spec, "volumes").stream()
                .filter(volume -> Tree.has(volume, "hostPath"))
                .map(volume -> Tree.text(volume, "name"))
                .toList();
        if (!volumes.isEmpty()) {
            String word = volumes.size() == 1 ? "volume " : "volumes ";
            found.add(new Violation("hostPath volumes", word + Containers.quoted(volumes)));
        }
    }

    private static void hostPorts(ObjectNode spec, List<Violation> found) {
        Set<Long> ports = new TreeSet<>();
        List<ObjectNode> bad = Containers.where(spec, container -> {
            List<Long> used = Tree.objects(container, "ports").stream()
                    .map(port -> Tree.number(port, "hostPort"))
                    .filter(port -> port != 0)
                    .toList();
            ports.addAll(used);
            return !used.isEmpty();
        });
        if (!bad.isEmpty()) {
            String word = ports.size() == 1 ? "hostPort " : "hostPorts ";
            found.add(new Violation(
                    "hostPort",
                    Containers.name(bad)
                            + (bad.size() == 1 ? " uses " : " use ")
                            + word
                            + String.join(
                                    ", ", ports.stream().map(String::valueOf).toList())));
        }
    }

    private static void hostProcess(ObjectNode spec, List<Violation> found) {
        List<ObjectNode> bad = Containers.where(
                spec, container -> Tree.flag(container, "securityContext", "windowsOptions", "hostProcess"));
        boolean pod = Tree.flag(spec, "securityContext", "windowsOptions", "hostProcess");
        add(found, "hostProcess", pod, bad, "must not set securityContext.windowsOptions.hostProcess=true");
    }

    private static void privileged(ObjectNode spec, List<Violation> found) {
        List<ObjectNode> bad =
                Containers.where(spec, container -> Tree.flag(container, "securityContext", "privileged"));
        add(found, "privileged", false, bad, "must not set securityContext.privileged=true");
    }

    static void procMount(ObjectNode spec, List<Violation> found) {
        List<ObjectNode> bad = Containers.where(spec, container -> {
            String mount = Tree.text(container, "securityContext", "procMount");
            return !mount.isEmpty() && !mount.equals("Default");
        });
        add(found, "procMount", false, bad, "must not set securityContext.procMount to \"Unmasked\"");
    }

    private static void seccomp(ObjectNode spec, List<Violation> found) {
        List<ObjectNode> bad = Containers.where(
                spec,
                container -> Tree.text(container, "securityContext", "seccompProfile", "type")
                        .equals("Unconfined"));
        boolean pod =
                Tree.text(spec, "securityContext", "seccompProfile", "type").equals("Unconfined");
        add(found, "seccompProfile", pod, bad, "must not set securityContext.seccompProfile.type to \"Unconfined\"");
    }

    private static void selinux(Level level, ObjectNode spec, List<Violation> found) {
        List<ObjectNode> bad = Containers.where(spec, container -> !selinux(level, container));
        add(found, "seLinuxOptions", !selinux(level, spec), bad, "set forbidden securityContext.seLinuxOptions");
    }

    private static boolean selinux(Level level, ObjectNode node) {
        JsonNode options = Tree.at(node, "securityContext", "seLinuxOptions");
        String type = Tree.text(options, "type");
        return SELINUX_TYPES.contains(type)
                && (level.since(31) || !type.equals("container_engine_t"))
                && Tree.text(options, "user").isEmpty()
                && Tree.text(options, "role").isEmpty();
    }

    private static void sysctls(Level level, ObjectNode spec, List<Violation> found) {
        List<String> bad = Tree.objects(spec, "securityContext", "sysctls").stream()
                .map(sysctl -> Tree.text(sysctl, "name"))
                .filter(name -> !SYSCTLS.contains(name) || !level.since(SYSCTL_SINCE.getOrDefault(name, 0)))
                .toList();
        if (!bad.isEmpty()) {
            found.add(new Violation("forbidden sysctls", String.join(", ", bad)));
        }
    }

    /** Adds a violation by the pod, by containers, or by both. */
    static void add(List<Violation> found, String reason, boolean pod, List<ObjectNode> containers, String what) {
        if (pod && !containers.isEmpty()) {
            found.add(new Violation(reason, "pod and " + Containers.name(containers) + " " + what));
        } else if (pod) {
            found.add(new Violation(reason, "pod " + what));
        } else if (!containers.isEmpty()) {
            found.add(new Violation(reason, Containers.name(containers) + " " + what));
        }
    }
}
