package dev.kite.apiserver.validation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Where containers see volumes, as folders and as block devices. Stateless. */
final class MountChecks {
    private MountChecks() {}

    static void mounts(At container, Map<String, JsonNode> volumes) {
        Map<String, String> devices = places(container.field("volumeDevices"), "devicePath");
        Set<String> paths = new HashSet<>();
        At mounts = container.field("volumeMounts");
        for (At mount : mounts.items()) {
            At name = mount.field("name");
            name.needed();
            if (!volumes.containsKey(name.text())) {
                name.notFound();
            }
            At path = mount.field("mountPath");
            path.needed();
            if (!paths.add(path.text())) {
                path.invalid("must be unique");
            }
            if (devices.containsKey(name.text())) {
                name.invalid("must not already exist in volumeDevices");
            }
            if (devices.containsValue(path.text())) {
                path.invalid("must not already exist as a path in volumeDevices");
            }
            details(mount, mounts, container);
        }
    }

    /** Messages about these name the list, not the mount. */
    private static void details(At mount, At mounts, At container) {
        Paths.inside(mount.field("subPath").told(mounts.path() + ".subPath"));
        At expression = mount.field("subPathExpr");
        if (!expression.empty()) {
            if (!mount.field("subPath").empty()) {
                expression.invalid("subPathExpr and subPath are mutually exclusive");
            }
            Paths.inside(expression.told(mounts.path() + ".subPathExpr"));
        }
        At propagation = mount.field("mountPropagation").told(mounts.path() + ".mountPropagation");
        if (propagation.present()) {
            if (propagation.empty()) {
                propagation.unsupported("Bidirectional", "HostToContainer", "None");
            }
            propagation.oneOf("Bidirectional", "HostToContainer", "None");
            if (propagation.text().equals("Bidirectional")
                    && !container.field("securityContext", "privileged").flag()) {
                propagation.forbidden("Bidirectional mount propagation is available only to privileged containers");
            }
        }
        recursive(mount, mount.field("recursiveReadOnly").told(mounts.path() + ".recursiveReadOnly"));
    }

    private static void recursive(At mount, At recursive) {
        if (recursive.absent()) {
            return;
        }
        switch (recursive.text()) {
            case "Disabled" -> {}
            case "Enabled", "IfPossible" -> {
                if (!mount.field("readOnly").flag()) {
                    recursive.forbidden("may only be specified when readOnly is true");
                }
                At propagation = mount.field("mountPropagation");
                if (propagation.present() && !propagation.text().equals("None")) {
                    recursive.forbidden("may only be specified when mountPropagation is None or not specified");
                }
            }
            default -> recursive.unsupported("Disabled", "Enabled", "IfPossible");
        }
    }

    static void devices(At container, Map<String, JsonNode> volumes) {
        Map<String, String> mounts = places(container.field("volumeMounts"), "mountPath");
        Set<String> paths = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (At device : container.field("volumeDevices").items()) {
            At name = device.field("name");
            At path = device.field("devicePath");
            name.needed();
            if (names.contains(name.text())) {
                name.invalid("must be unique");
            }
            JsonNode volume = volumes.get(name.text());
            if (volume == null) {
                name.notFound();
            } else if (!volume.has("persistentVolumeClaim") && !volume.has("ephemeral")) {
                name.invalid("can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode");
            }
            path.needed();
            if (paths.contains(path.text())) {
                path.invalid("must be unique");
            }
            if (Paths.stepsBack(path.text())) {
                path.invalid("can not contain backsteps ('..')");
            } else {
                paths.add(path.text());
            }
            if (mounts.containsKey(name.text())) {
                name.invalid("must not already exist in volumeMounts");
            }
            if (mounts.containsValue(path.text())) {
                path.invalid("must not already exist as a path in volumeMounts");
            }
            if (!name.empty()) {
                names.add(name.text());
            }
        }
    }

    private static Map<String, String> places(At list, String path) {
        Map<String, String> found = new HashMap<>();
        list.items()
                .forEach(one ->
                        found.put(one.field("name").text(), one.field(path).text()));
        return found;
    }
}
