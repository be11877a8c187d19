package dev.kite.node;

import java.nio.file.Path;
import java.util.Locale;

/**
 * Where the node keeps its files: the kubelet's places for the default data folder, below the data folder otherwise, so that many nodes run on one machine.
 *
 * @param data the data folder
 * @param root the kubelet's root folder: {@code pods/UID/...}, {@code plugins}, {@code plugins_registry}
 * @param podLogs the folder of {@code NAMESPACE_NAME_UID/CONTAINER/ATTEMPT.log}
 * @param containerLogs the folder of links {@code POD_NAMESPACE_CONTAINER-ID.log}
 */
public record NodePaths(Path data, Path root, Path podLogs, Path containerLogs) {
    private static final Path DEFAULT_DATA = Path.of("/var/lib/rancher/k3s");

    /**
     * The places for a data folder.
     *
     * @param dataFolder the data folder
     * @return the places
     */
    public static NodePaths of(Path dataFolder) {
        Path data = dataFolder.toAbsolutePath().normalize();
        if (data.equals(DEFAULT_DATA)) {
            return new NodePaths(
                    data, Path.of("/var/lib/kubelet"), Path.of("/var/log/pods"), Path.of("/var/log/containers"));
        }
        Path agent = data.resolve("agent");
        return new NodePaths(
                data, agent.resolve("kubelet"), agent.resolve("log/pods"), agent.resolve("log/containers"));
    }

    /**
     * A pod's folder, for its volumes and files.
     *
     * @param uid the pod's uid
     * @return {@code ROOT/pods/UID}
     */
    public Path pod(String uid) {
        return root.resolve("pods").resolve(uid);
    }

    /**
     * A volume's folder as the kubelet names it.
     *
     * @param uid the pod's uid
     * @param plugin the plugin, for example {@code kubernetes.io/empty-dir}
     * @param volume the volume's name
     * @return {@code ROOT/pods/UID/volumes/kubernetes.io~empty-dir/NAME}
     */
    public Path volume(String uid, String plugin, String volume) {
        return pod(uid).resolve("volumes")
                .resolve(plugin.replace('/', '~').toLowerCase(Locale.ROOT))
                .resolve(volume);
    }

    /**
     * The folder of a pod's logs.
     *
     * @param namespace the pod's namespace
     * @param name the pod's name
     * @param uid the pod's uid
     * @return the folder
     */
    public Path logs(String namespace, String name, String uid) {
        return podLogs.resolve(namespace + "_" + name + "_" + uid);
    }

    /** @return the folder of CNI configurations */
    public Path cniConfig() {
        return data.resolve("agent/etc/cni/net.d");
    }
}
