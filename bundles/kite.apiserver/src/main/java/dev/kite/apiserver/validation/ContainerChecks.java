package dev.kite.apiserver.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.model.validation.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Containers of pods and pod templates. Stateless. */
final class ContainerChecks {
    private ContainerChecks() {}

    /** What containers of one pod share: names taken, volumes to mount, host ports taken. */
    record Pod(
            Set<String> names, Set<String> volumes, Set<String> claims, Set<String> hostPorts, boolean hostNetwork) {}

    static void container(At container, Pod pod, boolean ephemeral) {
        At name = container.field("name");
        if (name.needed()) {
            name.each(Names::dnsLabel);
            if (!pod.names().add(name.text())) {
                name.duplicate();
            }
        }
        image(container.field("image"));
        container.field("terminationMessagePolicy").oneOf("FallbackToLogsOnError", "File");
        container.field("imagePullPolicy").neededOneOf("Always", "IfNotPresent", "Never");
        ports(container.field("ports"), pod);
        container.field("env").items().forEach(ContainerChecks::variable);
        container.field("envFrom").items().forEach(ContainerChecks::variables);
        mounts(container.field("volumeMounts"), pod);
        devices(container.field("volumeDevices"), pod);
        securityContext(container.field("securityContext"));
        if (!ephemeral) {
            resources(container.field("resources"), true);
        }
        for (At rule : container.field("resizePolicy").items()) {
            rule.field("resourceName").oneOf("cpu", "memory");
            rule.field("restartPolicy").oneOf("NotRequired", "RestartContainer");
        }
    }

    private static void image(At image) {
        if (image.needed() && !image.text().equals(image.text().strip())) {
            image.invalid("must not have leading or trailing whitespace");
        }
    }

    /** What only containers that keep running may have. */
    static void running(At container) {
        ProbeChecks.probe(container.field("livenessProbe"), true);
        ProbeChecks.probe(container.field("readinessProbe"), false);
        ProbeChecks.probe(container.field("startupProbe"), true);
        for (String hook : List.of("postStart", "preStop")) {
            At handler = container.field("lifecycle", hook);
            if (handler.present()) {
                ProbeChecks.handler(handler, List.of("exec", "httpGet", "tcpSocket", "sleep"));
            }
        }
    }

    private static void ports(At ports, Pod pod) {
        Set<String> names = new HashSet<>();
        for (At port : ports.items()) {
            At name = port.field("name");
            if (!name.empty()) {
                List<String> wrong = Names.portName(name.text());
                wrong.forEach(name::invalid);
                if (wrong.isEmpty() && !names.add(name.text())) {
                    name.duplicate();
                }
            }
            At number = port.field("containerPort");
            if (number.number() == 0) {
                number.required("");
            } else {
                number.port();
            }
            At host = port.field("hostPort");
            if (host.number() != 0) {
                host.port();
                if (pod.hostNetwork() && host.number() != number.number()) {
                    number.invalid("must match `hostPort` when `hostNetwork` is true");
                }
                String key = host.number() + "/" + port.field("hostIP").text() + "/"
                        + port.field("protocol").text();
                if (!pod.hostPorts().add(key)) {
                    host.duplicate(key);
                }
            }
            port.field("protocol").neededOneOf("SCTP", "TCP", "UDP");
        }
    }

    private static void variable(At variable) {
        At name = variable.field("name");
        if (name.needed()) {
            name.each(Names::envVarName);
        }
        At from = variable.field("valueFrom");
        if (from.absent()) {
            return;
        }
        List<String> sources = List.of("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef");
        long count = sources.stream().filter(s -> from.field(s).present()).count();
        if (count == 0) {
            from.invalid(
                    "",
                    "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`");
        } else if (!variable.field("value").empty()) {
            from.invalid("", "may not be specified when `value` is not empty");
        } else if (count > 1) {
            from.invalid("", "may not have more than one field specified at a time");
        }
        At field = from.field("fieldRef");
        if (field.present()) {
            fieldRef(field, ENV_FIELDS);
        }
        At resource = from.field("resourceFieldRef");
        if (resource.present()) {
            resource.field("resource").needed();
        }
        for (String source : List.of("configMapKeyRef", "secretKeyRef")) {
            At key = from.field(source);
            if (key.present() && key.field("key").needed()) {
                key.field("key").each(Names::configMapKey);
            }
        }
    }

    private static final String[] ENV_FIELDS = {
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

    static void fieldRef(At ref, String... fields) {
        At path = ref.field("fieldPath");
        ref.field("apiVersion").neededOneOf("v1");
        if (!path.needed()) {
            return;
        }
        String text = path.text();
        boolean subscript = text.matches("metadata\\.(labels|annotations)\\['[^']+'\\]");
        if (!subscript && !List.of(fields).contains(text)) {
            path.unsupported(fields);
        }
    }

    private static void variables(At from) {
        At prefix = from.field("prefix");
        if (!prefix.empty()) {
            prefix.each(Names::envVarName);
        }
        boolean map = from.field("configMapRef").present();
        boolean secret = from.field("secretRef").present();
        if (!map && !secret) {
            from.invalid("", "must specify one of: `configMapRef` or `secretRef`");
        } else if (map && secret) {
            from.invalid("", "may not have more than one field specified at a time");
        }
        for (String ref : List.of("configMapRef", "secretRef")) {
            if (from.field(ref).present() && from.field(ref, "name").needed()) {
                from.field(ref, "name").each(Names::dnsSubdomain);
            }
        }
    }

    private static void mounts(At mounts, Pod pod) {
        Set<String> paths = new HashSet<>();
        for (At mount : mounts.items()) {
            At name = mount.field("name");
            if (name.needed() && !pod.volumes().contains(name.text())) {
                name.notFound();
            }
            At path = mount.field("mountPath");
            if (path.needed() && !paths.add(path.text())) {
                path.invalid("must be unique");
            }
            inside(mount.field("subPath"));
            inside(mount.field("subPathExpr"));
            if (!mount.field("subPath").empty() && !mount.field("subPathExpr").empty()) {
                mount.field("subPathExpr").invalid("subPathExpr and subPath are mutually exclusive");
            }
            mount.field("mountPropagation").oneOf("Bidirectional", "HostToContainer", "None");
        }
    }

    private static void devices(At devices, Pod pod) {
        for (At device : devices.items()) {
            At name = device.field("name");
            if (name.needed() && !pod.claims().contains(name.text())) {
                name.invalid(
                        "can only use volume source type of PersistentVolumeClaim, Ephemeral or CSI for block mode");
            }
            device.field("devicePath").needed();
        }
    }

    /** A path that stays below where it begins. */
    static void inside(At path) {
        String text = path.text();
        if (text.startsWith("/")) {
            path.invalid("must be a relative path");
        }
        if (List.of(text.split("/", -1)).contains("..")) {
            path.invalid("must not contain '..'");
        }
    }

    private static void securityContext(At context) {
        boolean escalation = context.field("allowPrivilegeEscalation").present()
                && !context.field("allowPrivilegeEscalation").flag();
        if (escalation && context.field("privileged").flag()) {
            context.invalid("cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
        }
        ids(context);
        context.field("procMount").oneOf("Default", "Unmasked");
        seccomp(context.field("seccompProfile"));
    }

    static void ids(At context) {
        for (String id : List.of("runAsUser", "runAsGroup", "fsGroup")) {
            context.field(id).between(0, Integer.MAX_VALUE);
        }
        for (At group : context.field("supplementalGroups").items()) {
            group.between(0, Integer.MAX_VALUE);
        }
    }

    static void seccomp(At profile) {
        if (profile.absent()) {
            return;
        }
        At type = profile.field("type");
        type.neededOneOf("Localhost", "RuntimeDefault", "Unconfined");
        At local = profile.field("localhostProfile");
        if (type.text().equals("Localhost")) {
            local.needed("must be set when seccomp type is Localhost");
            inside(local);
        } else if (local.present()) {
            local.invalid("can only be set when seccomp type is Localhost");
        }
    }

    /** Limits and requests; of a container, only what containers can use. */
    static void resources(At resources, boolean container) {
        for (String list : List.of("limits", "requests")) {
            At at = resources.field(list);
            for (Map.Entry<String, JsonNode> one : MetaChecks.sorted(at)) {
                At value = at.key(one.getKey());
                if (container) {
                    resourceName(value, one.getKey());
                }
                if (Quantities.negative(one.getValue())) {
                    value.invalid(At.NEGATIVE);
                }
            }
        }
        At limits = resources.field("limits");
        for (Map.Entry<String, JsonNode> request : MetaChecks.sorted(resources.field("requests"))) {
            JsonNode limit = limits.node().path(request.getKey());
            var asked = Quantities.parse(request.getValue());
            var allowed = Quantities.parse(limit);
            if (asked.isPresent() && allowed.isPresent() && asked.get().compareTo(allowed.get()) > 0) {
                resources
                        .field("requests")
                        .invalid(
                                request.getValue(),
                                "must be less than or equal to " + request.getKey() + " limit of " + allowed.get());
            } else if (container && limit.isMissingNode() && !overcommits(request.getKey())) {
                resources.field("limits").required("Limit must be set for non overcommitable resources");
            }
        }
    }

    private static boolean overcommits(String name) {
        return name.equals("cpu") || name.equals("memory") || name.equals("ephemeral-storage");
    }

    private static void resourceName(At value, String name) {
        Names.qualifiedName(name).forEach(m -> value.invalid(name, m));
        if (!name.contains("/") && !overcommits(name) && !name.startsWith("hugepages-")) {
            value.invalid(name, "must be a standard resource type or fully qualified");
        }
    }
}
