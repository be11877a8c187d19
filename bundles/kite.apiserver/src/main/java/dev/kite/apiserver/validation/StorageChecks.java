package dev.kite.apiserver.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.model.validation.Names;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Persistent volumes, claims, storage classes, CSI. Stateless. */
final class StorageChecks {
    private static final String[] MODES = {"ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"};
    private static final Set<String> NO_SOURCE =
            Set.of("claimRef", "nodeAffinity", "capacity", "accessModes", "mountOptions");

    /** What a claim shows of the path of its source: upstream prints the path itself, which has no fields. */
    private static final JsonNode PLACE = JsonNodeFactory.instance.objectNode();

    private static final List<String> SOURCES = List.of(
            "hostPath",
            "gcePersistentDisk",
            "awsElasticBlockStore",
            "glusterfs",
            "flocker",
            "nfs",
            "rbd",
            "quobyte",
            "cephfs",
            "iscsi",
            "cinder",
            "fc",
            "flexVolume",
            "azureFile",
            "vsphereVolume",
            "photonPersistentDisk",
            "portworxVolume",
            "azureDisk",
            "scaleIO",
            "local",
            "storageos",
            "csi");

    private StorageChecks() {}

    static void volume(At volume) {
        At spec = volume.field("spec");
        spec.field("accessModes").needed();
        modes(spec.field("accessModes"));
        At capacity = spec.field("capacity");
        capacity.needed();
        if (capacity.field("storage").absent() || capacity.node().size() > 1) {
            capacity.unsupported(capacity.absent() ? JsonNodeFactory.instance.nullNode() : capacity.node(), "storage");
        }
        for (var amount : MetaChecks.sorted(capacity)) {
            positive(capacity.key(amount.getKey()));
        }
        spec.field("persistentVolumeReclaimPolicy").oneOf("Delete", "Recycle", "Retain");
        At affinity = spec.field("nodeAffinity");
        if (affinity.present()) {
            if (affinity.field("required").present()) {
                SchedulingChecks.nodeSelector(affinity.field("required"));
            } else {
                affinity.field("required").required("must specify required node constraints");
            }
        }
        volumeSource(spec, volume.field("metadata", "name").text());
        className(spec.field("storageClassName"));
        mode(spec.field("volumeMode"));
        At attributes = spec.field("volumeAttributesClassName");
        if (attributes.present()) {
            if (attributes.needed("an empty string is disallowed")) {
                attributes.each(Names::dnsSubdomain);
            }
            if (spec.field("csi").absent()) {
                spec.field("csi").required("has to be specified when using volumeAttributesClassName");
            }
        }
    }

    private static void volumeSource(At spec, String name) {
        boolean found = false;
        for (String kind : SOURCES) {
            At source = spec.field(kind);
            if (source.absent()) {
                continue;
            }
            // A flex volume is the only one that is not counted against the others.
            if (found && !kind.equals("flexVolume")) {
                spec.field(kind.equals("cephfs") ? "cephFS" : kind)
                        .forbidden("may not specify more than 1 volume type");
                continue;
            }
            found = true;
            VolumeSources.persistent(source, kind, name);
            if (kind.equals("local") && spec.field("nodeAffinity").absent()) {
                spec.field("nodeAffinity").required("Local volume requires node affinity");
            }
        }
        if (!found) {
            spec.required("must specify a volume type");
        }
        boolean all = spec.field("hostPath", "path").text().matches("/+(\\.?/+)*\\.?");
        if (all && spec.field("persistentVolumeReclaimPolicy").text().equals("Recycle")) {
            spec.field("persistentVolumeReclaimPolicy").forbidden("may not be 'recycle' for a hostPath mount of '/'");
        }
    }

    private static void modes(At modes) {
        boolean alone = false;
        boolean shared = false;
        for (At mode : modes.items()) {
            mode.oneOfUnder(modes, MODES);
            alone |= mode.text().equals("ReadWriteOncePod");
            shared |= !mode.text().equals("ReadWriteOncePod") && List.of(MODES).contains(mode.text());
        }
        if (alone && shared) {
            modes.forbidden("may not use ReadWriteOncePod with other access modes");
        }
    }

    private static void positive(At quantity) {
        Quantities.parse(quantity.node())
                .filter(q -> q.signum() <= 0)
                .ifPresent(q -> quantity.invalid(q.toString(), "must be greater than zero"));
    }

    private static void className(At name) {
        if (!name.empty()) {
            name.each(Names::dnsSubdomain);
        }
    }

    static void volumeUpdate(At volume, At old) {
        At spec = volume.field("spec");
        At before = old.field("spec");
        if (spec.node() instanceof ObjectNode now && before.node() instanceof ObjectNode was) {
            for (var field : now.properties()) {
                boolean source = field.getValue().isObject() && !NO_SOURCE.contains(field.getKey());
                if (source && was.has(field.getKey()) && !At.equal(field.getValue(), was.path(field.getKey()))) {
                    new At(spec.errors(), "spec.persistentvolumesource", spec.node())
                            .forbidden("spec.persistentvolumesource is immutable after creation");
                }
            }
        }
        spec.field("volumeMode").immutable(before.field("volumeMode"));
        if (before.field("nodeAffinity").present()) {
            spec.field("nodeAffinity").immutable(before.field("nodeAffinity"));
        }
    }

    static void claim(At claim) {
        claimSpec(claim.field("spec"));
    }

    /** What is claimed, by a claim or by a template of claims. */
    static void claimSpec(At spec) {
        At modes = spec.field("accessModes");
        modes.needed("at least 1 access mode is required");
        Selectors.labelSelector(spec.field("selector"));
        modes(modes);
        At requests = spec.field("resources", "requests");
        At storage = new At(
                spec.errors(),
                spec.path() + ".resources[storage]",
                requests.node().path("storage"));
        if (storage.absent()) {
            storage.required("");
        } else {
            positive(storage);
        }
        className(spec.field("storageClassName"));
        mode(spec.field("volumeMode"));
        source(spec.field("dataSource"));
        source(spec.field("dataSourceRef"));
        agree(spec);
        className(spec.field("volumeAttributesClassName"));
    }

    private static void mode(At mode) {
        if (mode.present()) {
            mode.oneOfUnder(mode, "Block", "Filesystem");
        }
    }

    private static void source(At source) {
        if (source.absent()) {
            return;
        }
        source.field("name").needed();
        source.field("kind").needed();
        At group = source.field("apiGroup");
        String kind = source.field("kind").text();
        if (group.empty() && !kind.equals("PersistentVolumeClaim")) {
            source.invalid(kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
        }
        if (!group.empty()) {
            group.each(Names::dnsSubdomain);
        }
        if (!source.field("namespace").empty()) {
            source.field("namespace").each(Names::dnsLabel);
        }
    }

    /** Both names of a claim's source name the same. */
    private static void agree(At spec) {
        At source = spec.field("dataSource");
        At reference = spec.field("dataSourceRef");
        if (source.absent() || reference.absent()) {
            return;
        }
        if (!reference.field("namespace").empty()) {
            spec.invalid(PLACE, "may not be specified when dataSourceRef.namespace is specified");
        } else if (!List.of("apiGroup", "kind", "name").stream()
                .allMatch(field -> source.field(field).same(reference.field(field)))) {
            spec.invalid(PLACE, "must match dataSourceRef");
        }
    }

    static void claimUpdate(At claim, At old) {
        At spec = claim.field("spec");
        At before = old.field("spec");
        if (spec.node() instanceof ObjectNode now && before.node() instanceof ObjectNode was) {
            ObjectNode copy = now.deepCopy();
            for (String field : List.of("resources", "volumeAttributesClassName")) {
                copy.remove(field);
                if (was.has(field)) {
                    copy.set(field, was.get(field));
                }
            }
            // The binder names the volume, and a default class may be given to a claim that named none.
            for (String field : List.of("volumeName", "storageClassName")) {
                if (before.field(field).empty() && now.has(field)) {
                    copy.remove(field);
                }
            }
            if (!At.equal(copy, was)) {
                spec.forbidden(
                        "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims");
            }
        }
        size(claim, old);
    }

    private static void size(At claim, At old) {
        At now = claim.field("spec", "resources", "requests", "storage");
        At was = old.field("spec", "resources", "requests", "storage");
        var asked = Quantities.parse(now.node());
        var before = Quantities.parse(was.node());
        if (asked.isEmpty() || before.isEmpty() || asked.get().compareTo(before.get()) == 0) {
            return;
        }
        boolean bound = old.field("status", "phase").text().equals("Bound");
        if (!bound) {
            claim.field("spec")
                    .forbidden(
                            "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims");
        } else if (asked.get().compareTo(before.get()) < 0) {
            now.forbidden("field can not be less than status.capacity");
        }
    }

    static void storageClass(At storageClass) {
        At provisioner = storageClass.field("provisioner");
        if (provisioner.needed()) {
            Names.qualifiedName(provisioner.text().toLowerCase(Locale.ROOT)).forEach(provisioner::invalid);
        }
        storageClass.field("reclaimPolicy").oneOf("Delete", "Retain");
        storageClass.field("volumeBindingMode").neededOneOf("Immediate", "WaitForFirstConsumer");
        if (storageClass.field("parameters").node().size() > 512) {
            storageClass.field("parameters").tooLong(512);
        }
    }

    static void storageClassUpdate(At storageClass, At old) {
        if (!storageClass.field("parameters").same(old.field("parameters"))) {
            storageClass.field("parameters").forbidden("updates to parameters are forbidden.");
        }
        if (!storageClass.field("provisioner").same(old.field("provisioner"))) {
            storageClass.field("provisioner").forbidden("updates to provisioner are forbidden.");
        }
        storageClass.field("reclaimPolicy").immutable(old.field("reclaimPolicy"));
        storageClass.field("volumeBindingMode").immutable(old.field("volumeBindingMode"));
    }

    static void csiDriver(At driver) {
        At name = driver.field("metadata", "name");
        if (name.text().length() > 63) {
            name.tooLong(63);
        }
        At spec = driver.field("spec");
        spec.field("fsGroupPolicy").oneOf("File", "None", "ReadWriteOnceWithFSType");
        for (At token : spec.field("tokenRequests").items()) {
            At seconds = token.field("expirationSeconds");
            if (seconds.present() && seconds.number() < 600) {
                seconds.invalid("may not specify a duration less than 10 minutes");
            }
        }
        At modes = spec.field("volumeLifecycleModes");
        modes.items().forEach(mode -> mode.oneOfUnder(modes, "Persistent", "Ephemeral"));
        At period = spec.field("nodeAllocatableUpdatePeriodSeconds");
        if (period.present() && period.number() < 10) {
            period.invalid("must be greater than or equal to 10 seconds");
        }
    }

    static void csiNode(At node) {
        for (At driver : node.field("spec", "drivers").items()) {
            driver.field("name").needed();
            driver.field("nodeID").needed();
        }
    }

    static void csiCapacity(At capacity) {
        capacity.field("storageClassName").each(Names::dnsSubdomain);
        Selectors.labelSelector(capacity.field("nodeTopology"));
        if (Quantities.negative(capacity.field("capacity").node())) {
            capacity.field("capacity").invalid(At.NEGATIVE);
        }
    }

    static void attachment(At attachment) {
        At spec = attachment.field("spec");
        spec.field("attacher").needed();
        if (spec.field("nodeName").needed()) {
            spec.field("nodeName").each(Names::dnsSubdomain);
        }
        At volume = spec.field("source", "persistentVolumeName");
        if (!volume.empty()) {
            volume.each(Names::dnsSubdomain);
        }
        boolean named = spec.field("source", "persistentVolumeName").present();
        boolean inline = spec.field("source", "inlineVolumeSpec").present();
        if (!named && !inline) {
            spec.field("source").required("must specify one of inlineVolumeSpec and persistentVolumeName");
        } else if (named && inline) {
            spec.field("source").forbidden("must specify exactly one of inlineVolumeSpec and persistentVolumeName");
        }
    }

    static void specStays(At object, At old) {
        if (!object.field("spec").same(old.field("spec"))) {
            object.field("spec").invalid(At.IMMUTABLE);
        }
    }
}
