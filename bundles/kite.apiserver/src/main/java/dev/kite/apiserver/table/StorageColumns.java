package dev.kite.apiserver.table;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Volumes, claims and what provides them. */
final class StorageColumns {
    /** In the order in which modes are shown. */
    private static final List<Map.Entry<String, String>> MODES = List.of(
            Map.entry("ReadWriteOnce", "RWO"),
            Map.entry("ReadOnlyMany", "ROX"),
            Map.entry("ReadWriteMany", "RWX"),
            Map.entry("ReadWriteOncePod", "RWOP"));

    private static final String CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";

    private StorageColumns() {}

    private static final Column CLASS = Column.text("StorageClass", "its storage class", StorageColumns::storageClass);
    private static final Column ATTRIBUTES_CLASS = Column.text(
            "VolumeAttributesClass",
            "its volume attributes class",
            r -> r.or(Row.UNSET, "spec", "volumeAttributesClassName"));
    private static final Column VOLUME_MODE = Column.text(
                    "VolumeMode", "Filesystem or Block", r -> r.or(Row.UNSET, "spec", "volumeMode"))
            .wide();
    private static final Column STATUS =
            Column.text("Status", "how it stands", r -> r.deleted() ? "Terminating" : r.text("status", "phase"));

    static final List<Column> VOLUME = List.of(
            Column.NAME,
            Column.text("Capacity", "its size", r -> r.intOrString("0", "spec", "capacity", "storage")),
            Column.text("Access Modes", "how it may be mounted", r -> modes(r.texts("spec", "accessModes"))),
            Column.text("Reclaim Policy", "what becomes of it", r -> r.text("spec", "persistentVolumeReclaimPolicy")),
            STATUS,
            Column.text("Claim", "the claim that has it", StorageColumns::claim),
            CLASS,
            ATTRIBUTES_CLASS,
            Column.text("Reason", "why it failed", r -> r.text("status", "reason")),
            Column.AGE,
            VOLUME_MODE);

    static final List<Column> CLAIM = List.of(
            Column.NAME,
            STATUS,
            Column.text("Volume", "the volume it has", r -> r.text("spec", "volumeName")),
            Column.text(
                    "Capacity",
                    "the volume's size",
                    r -> bound(r) ? r.intOrString("0", "status", "capacity", "storage") : ""),
            Column.text(
                    "Access Modes",
                    "how it may be mounted",
                    r -> bound(r) ? modes(r.texts("status", "accessModes")) : ""),
            CLASS,
            ATTRIBUTES_CLASS,
            Column.AGE,
            VOLUME_MODE);

    static final List<Column> STORAGE_CLASS = List.of(
            named("storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"),
            Column.text("Provisioner", "who makes volumes", r -> r.text("provisioner")),
            Column.text("ReclaimPolicy", "what becomes of its volumes", r -> r.or("Delete", "reclaimPolicy")),
            Column.text("VolumeBindingMode", "when volumes are bound", r -> r.or("Immediate", "volumeBindingMode")),
            Column.flag("AllowVolumeExpansion", "whether claims may grow", r -> r.flag("allowVolumeExpansion")),
            Column.AGE);

    static final List<Column> ATTRIBUTES_CLASSES = List.of(
            named("volumeattributesclass.alpha.kubernetes.io/is-default-class"),
            Column.text("DriverName", "its CSI driver", r -> r.text("driverName")),
            Column.AGE);

    static final List<Column> CSI_DRIVER = List.of(
            Column.NAME,
            Column.flag(
                    "AttachRequired",
                    "whether it attaches",
                    r -> !r.has("spec", "attachRequired") || r.flag("spec", "attachRequired")),
            Column.flag("PodInfoOnMount", "whether it learns the pod", r -> r.flag("spec", "podInfoOnMount")),
            Column.flag("StorageCapacity", "whether it publishes capacity", r -> r.flag("spec", "storageCapacity")),
            Column.text("TokenRequests", "audiences of its tokens", StorageColumns::audiences),
            Column.flag("RequiresRepublish", "whether it wants repeats", r -> r.flag("spec", "requiresRepublish")),
            Column.text("Modes", "its volume life cycles", r -> orNone(r.joined("spec", "volumeLifecycleModes"))),
            Column.AGE);

    static final List<Column> CSI_NODE = List.of(
            Column.NAME, Column.number("Drivers", "drivers on the node", r -> r.size("spec", "drivers")), Column.AGE);

    static final List<Column> CSI_CAPACITY = List.of(
            Column.NAME,
            Column.text("StorageClassName", "whose capacity it is", r -> r.text("storageClassName")),
            Column.text("Capacity", "what is left", r -> r.intOrString(Row.UNSET, "capacity")));

    static final List<Column> ATTACHMENT = List.of(
            Column.NAME,
            Column.text("Attacher", "who attaches", r -> r.text("spec", "attacher")),
            Column.text("PV", "the volume", r -> r.text("spec", "source", "persistentVolumeName")),
            Column.text("Node", "the node", r -> r.text("spec", "nodeName")),
            Column.flag("Attached", "whether it is", r -> r.flag("status", "attached")),
            Column.AGE);

    /** The name, marked where one of the annotations says default. */
    private static Column named(String... annotations) {
        return new Column(Column.NAME.head(), r -> {
            for (String annotation : annotations) {
                if (r.annotation(annotation).equals("true")) {
                    return r.text("metadata", "name") + " (default)";
                }
            }
            return r.text("metadata", "name");
        });
    }

    private static boolean bound(Row row) {
        return !row.text("spec", "volumeName").isEmpty();
    }

    private static String storageClass(Row row) {
        String annotated = row.annotation(CLASS_ANNOTATION);
        return annotated.isEmpty() ? row.text("spec", "storageClassName") : annotated;
    }

    private static String claim(Row row) {
        return row.has("spec", "claimRef")
                ? row.text("spec", "claimRef", "namespace") + "/" + row.text("spec", "claimRef", "name")
                : "";
    }

    private static String modes(List<String> modes) {
        List<String> found = new ArrayList<>();
        for (Map.Entry<String, String> mode : MODES) {
            if (modes.contains(mode.getKey())) {
                found.add(mode.getValue());
            }
        }
        return String.join(",", found);
    }

    private static String audiences(Row row) {
        List<String> found = new ArrayList<>();
        for (ObjectNode request : row.objects("spec", "tokenRequests")) {
            found.add(Tree.text(request, "audience"));
        }
        return found.isEmpty() ? Row.UNSET : String.join(",", found);
    }

    private static String orNone(String words) {
        return words.isEmpty() ? Row.NONE : words;
    }
}
