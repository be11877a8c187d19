package dev.kite.apiserver.validation;

import dev.kite.model.schema.FieldDescriptor;
import dev.kite.model.schema.Schema;
import dev.kite.model.schema.StructDescriptor;
import dev.kite.model.validation.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Volumes of pods and sources of persistent volumes. Stateless. */
final class VolumeChecks {
    private static final int MODE_MAX = 511; // 0777
    private static final Set<String> CAN_BE_BLOCK = Set.of("persistentVolumeClaim", "ephemeral", "csi");
    static final String[] DOWNWARD_FIELDS = {
        "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"
    };
    private static final String[] HOST_PATH_TYPES = {
        "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"
    };

    private VolumeChecks() {}

    /** Checks a pod's volumes and fills in which can be mounted and which can be devices. */
    static void volumes(At volumes, Set<String> names, Set<String> claims) {
        for (At volume : volumes.items()) {
            At name = volume.field("name");
            if (name.needed()) {
                name.each(Names::dnsLabel);
                if (!names.add(name.text())) {
                    name.duplicate();
                }
            }
            for (String source : one(volume, "io.k8s.api.core.v1.Volume", Set.of("name"))) {
                if (CAN_BE_BLOCK.contains(source)) {
                    claims.add(name.text());
                }
            }
        }
    }

    /** Exactly one of a type's sources must be there: which one, none or the first if there are more. */
    static List<String> one(At holder, String type, Set<String> others) {
        StructDescriptor known = Schema.builtIn().type(type);
        if (known == null) {
            return List.of();
        }
        List<String> found = known.fields().stream()
                .filter(FieldDescriptor::isStruct)
                .map(FieldDescriptor::name)
                .filter(n -> !others.contains(n) && holder.field(n).present())
                .toList();
        if (found.isEmpty()) {
            holder.required("must specify a volume type");
            return found;
        }
        source(holder.field(found.getFirst()), found.getFirst());
        found.stream().skip(1).forEach(n -> holder.field(n).forbidden("may not specify more than 1 volume type"));
        return found.subList(0, 1);
    }

    private static void source(At source, String kind) {
        switch (kind) {
            case "hostPath" -> {
                source.field("path").needed();
                if (List.of(source.field("path").text().split("/", -1)).contains("..")) {
                    source.field("path").invalid("must not contain '..'");
                }
                if (source.field("type").present()) {
                    source.field("type").oneOf(HOST_PATH_TYPES);
                }
            }
            case "emptyDir" -> {
                if (Quantities.negative(source.field("sizeLimit").node())) {
                    source.field("sizeLimit").forbidden("SizeLimit field must be a valid resource quantity");
                }
            }
            case "secret" -> {
                source.field("secretName").needed();
                files(source);
            }
            case "configMap" -> {
                source.field("name").needed();
                files(source);
            }
            case "downwardAPI" -> {
                mode(source.field("defaultMode"));
                source.field("items").items().forEach(VolumeChecks::downward);
            }
            case "projected" -> projected(source);
            case "persistentVolumeClaim" -> source.field("claimName").needed();
            case "nfs" -> {
                source.field("server").needed();
                if (source.field("path").needed()
                        && !source.field("path").text().startsWith("/")) {
                    source.field("path").invalid("must be an absolute path");
                }
            }
            case "csi" -> source.field("driver").needed();
            case "local" -> source.field("path").needed();
            case "ephemeral" -> source.field("volumeClaimTemplate").needed();
            default -> {}
        }
    }

    private static void files(At source) {
        mode(source.field("defaultMode"));
        for (At item : source.field("items").items()) {
            item.field("key").needed();
            file(item.field("path"));
            mode(item.field("mode"));
        }
    }

    private static void file(At path) {
        if (path.needed()) {
            ContainerChecks.inside(path);
            if (path.text().startsWith("..") && !path.text().startsWith("../")) {
                path.invalid("must not start with '..'");
            }
        }
    }

    private static void mode(At mode) {
        if (mode.present() && (mode.number() < 0 || mode.number() > MODE_MAX)) {
            mode.invalid("must be a number between 0 and 0777 (octal), both inclusive");
        }
    }

    private static void downward(At item) {
        file(item.field("path"));
        mode(item.field("mode"));
        At field = item.field("fieldRef");
        At resource = item.field("resourceFieldRef");
        if (field.present()) {
            ContainerChecks.fieldRef(field, DOWNWARD_FIELDS);
            if (resource.present()) {
                item.invalid("fieldRef and resourceFieldRef can not be specified simultaneously");
            }
        } else if (resource.present()) {
            resource.field("containerName").needed();
            resource.field("resource").needed();
        } else {
            item.required("one of fieldRef and resourceFieldRef is required");
        }
    }

    private static void projected(At source) {
        mode(source.field("defaultMode"));
        Set<String> paths = new HashSet<>();
        for (At one : source.field("sources").items()) {
            long count = 0;
            for (String kind : List.of(
                    "secret",
                    "configMap",
                    "downwardAPI",
                    "serviceAccountToken",
                    "clusterTrustBundle",
                    "podCertificate")) {
                At part = one.field(kind);
                if (part.absent()) {
                    continue;
                }
                if (++count > 1) {
                    part.forbidden("may not specify more than 1 volume type");
                }
                projection(part, kind, paths);
            }
            if (count == 0) {
                one.required("must specify a volume type");
            }
        }
    }

    private static void projection(At part, String kind, Set<String> paths) {
        switch (kind) {
            case "secret", "configMap" -> {
                part.field("name").needed();
                files(part);
                part.field("items").items().forEach(i -> unique(i.field("path"), paths));
            }
            case "downwardAPI" ->
                part.field("items").items().forEach(i -> {
                    downward(i);
                    unique(i.field("path"), paths);
                });
            case "serviceAccountToken" -> {
                At seconds = part.field("expirationSeconds");
                if (seconds.number() < 600) {
                    seconds.invalid("may not specify a duration less than 10 minutes");
                }
                file(part.field("path"));
                unique(part.field("path"), paths);
            }
            default -> {}
        }
    }

    private static void unique(At path, Set<String> paths) {
        if (!path.empty() && !paths.add(path.text())) {
            path.invalid("conflicting duplicate paths");
        }
    }
}
