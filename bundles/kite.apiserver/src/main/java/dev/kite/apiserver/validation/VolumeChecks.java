package dev.kite.apiserver.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.model.validation.Names;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Volumes of pods: their names, and that each has one source. Stateless. */
final class VolumeChecks {
    /** In the order in which they are looked for: the first that is there is the volume's. */
    private static final List<String> SOURCES = List.of(
            "emptyDir",
            "hostPath",
            "gitRepo",
            "gcePersistentDisk",
            "awsElasticBlockStore",
            "secret",
            "nfs",
            "iscsi",
            "glusterfs",
            "flocker",
            "persistentVolumeClaim",
            "rbd",
            "cinder",
            "cephfs",
            "quobyte",
            "downwardAPI",
            "fc",
            "flexVolume",
            "configMap",
            "azureFile",
            "vsphereVolume",
            "photonPersistentDisk",
            "portworxVolume",
            "azureDisk",
            "storageos",
            "projected",
            "scaleIO",
            "csi",
            "ephemeral",
            "image");

    private VolumeChecks() {}

    /**
     * Checks a pod's volumes.
     *
     * @param volumes the list
     * @param pod the pod's name, empty where there is none yet
     * @param real whether this is a pod, not a template
     * @return the volumes without fault by their names
     */
    static Map<String, JsonNode> volumes(At volumes, String pod, boolean real) {
        Map<String, JsonNode> good = new HashMap<>();
        Set<String> made = madeClaims(volumes, pod);
        for (At volume : volumes.items()) {
            int before = volume.errors().size();
            source(volume, pod, real);
            At name = volume.field("name");
            if (name.needed()) {
                name.each(Names::dnsLabel);
            }
            if (good.containsKey(name.text())) {
                name.duplicate();
            }
            if (volume.errors().size() == before) {
                good.put(name.text(), volume.node());
            }
            At claim = volume.field("persistentVolumeClaim", "claimName");
            if (made.contains(claim.text())) {
                claim.invalid("must not reference a PVC that gets created for an ephemeral volume");
            }
        }
        return good;
    }

    private static Set<String> madeClaims(At volumes, String pod) {
        Set<String> made = new HashSet<>();
        for (At volume : volumes.items()) {
            if (!pod.isEmpty() && volume.field("ephemeral").present()) {
                made.add(pod + "-" + volume.field("name").text());
            }
        }
        return made;
    }

    private static void source(At volume, String pod, boolean real) {
        boolean found = false;
        for (String kind : SOURCES) {
            At source = volume.field(kind);
            if (source.absent()) {
                continue;
            }
            if (found) {
                volume.field(told(kind)).forbidden("may not specify more than 1 volume type");
                continue;
            }
            found = true;
            switch (kind) {
                case "projected" -> ProjectionChecks.projected(source);
                case "ephemeral" -> ephemeral(source, volume.field("name").text(), pod);
                case "image" -> image(source, real);
                default ->
                    VolumeSources.source(source, kind, volume.field("name").text());
            }
        }
        if (!found) {
            volume.required("must specify a volume type");
        }
    }

    /** The names by which upstream's messages speak of two sources. */
    private static String told(String kind) {
        return switch (kind) {
            case "cephfs" -> "cephFS";
            case "downwardAPI" -> "downwarAPI";
            default -> kind;
        };
    }

    private static void ephemeral(At source, String volume, String pod) {
        At template = source.field("volumeClaimTemplate");
        if (template.absent()) {
            template.required("");
        } else {
            MetaChecks.template(template.field("metadata"));
            StorageChecks.claimSpec(template.field("spec"));
        }
        if (!pod.isEmpty()) {
            String name = pod + "-" + volume;
            for (String message : Names.dnsSubdomain(name)) {
                source.told(source.path().replaceAll("\\.ephemeral$", ".name"))
                        .invalid(volume, "PVC name \"" + name + "\": " + message);
            }
        }
    }

    private static void image(At source, boolean real) {
        if (real) {
            source.field("reference").needed();
        }
        source.field("pullPolicy").neededOneOf("Always", "IfNotPresent", "Never");
    }
}
