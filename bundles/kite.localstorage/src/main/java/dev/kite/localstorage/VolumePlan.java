package dev.kite.localstorage;

import dev.kite.model.core.v1.Node;
import dev.kite.model.core.v1.PersistentVolume;
import dev.kite.model.core.v1.PersistentVolumeClaim;
import dev.kite.model.core.v1.PersistentVolumeSpec;
import dev.kite.model.storage.v1.StorageClass;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A claim's volume, decided from values alone.
 *
 * @param root the configured folder that it is in
 * @param folder its own folder
 * @param volume its PersistentVolume
 * @param type hostPath or local
 */
record VolumePlan(Path root, Path folder, PersistentVolume volume, String type) {
    static final String PROVISIONER = "rancher.io/local-path";
    static final String PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";
    static final String NODE = "local.path.provisioner/selected-node";

    private static final String HOSTNAME = "kubernetes.io/hostname";

    /**
     * Plans a volume.
     *
     * @param claim the claim
     * @param storageClass its class
     * @param node where the volume is to be
     * @param config the configuration
     * @param chooser picks one of several folders: gives an index below its argument
     * @return the plan
     * @throws VolumeException if the claim asks for what can't be, or the configuration is not right
     */
    static VolumePlan of(
            PersistentVolumeClaim claim,
            StorageClass storageClass,
            Node node,
            StorageConfig config,
            ToIntFunction<List<Path>> chooser)
            throws VolumeException {
        StorageConfig.Places places = config.places(storageClass.metadata().name());
        check(claim, places);
        String name = "pvc-" + claim.metadata().uid();
        Path root = root(places.of(node.metadata().name()), storageClass.parameters(), node, chooser);
        Path folder = folder(root, name, claim, storageClass);
        String type = claim.metadata()
                .annotations()
                .getOrDefault(
                        "volumeType",
                        storageClass.metadata().annotations().getOrDefault("defaultVolumeType", "hostPath"));
        PersistentVolume volume = PersistentVolume.builder()
                .metadata(meta -> meta.name(name)
                        .putAnnotations(PROVISIONED_BY, PROVISIONER)
                        .putAnnotations(NODE, node.metadata().name()))
                .spec(spec -> spec(spec, claim, storageClass))
                .spec(spec -> source(spec, type, folder))
                .build();
        if (!List.of("hostPath", "local").contains(type)) {
            throw new VolumeException("\"" + type + "\" is not a recognised volume type");
        }
        if (places.shared() == null) {
            volume = volume.toBuilder()
                    .spec(spec -> affinity(spec, node, storageClass.parameters()))
                    .build();
        }
        return new VolumePlan(root, folder, volume, type);
    }

    private static void check(PersistentVolumeClaim claim, StorageConfig.Places places) throws VolumeException {
        if (claim.spec().volumeMode().equals("Block")) {
            throw new VolumeException(PROVISIONER + " does not support block volume provisioning");
        }
        if (places.shared() != null) {
            return;
        }
        if (claim.spec().hasSelector()) {
            throw new VolumeException("claim.Spec.Selector is not supported");
        }
        for (String mode : claim.spec().accessModes()) {
            if (!mode.equals("ReadWriteOnce") && !mode.equals("ReadWriteOncePod")) {
                throw new VolumeException(
                        "NodePath only supports ReadWriteOnce and ReadWriteOncePod (1.22+) access modes");
            }
        }
    }

    private static Path root(
            List<Path> roots, Map<String, String> parameters, Node node, ToIntFunction<List<Path>> chooser)
            throws VolumeException {
        String wanted = parameters.getOrDefault("nodePath", "");
        if (wanted.isEmpty()) {
            return roots.get(chooser.applyAsInt(roots));
        }
        for (Path root : roots) {
            if (root.toString().equals(path(wanted).normalize().toString())) {
                return root;
            }
        }
        throw new VolumeException("config doesn't contain path " + wanted + " on node "
                + node.metadata().name());
    }

    private static Path path(String text) throws VolumeException {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new VolumeException("a path has a character that paths cannot have", e);
        }
    }

    private static Path folder(Path root, String name, PersistentVolumeClaim claim, StorageClass storageClass)
            throws VolumeException {
        String namespace = claim.metadata().namespace();
        String pattern = storageClass.parameters().get("pathPattern");
        if (pattern == null) {
            return root.resolve(name + "_" + namespace + "_" + claim.metadata().name());
        }
        String filled = PathPattern.fill(pattern, name, claim);
        Path relative = path(filled);
        if (unsafeAllowed(storageClass)) {
            // As the local-path provisioner: an absolute path stays below the root, too.
            Path folder = path(root + "/" + filled).normalize();
            if (folder.getNameCount() == 0) {
                throw new VolumeException("pathPattern makes the path /, which cannot be a volume");
            }
            return folder;
        }
        String prefix = namespace + "/" + claim.metadata().name() + "/";
        if (!filled.startsWith(prefix) || filled.length() == prefix.length()) {
            throw new VolumeException("pathPattern must start with {{ .PVC.Namespace }}/{{ .PVC.Name }}/: " + filled);
        }
        for (Path part : relative) {
            if (part.toString().equals("..") || part.toString().equals(".")) {
                throw new VolumeException("folder path contains invalid references: " + filled);
            }
        }
        return root.resolve(relative);
    }

    private static boolean unsafeAllowed(StorageClass storageClass) {
        String text = storageClass
                .parameters()
                .getOrDefault(
                        "allowUnsafePathPattern",
                        storageClass.metadata().annotations().getOrDefault("allowUnsafePathPattern", "false"));
        return List.of("1", "t", "T", "TRUE", "true", "True").contains(text);
    }

    private static void spec(
            PersistentVolumeSpec.Builder spec, PersistentVolumeClaim claim, StorageClass storageClass) {
        Map<String, dev.kite.model.Quantity> capacity = new TreeMap<>();
        dev.kite.model.Quantity size = claim.spec().resources().requests().get("storage");
        if (size != null) {
            capacity.put("storage", size);
        }
        spec.capacity(capacity)
                .accessModes(claim.spec().accessModes())
                .persistentVolumeReclaimPolicy(
                        storageClass.hasReclaimPolicy() ? storageClass.reclaimPolicy() : "Delete")
                .storageClassName(storageClass.metadata().name())
                .volumeMode("Filesystem")
                .mountOptions(storageClass.mountOptions().isEmpty() ? null : storageClass.mountOptions())
                .claimRef(reference -> reference
                        .kind("PersistentVolumeClaim")
                        .apiVersion("v1")
                        .namespace(claim.metadata().namespace())
                        .name(claim.metadata().name())
                        .uid(claim.metadata().uid())
                        .resourceVersion(claim.metadata().resourceVersion()));
    }

    private static void source(PersistentVolumeSpec.Builder spec, String type, Path folder) {
        if (type.equals("local")) {
            spec.local(local -> local.path(folder.toString()));
        } else {
            spec.hostPath(host -> host.path(folder.toString()).type("DirectoryOrCreate"));
        }
    }

    private static void affinity(PersistentVolumeSpec.Builder spec, Node node, Map<String, String> parameters) {
        String given = parameters.getOrDefault("nodeAffinityKey", "");
        String key = given.isEmpty() ? HOSTNAME : given;
        String value =
                node.metadata().labels().getOrDefault(key, node.metadata().name());
        spec.nodeAffinity(affinity ->
                affinity.required(required -> required.addNodeSelectorTerms(term -> term.addMatchExpressions(
                        expression -> expression.key(key).operator("In").values(List.of(value))))));
    }

    /**
     * Finds a volume's folder.
     *
     * @param volume a volume of this provisioner
     * @return the folder, or null where it names none
     */
    static @Nullable Path folderOf(PersistentVolume volume) {
        String path = volume.spec().hasHostPath()
                ? volume.spec().hostPath().path()
                : volume.spec().local().path();
        return path.startsWith("/") && path.indexOf('\0') < 0 ? Path.of(path) : null;
    }
}
