package dev.kite.apiserver.defaults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;

/** Volumes of pods, persistent volumes and their claims. Stateless. */
final class VolumeDefaults {
    private static final int MODE_0644 = 420;

    private VolumeDefaults() {}

    static void volume(ObjectNode volume) {
        if (volume.properties().stream()
                .allMatch(f -> f.getKey().equals("name") || f.getValue().isNull())) {
            volume.putObject("emptyDir");
        }
        sources(volume);
        for (String source : new String[] {"secret", "configMap", "downwardAPI", "projected"}) {
            Fill.at(volume, found -> Fill.number(found, "defaultMode", MODE_0644), source);
        }
        Fill.each(volume, VolumeDefaults::downwardItem, "downwardAPI", "items");
        Fill.each(volume, VolumeDefaults::projection, "projected", "sources");
        Fill.at(volume, VolumeDefaults::claimSpec, "ephemeral", "volumeClaimTemplate", "spec");
        Fill.at(
                volume,
                image -> Fill.text(
                        image,
                        "pullPolicy",
                        PodDefaults.pullPolicy(image.path("reference").asText())),
                "image");
    }

    private static void downwardItem(ObjectNode item) {
        Fill.at(item, ref -> Fill.text(ref, "apiVersion", "v1"), "fieldRef");
        Fill.at(item, ref -> Fill.text(ref, "divisor", "0"), "resourceFieldRef");
    }

    private static void projection(ObjectNode source) {
        Fill.each(source, VolumeDefaults::downwardItem, "downwardAPI", "items");
        Fill.at(source, token -> Fill.number(token, "expirationSeconds", 3600), "serviceAccountToken");
        Fill.at(source, pod -> Fill.number(pod, "maxExpirationSeconds", 86400), "podCertificate");
    }

    /** Sources that pods' volumes and persistent volumes share. */
    private static void sources(ObjectNode holder) {
        source(holder, "hostPath", s -> Fill.pointer(s, "type", ""));
        source(holder, "iscsi", s -> Fill.text(s, "iscsiInterface", "default"));
        source(holder, "rbd", s -> {
            Fill.text(s, "pool", "rbd");
            Fill.text(s, "user", "admin");
            Fill.text(s, "keyring", "/etc/ceph/keyring");
        });
        source(holder, "azureDisk", s -> {
            Fill.text(s, "cachingMode", "ReadWrite");
            Fill.text(s, "kind", "Shared");
            Fill.text(s, "fsType", "ext4");
            Fill.flag(s, "readOnly", false);
        });
        source(holder, "scaleIO", s -> {
            Fill.text(s, "storageMode", "ThinProvisioned");
            Fill.text(s, "fsType", "xfs");
        });
    }

    private static void source(ObjectNode holder, String name, Consumer<ObjectNode> then) {
        Fill.at(holder, then, name);
    }

    static void persistentVolume(ObjectNode volume) {
        Fill.in(volume, "spec", spec -> {
            sources(spec);
            Fill.text(spec, "persistentVolumeReclaimPolicy", "Retain");
            Fill.text(spec, "volumeMode", "Filesystem");
        });
        Fill.in(volume, "status", status -> Fill.text(status, "phase", "Pending"));
    }

    static void claim(ObjectNode claim) {
        Fill.in(claim, "spec", VolumeDefaults::claimSpec);
        Fill.in(claim, "status", status -> Fill.text(status, "phase", "Pending"));
    }

    private static void claimSpec(ObjectNode spec) {
        Fill.text(spec, "volumeMode", "Filesystem");
        Fill.object(spec, "resources");
    }

    static void storageClass(ObjectNode storageClass) {
        Fill.pointer(storageClass, "reclaimPolicy", "Delete");
        Fill.pointer(storageClass, "volumeBindingMode", "Immediate");
    }

    static void csiDriver(ObjectNode driver) {
        Fill.in(driver, "spec", spec -> {
            Fill.flag(spec, "attachRequired", true);
            Fill.flag(spec, "podInfoOnMount", false);
            Fill.flag(spec, "storageCapacity", false);
            Fill.flag(spec, "requiresRepublish", false);
            Fill.flag(spec, "seLinuxMount", false);
            Fill.pointer(spec, "fsGroupPolicy", "ReadWriteOnceWithFSType");
            JsonNode modes = spec.path("volumeLifecycleModes");
            if (modes.isMissingNode() || modes.isNull() || (modes.isArray() && modes.isEmpty())) {
                spec.putArray("volumeLifecycleModes").add("Persistent");
            }
        });
    }
}
