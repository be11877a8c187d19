package dev.kite.node.volume;

import dev.kite.api.client.ApiException;
import dev.kite.linux.MountInfo;
import dev.kite.linux.Mounts;
import dev.kite.model.Quantity;
import dev.kite.model.core.v1.EmptyDirVolumeSource;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.PodSecurityContext;
import dev.kite.model.core.v1.Volume;
import dev.kite.node.NodeContext;
import dev.kite.node.VolumeMounter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Goes over a pod's volumes. Holds nothing but tokens: what is mounted is asked of the kernel, what is written is found in the pod's folder. */
@Component
public final class NodeVolumes implements VolumeMounter {
    private static final Logger LOG = LoggerFactory.getLogger(NodeVolumes.class);
    private static final int EMPTY_DIR_MODE = 0777;

    private final NodeContext node;
    private final PodTokens tokens;
    private final Claims claims;

    /**
     * For Declarative Services.
     *
     * @param node who and where this node is
     */
    @Activate
    public NodeVolumes(@Reference NodeContext node) {
        this.node = node;
        this.tokens = new PodTokens(node.client(), Clock.systemUTC());
        this.claims = new Claims(node.client());
    }

    @Override
    public Map<String, Path> prepare(Pod pod) throws IOException {
        Map<String, Path> paths = new HashMap<>();
        for (Volume volume : pod.spec().volumes()) {
            try {
                paths.put(volume.name(), prepare(pod, volume));
            } catch (IOException | ApiException e) {
                throw new IOException(
                        "MountVolume.SetUp failed for volume \"" + volume.name() + "\" : " + e.getMessage(), e);
            }
        }
        return paths;
    }

    private Path prepare(Pod pod, Volume volume) throws IOException {
        if (volume.hasHostPath()) {
            return HostPaths.find(volume.hostPath().path(), volume.hostPath().type());
        }
        if (volume.hasPersistentVolumeClaim()) {
            return claim(pod, volume.persistentVolumeClaim().claimName(), false);
        }
        if (volume.hasEphemeral()) {
            return claim(pod, pod.metadata().name() + "-" + volume.name(), true);
        }
        if (volume.hasEmptyDir()) {
            return emptyDir(pod, volume.name(), volume.emptyDir());
        }
        if (volume.hasConfigMap()) {
            var source = volume.configMap();
            ProjectedFiles files = files(pod, source.hasDefaultMode(), source.defaultMode());
            files.configMap(source.name(), source.items(), source.optional());
            return write(pod, "kubernetes.io/configmap", volume.name(), files.files());
        }
        if (volume.hasSecret()) {
            var source = volume.secret();
            ProjectedFiles files = files(pod, source.hasDefaultMode(), source.defaultMode());
            files.secret(source.secretName(), source.items(), source.optional());
            return write(pod, "kubernetes.io/secret", volume.name(), files.files());
        }
        if (volume.hasDownwardAPI()) {
            var source = volume.downwardAPI();
            ProjectedFiles files = files(pod, source.hasDefaultMode(), source.defaultMode());
            files.downward(source.items());
            return write(pod, "kubernetes.io/downward-api", volume.name(), files.files());
        }
        if (volume.hasProjected()) {
            var source = volume.projected();
            ProjectedFiles files = files(pod, source.hasDefaultMode(), source.defaultMode());
            for (var projection : source.sources()) {
                files.projection(projection);
            }
            return write(pod, "kubernetes.io/projected", volume.name(), files.files());
        }
        // Kubernetes' default for a volume that names no source.
        if (volume.equals(Volume.builder().name(volume.name()).build())) {
            return emptyDir(pod, volume.name(), volume.emptyDir());
        }
        throw new IOException("this node has no plugin for its kind of volume");
    }

    private ProjectedFiles files(Pod pod, boolean modeGiven, int mode) {
        return new ProjectedFiles(node.client(), tokens, pod, modeGiven, mode);
    }

    private Path write(Pod pod, String plugin, String name, SortedMap<String, AtomicFolder.FileContent> files)
            throws IOException {
        Path folder = node.paths().volume(pod.metadata().uid(), plugin, name);
        new AtomicFolder(folder).write(files, group(pod));
        return folder;
    }

    private static @Nullable Long group(Pod pod) {
        PodSecurityContext context = pod.spec().securityContext();
        return context.hasFsGroup() ? Long.valueOf(context.fsGroup()) : null;
    }

    private Path emptyDir(Pod pod, String name, EmptyDirVolumeSource source) throws IOException {
        Path folder = node.paths().volume(pod.metadata().uid(), "kubernetes.io/empty-dir", name);
        boolean made = !Files.isDirectory(folder);
        Files.createDirectories(folder);
        if (source.medium().equals("Memory")) {
            if (!Mounts.isMountPoint(folder)) {
                Quantity limit = source.sizeLimit();
                Mounts.tmpfs(folder, limit == null ? 0 : limit.value(), EMPTY_DIR_MODE);
                made = true;
            }
        } else if (!source.medium().isEmpty() && !source.medium().startsWith("HugePages")) {
            throw new IOException("emptyDir has no medium " + source.medium());
        }
        if (made) {
            AtomicFolder.chmod(folder, EMPTY_DIR_MODE);
            Ownership.apply(folder, group(pod));
        }
        return folder;
    }

    private Path claim(Pod pod, String name, boolean ephemeral) throws IOException {
        Claims.Located located = claims.locate(pod, name, ephemeral);
        Long group = group(pod);
        if (located.owned() && group != null && !Ownership.rootMatches(located.path(), group)) {
            Ownership.apply(located.path(), group);
        }
        return located.path();
    }

    @Override
    public void teardown(String podUid) throws IOException {
        tokens.forget(podUid);
        Path folder = node.paths().pod(podUid);
        unmountBelow(folder);
        // Only what the node made itself lies in the pod's folder: host paths and claims were never mounted there.
        AtomicFolder.Trees.delete(folder);
    }

    private static void unmountBelow(Path folder) throws IOException {
        List<Path> mounts = Mounts.list().stream()
                .map(MountInfo::mountPoint)
                .filter(path -> path.startsWith(folder))
                .sorted(Comparator.reverseOrder())
                .toList();
        for (Path mount : mounts) {
            Mounts.unmount(mount);
        }
    }

    @Override
    public void teardownOthers(Set<String> podUids) {
        Path pods = node.paths().root().resolve("pods");
        if (!Files.isDirectory(pods)) {
            return;
        }
        try (Stream<Path> folders = Files.list(pods)) {
            for (Path folder : folders.toList()) {
                String uid = folder.getFileName().toString();
                if (!podUids.contains(uid)) {
                    forget(uid);
                }
            }
        } catch (IOException e) {
            LOG.warn("the folder of pods {} can't be read: {}", pods, e.getMessage());
        }
    }

    private void forget(String uid) {
        try {
            teardown(uid);
        } catch (IOException e) {
            LOG.warn("volumes of the former pod {} can't be taken away: {}", uid, e.getMessage());
        }
    }
}
