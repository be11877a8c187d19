package dev.kite.node.volume;

import dev.kite.api.client.KubernetesClient;
import dev.kite.model.core.v1.PersistentVolume;
import dev.kite.model.core.v1.PersistentVolumeClaim;
import dev.kite.model.core.v1.PersistentVolumeSpec;
import dev.kite.model.core.v1.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Volumes behind PersistentVolumeClaims that lie on this node: hostPath and local. */
final class Claims {
    private final KubernetesClient client;

    Claims(KubernetesClient client) {
        this.client = client;
    }

    /**
     * A claim's volume.
     *
     * @param path where it lies
     * @param owned whether fsGroup applies: a local volume's files are the pod's, a host's are not
     */
    record Located(Path path, boolean owned) {}

    Located locate(Pod pod, String claimName, boolean ephemeral) throws IOException {
        PersistentVolumeClaim claim = client.resource(PersistentVolumeClaim.RESOURCE)
                .find(pod.metadata().namespace(), claimName)
                .orElseThrow(() -> new IOException("persistentvolumeclaim \"" + claimName + "\" not found"));
        if (ephemeral
                && claim.metadata().ownerReferences().stream()
                        .noneMatch(owner -> owner.uid().equals(pod.metadata().uid()))) {
            throw new IOException("PVC " + claimName + " was not created for pod "
                    + pod.metadata().name());
        }
        if (claim.metadata().deletionTimestamp() != null) {
            throw new IOException("can't start pod because PVC " + claimName + " is being deleted");
        }
        String name = claim.spec().volumeName();
        if (name.isEmpty() || !claim.status().phase().equals("Bound")) {
            throw new IOException("PVC " + claimName + " is not bound");
        }
        PersistentVolume volume = client.resource(PersistentVolume.RESOURCE)
                .find("", name)
                .orElseThrow(() -> new IOException("persistentvolume \"" + name + "\" not found"));
        if (!volume.spec().claimRef().uid().equals(claim.metadata().uid())) {
            throw new IOException("PV " + name + " is bound to another claim");
        }
        return locate(name, volume.spec());
    }

    private static Located locate(String name, PersistentVolumeSpec spec) throws IOException {
        if (spec.hasHostPath()) {
            return new Located(
                    HostPaths.find(spec.hostPath().path(), spec.hostPath().type()), false);
        }
        if (spec.hasLocal()) {
            Path path = Path.of(spec.local().path());
            if (!Files.exists(path)) {
                throw new IOException("the local volume " + name + " has no path " + path + " on this node");
            }
            return new Located(path, true);
        }
        throw new IOException(
                "the volume " + name + " is of a kind that this node can't mount: hostPath and local are");
    }
}
