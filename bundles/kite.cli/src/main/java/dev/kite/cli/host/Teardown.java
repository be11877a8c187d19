package dev.kite.cli.host;

import dev.kite.linux.MountInfo;
import dev.kite.linux.Mounts;
import dev.kite.linux.Processes;
import dev.kite.linux.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Ends what a stopped node leaves running on purpose: containers with their shims, network namespaces, mounts and cgroups of one data directory, and nothing of
 * another's. What k3s-killall.sh does, for one node.
 */
public final class Teardown {
    private static final Pattern STATE = Pattern.compile("(?m)^state\\s*=\\s*[\"']([^\"']+)[\"']");
    private static final Pattern NAMESPACE =
            Pattern.compile("\"path\"\\s*:\\s*\"((?:/var)?/run/netns/[A-Za-z0-9-]+)\"");
    private static final long PATIENCE_MILLIS = 10_000;

    private final Path data;
    private final String cgroupRoot;

    /**
     * For one node.
     *
     * @param data its data directory
     * @param cgroupRoot its pods' cgroup parent, {@code /} for the machine's
     */
    public Teardown(Path data, String cgroupRoot) {
        this.data = data.toAbsolutePath();
        this.cgroupRoot = cgroupRoot;
    }

    /**
     * Ends all; what is already gone is fine.
     *
     * @throws IOException if something can't be ended: the message names it
     */
    public void run() throws IOException {
        Path state = stateDirectory();
        List<Path> namespaces = podNamespaces(state);
        killShimsAndContainers(state);
        unmountBelow(data);
        unmountBelow(state);
        for (Path namespace : namespaces) {
            if (Mounts.isMountPoint(namespace)) {
                Mounts.unmount(namespace);
            }
            Files.deleteIfExists(namespace);
        }
        removeCgroups();
        if (!state.startsWith(data)) {
            delete(state);
            deleteIfEmpty(state.getParent());
        }
    }

    /** /run/k3s-HASH, which holds nothing but a node's state; /run/k3s and /run itself stay. */
    private static void deleteIfEmpty(@Nullable Path folder) throws IOException {
        if (folder == null || !folder.startsWith("/run") || folder.getNameCount() != 2) {
            return;
        }
        if (String.valueOf(folder.getFileName()).startsWith("k3s-") && Files.isDirectory(folder)) {
            delete(folder);
        }
    }

    private Path stateDirectory() throws IOException {
        Path config = data.resolve("agent/etc/containerd/config.toml");
        if (Files.exists(config)) {
            Matcher matcher = STATE.matcher(Files.readString(config));
            if (matcher.find()) {
                return Path.of(matcher.group(1));
            }
        }
        return data.resolve("agent/containerd-state");
    }

    /** The sandboxes' network namespaces, as their OCI configurations name them. */
    private static List<Path> podNamespaces(Path state) throws IOException {
        Path tasks = state.resolve("io.containerd.runtime.v2.task/k8s.io");
        List<Path> namespaces = new ArrayList<>();
        if (!Files.isDirectory(tasks)) {
            return namespaces;
        }
        try (Stream<Path> bundles = Files.list(tasks)) {
            for (Path bundle : bundles.toList()) {
                Path config = bundle.resolve("config.json");
                if (Files.exists(config)) {
                    Matcher matcher = NAMESPACE.matcher(Files.readString(config));
                    while (matcher.find()) {
                        namespaces.add(real(Path.of(matcher.group(1))));
                    }
                }
            }
        }
        return namespaces.stream().distinct().toList();
    }

    /** The kernel lists mounts by their real paths, and /var/run is a link. */
    private static Path real(Path path) throws IOException {
        return Files.exists(path) ? path.toRealPath() : path;
    }

    private void killShimsAndContainers(Path state) throws IOException {
        Set<Integer> ours = new HashSet<>();
        for (int pid : Processes.list()) {
            List<String> arguments = Processes.arguments(pid);
            boolean shim = !arguments.isEmpty()
                    && arguments.getFirst().contains("containerd")
                    && arguments.stream()
                            .anyMatch(argument ->
                                    argument.startsWith(state + "/") || argument.startsWith(data + "/agent/"));
            if (shim) {
                ours.add(pid);
            }
        }
        ours.addAll(descendants(ours));
        for (int pid : ours) {
            Signals.kill(pid, Signals.SIGKILL);
        }
        long deadline = System.currentTimeMillis() + PATIENCE_MILLIS;
        while (ours.stream().anyMatch(Teardown::alive)) {
            if (System.currentTimeMillis() > deadline) {
                throw new IOException(
                        "processes " + ours.stream().filter(Teardown::alive).toList() + " did not end");
            }
            pause();
        }
    }

    private static Set<Integer> descendants(Set<Integer> roots) throws IOException {
        Set<Integer> found = new HashSet<>(roots);
        boolean grew = true;
        while (grew) {
            grew = false;
            for (int pid : Processes.list()) {
                var info = Processes.find(pid);
                if (info.isPresent() && found.contains(info.get().parent()) && found.add(pid)) {
                    grew = true;
                }
            }
        }
        return found;
    }

    private static boolean alive(int pid) {
        try {
            return Processes.find(pid).filter(info -> info.state() != 'Z').isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void unmountBelow(Path folder) throws IOException {
        List<Path> targets = Mounts.list().stream()
                .map(MountInfo::mountPoint)
                .filter(target -> target.startsWith(folder))
                .sorted(Comparator.reverseOrder())
                .toList();
        for (Path target : targets) {
            Mounts.unmount(target);
        }
    }

    private void removeCgroups() throws IOException {
        if (cgroupRoot.equals("/") || cgroupRoot.isEmpty()) {
            return;
        }
        for (MountInfo mount : Mounts.list()) {
            if (mount.type().startsWith("cgroup")) {
                removeCgroup(mount.mountPoint().resolve(cgroupRoot.substring(1)));
            }
        }
    }

    private static void removeCgroup(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(root)) {
            List<Path> folders = tree.filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .sorted(Comparator.reverseOrder())
                    .toList();
            for (Path folder : folders) {
                Files.deleteIfExists(folder);
            }
        }
    }

    /**
     * Deletes a folder with all in it; mounts below it must be gone.
     *
     * @param folder the folder, which may be absent
     * @throws IOException if something can't be deleted
     */
    public static void delete(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
