package dev.kite.apiserver.validation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What pods of one operating system cannot have, whose users they run as, and what they ask for as a whole. Stateless. */
final class PodSystemChecks {
    private static final String WINDOWS = "cannot be set for a windows pod";
    private static final List<String> LISTS = List.of("initContainers", "containers", "ephemeralContainers");
    /** Whether a field of the pod's security context lies in the context or, as here, beside it. */
    private static final List<String> BESIDE = List.of("hostUsers", "hostPID", "hostIPC", "shareProcessNamespace");

    private static final List<String> NOT_WINDOWS_POD = List.of(
            "appArmorProfile",
            "seLinuxOptions",
            "hostUsers",
            "hostPID",
            "hostIPC",
            "seccompProfile",
            "fsGroup",
            "fsGroupChangePolicy",
            "sysctls",
            "shareProcessNamespace",
            "runAsUser",
            "runAsGroup",
            "supplementalGroups",
            "supplementalGroupsPolicy",
            "seLinuxChangePolicy");
    private static final List<String> NOT_WINDOWS_CONTAINER = List.of(
            "appArmorProfile",
            "seLinuxOptions",
            "seccompProfile",
            "capabilities",
            "readOnlyRootFilesystem",
            "privileged",
            "allowPrivilegeEscalation",
            "procMount",
            "runAsUser",
            "runAsGroup");

    private PodSystemChecks() {}

    private static Stream<At> containers(At spec) {
        return LISTS.stream().flatMap(list -> spec.field(list).items().stream());
    }

    static void resources(At spec, Set<String> claims) {
        At resources = spec.field("resources");
        if (resources.absent()) {
            return;
        }
        if (spec.field("os", "name").text().equals("windows")) {
            resources.forbidden("may not be set for a windows pod");
            return;
        }
        if (resources.field("claims").present()) {
            resources.field("claims").forbidden("claims may not be set for Resources at pod-level");
        }
        ResourceChecks.pod(resources, claims);
        PodAmounts.consistent(spec, resources);
    }

    static void hostProcess(At spec) {
        At all = spec.field("securityContext", "windowsOptions", "hostProcess");
        List<At> containers = containers(spec).toList();
        int count = 0;
        for (At container : containers) {
            At own = container.field("securityContext", "windowsOptions", "hostProcess");
            if (all.present() && own.present() && all.flag() != own.flag()) {
                own.invalid("pod hostProcess value must be identical if both are specified, was " + all.flag());
            }
            if (own.present() ? own.flag() : all.flag()) {
                count++;
            }
        }
        if (count == 0) {
            return;
        }
        if (count != containers.size()) {
            spec.invalid(
                    "",
                    "If pod contains any hostProcess containers then all containers must be HostProcess containers");
        }
        if (!spec.field("hostNetwork").flag()) {
            spec.field("hostNetwork")
                    .invalid(
                            JsonNodeFactory.instance.booleanNode(false),
                            "hostNetwork must be true if pod contains any hostProcess containers");
        }
    }

    /** A pod with users of its own does not share the host's namespaces. */
    static void ownUsers(At spec) {
        if (spec.field("hostUsers").absent() || spec.field("hostUsers").flag()) {
            return;
        }
        forbid(spec, "hostNetwork", "hostNetwork");
        forbid(spec, "hostPID", "HostPID");
        forbid(spec, "hostIPC", "HostIPC");
        containers(spec)
                .map(container -> container.field("volumeDevices"))
                .filter(devices -> !devices.empty())
                .forEach(devices -> devices.forbidden("when `hostUsers` is false"));
    }

    private static void forbid(At spec, String field, String told) {
        if (spec.field(field).flag()) {
            spec.field(told).forbidden("when `hostUsers` is false");
        }
    }

    static void system(At spec) {
        At os = spec.field("os");
        if (os.absent()) {
            return;
        }
        At name = os.field("name");
        if (!name.needed()) {
            return;
        }
        switch (name.text()) {
            case "linux" -> linux(spec);
            case "windows" -> windows(spec);
            default -> os.unsupported(name.node(), "linux", "windows");
        }
    }

    private static void linux(At spec) {
        Stream.concat(Stream.of(spec), containers(spec))
                .map(holder -> holder.field("securityContext", "windowsOptions"))
                .filter(At::present)
                .forEach(options -> options.forbidden("windows options cannot be set for a linux pod"));
    }

    private static void windows(At spec) {
        for (String field : NOT_WINDOWS_POD) {
            At at = BESIDE.contains(field) ? spec.field(field) : spec.field("securityContext", field);
            boolean plain = field.equals("hostPID") || field.equals("hostIPC");
            boolean given = plain ? at.flag() : field.equals("sysctls") ? !at.empty() : at.present();
            if (given) {
                at.forbidden(WINDOWS);
            }
        }
        List<At> contexts = new ArrayList<>();
        containers(spec).forEach(container -> contexts.add(container.field("securityContext")));
        for (At context : contexts) {
            for (String field : NOT_WINDOWS_CONTAINER) {
                if (context.field(field).present()) {
                    context.field(field).forbidden(WINDOWS);
                }
            }
        }
    }

    /** Files from which variables are read lie in volumes that live as long as the pod. */
    static void variableFiles(At spec) {
        Map<String, At> volumes = new HashMap<>();
        spec.field("volumes").items().forEach(v -> volumes.put(v.field("name").text(), v));
        containers(spec)
                .flatMap(container -> container.field("env").items().stream())
                .forEach(variable -> {
                    At reference = variable.field("valueFrom", "fileKeyRef");
                    At name = reference.field("volumeName");
                    At volume = volumes.get(name.text());
                    if (reference.absent()) {
                        return;
                    }
                    if (volume == null) {
                        name.notFound();
                    } else if (volume.field("emptyDir").absent()) {
                        name.invalid("referenced volume must be of type emptyDir");
                    }
                });
    }
}
