package dev.kite.node.pod;

import dev.kite.cri.ContainerImage;
import dev.kite.cri.ContainerSpec;
import dev.kite.cri.Namespaces;
import dev.kite.model.core.v1.Container;
import dev.kite.model.core.v1.HostAlias;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.VolumeMount;
import dev.kite.node.NodePaths;
import dev.kite.node.pod.Containers.Ref;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A container as the runtime is asked for it, with the files that the node gives it: /etc/hosts and the termination message. */
final class ContainerSpecs {
    private static final String HOSTS = "/etc/hosts";
    private static final String DEFAULT_MESSAGE = "/dev/termination-log";

    private final NodePaths paths;
    private final SecurityMapping security;
    private final long machineMemory;
    private final boolean cpuQuota;

    ContainerSpecs(NodePaths paths, SecurityMapping security, long machineMemory, boolean cpuQuota) {
        this.paths = paths;
        this.security = security;
        this.machineMemory = machineMemory;
        this.cpuQuota = cpuQuota;
    }

    /**
     * What a container is made from.
     *
     * @param image its image on this node
     * @param environment its variables
     * @param volumes where the pod's volumes are
     * @param target the id of the container whose processes it sees, empty for none
     * @param addresses the pod's addresses
     * @param hostname the pod's host name
     * @param domain the pod's domain, empty for none
     */
    record Parts(
            ContainerImage image,
            Map<String, String> environment,
            Map<String, Path> volumes,
            String target,
            List<String> addresses,
            String hostname,
            String domain) {}

    long machineMemory() {
        return machineMemory;
    }

    /** Whether CPU limits are enforced. */
    boolean cpuQuota() {
        return cpuQuota;
    }

    ContainerSpec of(Pod pod, Ref ref, int attempt, Parts parts) throws IOException, SyncException {
        Container container = ref.spec();
        Map<String, String> environment = parts.environment();
        String messagePath =
                container.terminationMessagePath().isEmpty() ? DEFAULT_MESSAGE : container.terminationMessagePath();
        Path messageFile = messageFile(pod, container, attempt);
        List<ContainerSpec.Mount> mounts = new ArrayList<>();
        boolean ownHosts = false;
        for (VolumeMount mount : container.volumeMounts()) {
            mounts.add(mount(mount, parts.volumes(), environment));
            ownHosts |= mount.mountPath().equals(HOSTS);
        }
        if (!ownHosts) {
            mounts.add(plain(HOSTS, hostsFile(pod, parts), false));
        }
        mounts.add(plain(messagePath, messageFile, false));
        Map<String, String> annotations = new HashMap<>();
        annotations.put(Labels.HASH, Labels.hash(container));
        annotations.put(Labels.RESTARTS, Integer.toString(attempt));
        annotations.put(Labels.MESSAGE_PATH, messagePath);
        annotations.put(Labels.MESSAGE_POLICY, container.terminationMessagePolicy());
        annotations.put(Labels.MESSAGE_FILE, messageFile.toString());
        annotations.put(Labels.LIMITS, Resizes.line(Limits.container(pod, container, machineMemory, cpuQuota)));
        annotations.put(Labels.GRACE, Long.toString(pod.spec().terminationGracePeriodSeconds()));
        Files.createDirectories(paths.logs(
                        pod.metadata().namespace(),
                        pod.metadata().name(),
                        pod.metadata().uid())
                .resolve(container.name()));
        return new ContainerSpec(
                container.name(),
                attempt,
                parts.image().id(),
                container.image(),
                expand(container.command(), environment),
                expand(container.args(), environment),
                container.workingDir(),
                environment,
                mounts,
                List.of(),
                Labels.container(pod, container),
                annotations,
                container.name() + "/" + attempt + ".log",
                container.stdin(),
                container.stdinOnce(),
                container.tty(),
                Limits.container(pod, container, machineMemory, cpuQuota),
                security.container(pod, container, parts.image()),
                namespaces(pod, parts.target()));
    }

    private static Namespaces namespaces(Pod pod, String target) {
        Namespaces.Mode pid = !target.isEmpty()
                ? Namespaces.Mode.TARGET
                : pod.spec().hostPID()
                        ? Namespaces.Mode.NODE
                        : pod.spec().shareProcessNamespace() ? Namespaces.Mode.POD : Namespaces.Mode.CONTAINER;
        return new Namespaces(
                pod.spec().hostNetwork() ? Namespaces.Mode.NODE : Namespaces.Mode.POD,
                pid,
                pod.spec().hostIPC() ? Namespaces.Mode.NODE : Namespaces.Mode.POD,
                target);
    }

    private static List<String> expand(List<String> words, Map<String, String> environment) {
        return words.stream().map(word -> Expansion.expand(word, environment)).toList();
    }

    private static ContainerSpec.Mount plain(String to, Path from, boolean readOnly) {
        return new ContainerSpec.Mount(to, from.toString(), readOnly, false, false, ContainerSpec.Propagation.PRIVATE);
    }

    private static ContainerSpec.Mount mount(
            VolumeMount mount, Map<String, Path> volumes, Map<String, String> environment)
            throws IOException, SyncException {
        Path volume = volumes.get(mount.name());
        if (volume == null) {
            throw new SyncException(
                    SyncException.CONFIG, "cannot find volume \"" + mount.name() + "\" to mount into container");
        }
        String sub =
                mount.subPathExpr().isEmpty() ? mount.subPath() : Expansion.expand(mount.subPathExpr(), environment);
        Path source = sub.isEmpty() ? volume : subPath(volume, sub);
        boolean recursive = mount.recursiveReadOnly().equals("Enabled");
        ContainerSpec.Propagation propagation = switch (mount.mountPropagation()) {
            case "HostToContainer" -> ContainerSpec.Propagation.HOST_TO_CONTAINER;
            case "Bidirectional" -> ContainerSpec.Propagation.BIDIRECTIONAL;
            default -> ContainerSpec.Propagation.PRIVATE;
        };
        String to = mount.mountPath().startsWith("/") ? mount.mountPath() : "/" + mount.mountPath();
        return new ContainerSpec.Mount(to, source.toString(), mount.readOnly(), recursive, false, propagation);
    }

    /** The place in a volume; it may not leave the volume, not by symbolic links either. Folders that aren't there are made. */
    static Path subPath(Path volume, String sub) throws IOException, SyncException {
        Path wanted = volume.resolve(sub).normalize();
        if (sub.startsWith("/") || !wanted.startsWith(volume)) {
            throw new SyncException(SyncException.CONFIG, "subPath leaves its volume: " + sub);
        }
        Path root = volume.toRealPath();
        Path existing = wanted;
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        if (!existing.toRealPath().startsWith(root)) {
            throw new SyncException(SyncException.CONFIG, "subPath leaves its volume: " + sub);
        }
        if (!Files.exists(wanted)) {
            Files.createDirectories(
                    wanted, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
            Files.setPosixFilePermissions(wanted, Files.getPosixFilePermissions(root));
        }
        Path real = wanted.toRealPath();
        if (!real.startsWith(root)) {
            throw new SyncException(SyncException.CONFIG, "subPath leaves its volume: " + sub);
        }
        return real;
    }

    private Path messageFile(Pod pod, Container container, int attempt) throws IOException {
        Path folder = paths.pod(pod.metadata().uid()).resolve("containers").resolve(container.name());
        Files.createDirectories(folder);
        Path file = folder.resolve("message-" + attempt);
        Files.write(file, new byte[0]);
        Files.setPosixFilePermissions(
                file, PosixFilePermissions.fromString("rw-rw-rw-")); // whoever the container runs as
        return file;
    }

    private Path hostsFile(Pod pod, Parts parts) throws IOException {
        Path file = paths.pod(pod.metadata().uid()).resolve("etc-hosts");
        Files.createDirectories(paths.pod(pod.metadata().uid()));
        String text = pod.spec().hostNetwork()
                ? "# Kubernetes-managed hosts file (host network).\n" + Files.readString(Path.of(HOSTS))
                : hosts(parts.addresses(), parts.hostname(), parts.domain());
        Files.writeString(file, text + aliases(pod.spec().hostAliases()));
        return file;
    }

    static String hosts(List<String> addresses, String hostname, @Nullable String domain) {
        StringBuilder text = new StringBuilder("""
                # Kubernetes-managed hosts file.
                127.0.0.1	localhost
                ::1	localhost ip6-localhost ip6-loopback
                fe00::	ip6-localnet
                fe00::	ip6-mcastprefix
                fe00::1	ip6-allnodes
                fe00::2	ip6-allrouters
                """);
        for (String address : addresses) {
            text.append(address).append('\t');
            if (domain != null && !domain.isEmpty()) {
                text.append(hostname).append('.').append(domain).append('\t');
            }
            text.append(hostname).append('\n');
        }
        return text.toString();
    }

    static String aliases(List<HostAlias> aliases) {
        if (aliases.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder("\n# Entries added by HostAliases.\n");
        for (HostAlias alias : aliases) {
            text.append(alias.ip())
                    .append('\t')
                    .append(String.join("\t", alias.hostnames()))
                    .append('\n');
        }
        return text.toString();
    }
}
