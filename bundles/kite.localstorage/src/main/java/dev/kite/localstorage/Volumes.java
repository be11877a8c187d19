package dev.kite.localstorage;

import dev.kite.model.core.v1.PersistentVolume;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** Makes and removes volumes on this node: by itself, or by the hooks that somebody configured. Stateless. */
final class Volumes {
    private Volumes() {}

    /**
     * Makes a planned volume's folder.
     *
     * @param plan the plan
     * @param config the configuration
     * @param data the ConfigMap's data
     * @throws VolumeException if it can't be made
     * @throws InterruptedException if the thread is interrupted
     */
    static void make(VolumePlan plan, StorageConfig config, Map<String, String> data)
            throws VolumeException, InterruptedException {
        Hooks.Request request = new Hooks.Request("create", plan.folder(), bytes(plan.volume()));
        if (!config.setupCommand().isEmpty()) {
            Hooks.command(config.setupCommand(), request, config.patience());
        } else if (!data.getOrDefault("setup", OwnedObjects.SETUP).equals(OwnedObjects.SETUP)) {
            Hooks.script(data.getOrDefault("setup", ""), request, config.patience());
        } else {
            try {
                // An unsafe pattern may lead out of the configured folder.
                Path parent = Objects.requireNonNull(plan.folder().getParent());
                Folders.make(plan.folder().startsWith(plan.root()) ? plan.root() : parent, plan.folder());
            } catch (IOException e) {
                throw new VolumeException(
                        "failed to create volume " + plan.volume().metadata().name() + ": " + e, e);
            }
        }
    }

    /**
     * Removes a volume's folder.
     *
     * @param volume the volume
     * @param config the configuration
     * @param data the ConfigMap's data
     * @throws VolumeException if it can't be removed, or is none of this provisioner's folders
     * @throws InterruptedException if the thread is interrupted
     */
    static void remove(PersistentVolume volume, StorageConfig config, Map<String, String> data)
            throws VolumeException, InterruptedException {
        Path folder = VolumePlan.folderOf(volume);
        if (folder == null) {
            throw new VolumeException(
                    "failed to delete volume " + volume.metadata().name() + ": no path set");
        }
        Path root = Folders.rootOf(config.roots(), folder);
        Hooks.Request request = new Hooks.Request("delete", folder, bytes(volume));
        if (!config.teardownCommand().isEmpty()) {
            Hooks.command(config.teardownCommand(), request, config.patience());
        } else if (!data.getOrDefault("teardown", OwnedObjects.TEARDOWN).equals(OwnedObjects.TEARDOWN)) {
            Hooks.script(data.getOrDefault("teardown", ""), request, config.patience());
        } else {
            try {
                Folders.remove(root, folder);
            } catch (IOException e) {
                throw new VolumeException(
                        "failed to delete volume " + volume.metadata().name() + ": " + e, e);
            }
        }
    }

    private static long bytes(PersistentVolume volume) {
        dev.kite.model.Quantity size = volume.spec().capacity().get("storage");
        return size == null ? 0 : size.value();
    }
}
