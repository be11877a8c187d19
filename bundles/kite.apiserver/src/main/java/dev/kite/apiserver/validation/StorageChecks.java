package dev.kite.apiserver.validation;

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

    private StorageChecks() {}

    static void volume(At volume) {
        At spec = volume.field("spec");
        modes(spec.field("accessModes"), "");
        At capacity = spec.field("capacity");
        if (capacity.empty()) {
            capacity.required("");
        } else if (capacity.field("storage").absent() || capacity.node().size() > 1) {
            capacity.unsupported("storage");
        } else {
            positive(capacity.key("storage"));
        }
        spec.field("persistentVolumeReclaimPolicy").oneOf("Delete", "Recycle", "Retain");
        VolumeChecks.one(spec, "io.k8s.api.core.v1.PersistentVolumeSpec", NO_SOURCE);
        At required = spec.field("nodeAffinity", "required");
        if (required.present()) {
            SchedulingChecks.nodeSelector(required);
        } else if (spec.field("local").present()) {
            spec.field("nodeAffinity").required("Local volume requires node affinity");
        }
        className(spec.field("storageClassName"));
        spec.field("volumeMode").oneOf("Block", "Filesystem");
    }

    private static void modes(At modes, String detail) {
        if (modes.empty()) {
            modes.required(detail);
        }
        boolean alone = false;
        for (At mode : modes.items()) {
            mode.oneOf(MODES);
            alone |= mode.text().equals("ReadWriteOncePod");
        }
        if (alone && modes.node().size() > 1) {
            modes.forbidden("may not use ReadWriteOncePod with other access modes");
        }
    }

    private static void positive(At quantity) {
        Quantities.parse(quantity.node())
                .filter(q -> q.signum() <= 0)
                .ifPresent(_ -> quantity.invalid("must be greater than zero"));
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
        At spec = claim.field("spec");
        modes(spec.field("accessModes"), "at least 1 access mode is required");
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
        Selectors.labelSelector(spec.field("selector"));
        className(spec.field("storageClassName"));
        className(spec.field("volumeAttributesClassName"));
        spec.field("volumeMode").oneOf("Block", "Filesystem");
        At source = spec.field("dataSource");
        if (source.present()) {
            source.field("name").needed();
            source.field("kind").needed();
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
        spec.field("volumeLifecycleModes").items().forEach(m -> m.oneOf("Ephemeral", "Persistent"));
    }

    static void csiNode(At node) {
        for (At driver : node.field("spec", "drivers").items()) {
            driver.field("name").needed();
            driver.field("nodeID").needed();
        }
    }

    static void csiCapacity(At capacity) {
        At name = capacity.field("storageClassName");
        if (name.needed()) {
            name.each(Names::dnsSubdomain);
        }
        if (Quantities.negative(capacity.field("capacity").node())) {
            capacity.field("capacity").invalid(At.NEGATIVE);
        }
    }

    static void attachment(At attachment) {
        At spec = attachment.field("spec");
        spec.field("attacher").needed();
        spec.field("nodeName").needed();
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
