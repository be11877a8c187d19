package dev.kite.apiserver.validation;

import dev.kite.model.Quantity;
import dev.kite.model.validation.Names;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Environment variables of containers, and the references that give them values. Stateless. */
final class EnvironmentChecks {
    private static final String[] FIELDS = {
        "metadata.name",
        "metadata.namespace",
        "metadata.uid",
        "spec.nodeName",
        "spec.serviceAccountName",
        "status.hostIP",
        "status.hostIPs",
        "status.podIP",
        "status.podIPs"
    };
    /** What can be read of a pod at all; a place takes some of these. */
    private static final Set<String> POD_FIELDS = Set.of(
            "metadata.annotations",
            "metadata.labels",
            "metadata.name",
            "metadata.namespace",
            "metadata.uid",
            "spec.nodeName",
            "spec.restartPolicy",
            "spec.serviceAccountName",
            "spec.schedulerName",
            "status.phase",
            "status.hostIP",
            "status.hostIPs",
            "status.podIP",
            "status.podIPs");

    private static final String[] AMOUNTS = {
        "limits.cpu",
        "limits.ephemeral-storage",
        "limits.memory",
        "requests.cpu",
        "requests.ephemeral-storage",
        "requests.memory"
    };
    private static final Set<String> SIZES =
            Set.of("1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei");
    private static final Map<String, String> SIZED = Map.of(
            "limits.memory", "memory",
            "requests.memory", "memory",
            "limits.ephemeral-storage", "local ephemeral storage",
            "requests.ephemeral-storage", "local ephemeral storage");
    private static final Pattern SUBSCRIPT = Pattern.compile("(.*)\\['([^']*)'\\]");
    private static final List<String> SOURCES =
            List.of("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef");

    private EnvironmentChecks() {}

    static void variables(At variables) {
        for (At variable : variables.items()) {
            At name = variable.field("name");
            if (name.needed()) {
                name.each(Names::envVarName);
            }
            if (variable.field("valueFrom").present()) {
                source(variable, variable.field("valueFrom"));
            }
        }
    }

    private static void source(At variable, At from) {
        long count = 0;
        for (String kind : SOURCES) {
            At ref = from.field(kind);
            if (ref.absent()) {
                continue;
            }
            count++;
            switch (kind) {
                case "fieldRef" -> fieldRef(ref, FIELDS);
                case "resourceFieldRef" -> resourceRef(ref, false);
                case "fileKeyRef" -> fileRef(ref);
                default -> keyRef(ref);
            }
        }
        if (count == 0) {
            from.invalid(
                    "",
                    "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or"
                            + " `fileKeyRef`");
        } else if (!variable.field("value").empty()) {
            from.invalid("", "may not be specified when `value` is not empty");
        } else if (count > 1) {
            from.invalid("", "may not have more than one field specified at a time");
        }
    }

    private static void keyRef(At ref) {
        ref.field("name").each(Names::dnsSubdomain);
        if (ref.field("key").needed()) {
            ref.field("key").each(Names::configMapKey);
        }
    }

    private static void fileRef(At ref) {
        if (ref.field("key").needed()) {
            ref.field("key").each(Names::envVarName);
        }
        if (ref.field("volumeName").needed()) {
            ref.field("volumeName").each(Names::dnsLabel);
        }
        if (ref.field("path").needed()) {
            Paths.noBacksteps(ref.field("path"));
        }
    }

    /** A pod's field; one fault is told, the first of: what is missing, what cannot be read, what this place does not take. */
    static void fieldRef(At ref, String... fields) {
        At path = ref.field("fieldPath");
        At version = ref.field("apiVersion");
        if (!version.needed() || !path.needed()) {
            return;
        }
        Matcher subscripted = SUBSCRIPT.matcher(path.text());
        boolean keyed = subscripted.matches();
        String label = keyed ? subscripted.group(1) : path.text();
        boolean map = label.equals("metadata.annotations") || label.equals("metadata.labels");
        if (!version.text().equals("v1")) {
            path.invalid("error converting fieldPath: unsupported pod version: " + version.text());
        } else if (keyed && !map) {
            path.invalid("error converting fieldPath: field label does not support subscript: " + path.text());
        } else if (keyed) {
            String key = subscripted.group(2);
            boolean annotation = label.equals("metadata.annotations");
            String shown = annotation ? key.toLowerCase(Locale.ROOT) : key;
            Names.qualifiedName(shown).forEach(m -> ref.invalid(shown, m));
        } else if (label.equals("spec.host")) {
            // The node's name as clients called it long ago.
            if (!List.of(fields).contains("spec.nodeName")) {
                path.unsupported(fields);
            }
        } else if (!POD_FIELDS.contains(label)) {
            path.invalid("error converting fieldPath: field label not supported: " + label);
        } else if (!List.of(fields).contains(label)) {
            path.unsupported(fields);
        }
    }

    /** An amount that a container asks for or may use. */
    static void resourceRef(At ref, boolean volume) {
        At resource = ref.field("resource");
        if (volume && ref.field("containerName").empty()) {
            ref.field("containerName").required("");
        } else if (resource.needed() && !List.of(AMOUNTS).contains(resource.text()) && !hugePages(resource.text())) {
            resource.unsupported(AMOUNTS);
        }
        divisor(ref.field("divisor"), resource.text());
    }

    private static boolean hugePages(String resource) {
        return resource.startsWith("requests.hugepages-") || resource.startsWith("limits.hugepages-");
    }

    private static void divisor(At divisor, String resource) {
        Optional<Quantity> amount = Quantities.parse(divisor.node());
        if (amount.isEmpty() || amount.get().isZero()) {
            return;
        }
        String text = amount.get().toString();
        if (resource.equals("limits.cpu") || resource.equals("requests.cpu")) {
            if (!text.equals("1m") && !text.equals("1")) {
                divisor.invalid(resource, "only divisor's values 1m and 1 are supported with the cpu resource");
            }
            return;
        }
        String what = hugePages(resource) ? "hugepages" : SIZED.get(resource);
        if (what != null && !SIZES.contains(text)) {
            divisor.invalid(
                    resource,
                    "only divisor's values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei are supported with"
                            + " the " + what + " resource");
        }
    }

    static void sources(At sources) {
        for (At from : sources.items()) {
            At prefix = from.field("prefix");
            if (!prefix.empty()) {
                prefix.each(Names::envVarName);
            }
            int count = 0;
            for (String kind : List.of("configMapRef", "secretRef")) {
                At ref = from.field(kind);
                if (ref.present()) {
                    count++;
                    if (ref.field("name").needed()) {
                        ref.field("name").each(name -> Names.dnsSubdomain(MetaChecks.masked(name)));
                    }
                }
            }
            if (count == 0) {
                sources.invalid("", "must specify one of: `configMapRef` or `secretRef`");
            } else if (count > 1) {
                sources.invalid("", "may not have more than one field specified at a time");
            }
        }
    }
}
