package dev.kite.node.pod;

import dev.kite.model.core.v1.Pod;
import dev.kite.node.KubeletArguments;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pods' cgroups, {@code ROOT/kubepods[/burstable|/besteffort]/podUID}: made and limited by the node, filled by the runtime, for cgroup v1 (a tree a controller) and v2 (one
 * tree). Thread-safe: a pod's cgroup is touched by its worker only.
 */
final class Cgroups {
    private static final List<String> CONTROLLERS = List.of(
            "cpu", "cpuacct", "cpu,cpuacct", "cpuset", "memory", "pids", "blkio", "hugetlb", "devices", "freezer");

    private static final Logger LOG = LoggerFactory.getLogger(Cgroups.class);

    private final Path mount;
    private final String root;
    private final boolean unified;
    private final Rules rules;

    /**
     * What the kubelet's arguments say of pods' cgroups.
     *
     * @param cpuQuota whether CPU limits are enforced
     * @param pids how many processes a pod may have, none of it for any
     */
    record Rules(boolean cpuQuota, long pids) {
        static final Rules DEFAULT = new Rules(true, -1);

        static Rules of(KubeletArguments arguments) {
            return new Rules(
                    arguments.given().flag("cpu-cfs-quota", true),
                    arguments.given().number("pod-max-pids", -1));
        }

        String mostPids() {
            return pids <= 0 ? "max" : Long.toString(pids);
        }
    }

    Cgroups(Path mount, String root, Rules rules) {
        this.rules = rules;
        this.mount = mount;
        this.root = root.equals("/") ? "" : root.replaceAll("/+$", "");
        this.unified = Files.exists(mount.resolve("cgroup.controllers"));
    }

    /** The cgroup's path below the mounts, as the runtime takes it. */
    String path(Pod pod) {
        Qos qos = Qos.of(pod);
        return root + "/kubepods" + (qos.cgroup().isEmpty() ? "" : "/" + qos.cgroup()) + "/pod"
                + pod.metadata().uid();
    }

    /** Makes the cgroup and sets its limits. */
    void make(Pod pod) throws IOException {
        Limits.PodLimits limits = Limits.pod(pod);
        if (unified) {
            makeUnified(path(pod), limits);
        } else {
            makeDivided(path(pod), limits);
        }
    }

    private void makeUnified(String path, Limits.PodLimits limits) throws IOException {
        Path at = mount;
        for (String part : path.substring(1).split("/")) {
            delegate(at);
            at = at.resolve(part);
            if (!Files.isDirectory(at)) {
                Files.createDirectory(at);
            }
        }
        delegate(at);
        Map<String, String> files = new LinkedHashMap<>();
        files.put("cpu.weight", Long.toString(1 + (limits.cpuShares() - 2) * 9999 / 262142));
        files.put(
                "cpu.max",
                (limits.cpuQuota() == 0 || !rules.cpuQuota() ? "max" : Long.toString(limits.cpuQuota())) + " 100000");
        files.put("memory.max", limits.memory() == 0 ? "max" : Long.toString(limits.memory()));
        files.put("pids.max", rules.mostPids());
        write(at, files);
    }

    /** Lets children have the controllers that are there. */
    private static void delegate(Path at) throws IOException {
        String controllers = Files.readString(at.resolve("cgroup.controllers")).strip();
        String already = Files.readString(at.resolve("cgroup.subtree_control")).strip();
        StringBuilder wanted = new StringBuilder();
        for (String controller : controllers.split(" ")) {
            if (!controller.isEmpty() && !List.of(already.split(" ")).contains(controller)) {
                wanted.append('+').append(controller).append(' ');
            }
        }
        if (wanted.isEmpty()) {
            return;
        }
        try {
            Files.writeString(
                    at.resolve("cgroup.subtree_control"), wanted.toString().strip());
        } catch (IOException e) {
            // A cgroup with processes of its own, as in a container, gives none on: pods run there without those
            // limits.
            LOG.debug("Controllers {}stay at {}: {}", wanted, at, e.getMessage());
        }
    }

    private void makeDivided(String path, Limits.PodLimits limits) throws IOException {
        for (Path controller : controllers()) {
            Path folder = controller.resolve(path.substring(1));
            Files.createDirectories(folder);
        }
        Path cpu = mount.resolve("cpu" + path);
        if (Files.isDirectory(cpu)) {
            write(
                    cpu,
                    Map.of(
                            "cpu.shares", Long.toString(limits.cpuShares()),
                            "cpu.cfs_quota_us",
                                    Long.toString(
                                            limits.cpuQuota() == 0 || !rules.cpuQuota() ? -1 : limits.cpuQuota())));
        }
        Path pids = mount.resolve("pids" + path);
        if (Files.isDirectory(pids)) {
            write(pids, Map.of("pids.max", rules.mostPids()));
        }
        Path memory = mount.resolve("memory" + path);
        if (Files.isDirectory(memory)) {
            write(memory, Map.of("memory.limit_in_bytes", Long.toString(limits.memory() == 0 ? -1 : limits.memory())));
        }
    }

    /** Sets files; one that this kernel hasn't is passed over. */
    private static void write(Path folder, Map<String, String> files) throws IOException {
        for (Map.Entry<String, String> entry : files.entrySet()) {
            Path file = folder.resolve(entry.getKey());
            if (Files.exists(file)) {
                Files.writeString(file, entry.getValue());
            }
        }
    }

    /** Removes the cgroup with what the runtime left in it. */
    void remove(Pod pod) throws IOException {
        for (Path tree : unified ? List.of(mount) : trees()) {
            Path folder = tree.resolve(path(pod).substring(1));
            if (Files.isDirectory(folder)) {
                removeTree(folder);
            }
        }
    }

    private static void removeTree(Path folder) throws IOException {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder, Files::isDirectory)) {
            for (Path child : children) {
                removeTree(child);
            }
        }
        Files.deleteIfExists(folder); // rmdir: the kernel refuses while a process is in it
    }

    private List<Path> controllers() {
        List<Path> found = new ArrayList<>();
        for (String name : CONTROLLERS) {
            Path tree = mount.resolve(name);
            if (Files.isDirectory(tree) && Files.exists(tree.resolve("cgroup.procs"))) {
                found.add(tree);
            }
        }
        return found;
    }

    private List<Path> trees() throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(mount, Files::isDirectory)) {
            children.forEach(found::add);
        }
        return found;
    }
}
