package dev.kite.apiserver.validation;

import dev.kite.model.validation.Names;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Pods and the pod templates of others. Stateless. */
final class PodChecks {
    private PodChecks() {}

    static void pod(At pod) {
        spec(pod.field("spec"));
    }

    static void podTemplate(At object) {
        template(object.field("template"));
    }

    /** A template: a pod's labels, annotations and spec. */
    static void template(At template) {
        template(template, Set.of());
    }

    /** A template whose pods get further volumes, of these names, from whoever makes them. */
    static void template(At template, Set<String> given) {
        MetaChecks.labels(template.field("metadata", "labels"));
        MetaChecks.annotations(template.field("metadata", "annotations"));
        spec(template.field("spec"), given);
        if (!template.field("spec", "ephemeralContainers").empty()) {
            template.field("spec", "ephemeralContainers").forbidden("ephemeral containers not allowed in pod template");
        }
    }

    static void spec(At spec) {
        spec(spec, Set.of());
    }

    private static void spec(At spec, Set<String> given) {
        Set<String> volumes = new HashSet<>();
        Set<String> claims = new HashSet<>();
        VolumeChecks.volumes(spec.field("volumes"), volumes, claims);
        // A claim template takes the place of a volume of the same name.
        volumes.addAll(given);
        claims.addAll(given);
        boolean hostNetwork = spec.field("hostNetwork").flag();
        ContainerChecks.Pod pod =
                new ContainerChecks.Pod(new HashSet<>(), volumes, claims, new HashSet<>(), hostNetwork);
        At containers = spec.field("containers");
        if (containers.empty()) {
            containers.required("");
        }
        for (At container : containers.items()) {
            ContainerChecks.container(container, pod, false);
            ContainerChecks.running(container);
        }
        spec.field("initContainers").items().forEach(c -> initContainer(c, pod));
        spec.field("ephemeralContainers").items().forEach(c -> ephemeral(c, pod));
        spec.field("restartPolicy").neededOneOf("Always", "OnFailure", "Never");
        dns(spec);
        names(spec);
        numbers(spec);
        context(spec.field("securityContext"));
        MetaChecks.labels(spec.field("nodeSelector"));
        SchedulingChecks.tolerations(spec.field("tolerations"));
        SchedulingChecks.affinity(spec.field("affinity"));
        SchedulingChecks.spread(spec.field("topologySpreadConstraints"));
        ContainerChecks.resources(spec.field("resources"), false);
        if (spec.field("os").present()) {
            spec.field("os", "name").neededOneOf("linux", "windows");
        }
    }

    private static void initContainer(At container, ContainerChecks.Pod pod) {
        // Init containers run one after the other, so that their host ports may be the same; sidecars stay.
        At policy = container.field("restartPolicy");
        boolean sidecar = policy.text().equals("Always");
        ContainerChecks.Pod own = sidecar
                ? pod
                : new ContainerChecks.Pod(pod.names(), pod.volumes(), pod.claims(), new HashSet<>(), pod.hostNetwork());
        ContainerChecks.container(container, own, false);
        policy.oneOf("Always", "Never", "OnFailure");
        if (sidecar) {
            ContainerChecks.running(container);
            return;
        }
        for (String field : List.of("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")) {
            if (container.field(field).present()) {
                container.field(field).forbidden("may not be set for init containers without restartPolicy=Always");
            }
        }
    }

    private static void ephemeral(At container, ContainerChecks.Pod pod) {
        ContainerChecks.container(container, pod, true);
        for (String field : List.of(
                "ports",
                "livenessProbe",
                "readinessProbe",
                "startupProbe",
                "lifecycle",
                "resources",
                "restartPolicy")) {
            if (!container.field(field).empty()) {
                container.field(field).forbidden("cannot be set for an Ephemeral Container");
            }
        }
    }

    private static void dns(At spec) {
        At policy = spec.field("dnsPolicy");
        policy.oneOf("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None");
        At config = spec.field("dnsConfig");
        if (policy.text().equals("None") && config.absent()) {
            config.required("must provide `dnsConfig` when `dnsPolicy` is None");
        } else if (policy.text().equals("None")) {
            config.field("nameservers").needed("must provide at least one DNS nameserver when `dnsPolicy` is None");
        }
        config.field("nameservers").items().forEach(PodChecks::address);
        for (At option : config.field("options").items()) {
            option.field("name").needed("must not be empty");
        }
        for (At alias : spec.field("hostAliases").items()) {
            address(alias.field("ip"));
            alias.field("hostnames").items().forEach(h -> h.each(Names::dnsSubdomain));
        }
    }

    /** An IP address. Names are never looked up: only what has an address' characters is parsed. */
    static void address(At address) {
        if (!isAddress(address.text())) {
            address.invalid("must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
        }
    }

    static boolean isAddress(String text) {
        try {
            if (text.contains(":")) {
                return !text.contains("%") && InetAddress.ofLiteral(text) != null;
            }
            return text.matches("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}") && InetAddress.ofLiteral(text) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static void names(At spec) {
        for (String field : List.of("serviceAccountName", "nodeName", "priorityClassName", "runtimeClassName")) {
            if (!spec.field(field).empty()) {
                spec.field(field).each(Names::dnsSubdomain);
            }
        }
        for (String field : List.of("hostname", "subdomain")) {
            if (!spec.field(field).empty()) {
                spec.field(field).each(Names::dnsLabel);
            }
        }
        Set<String> gates = new HashSet<>();
        for (At gate : spec.field("schedulingGates").items()) {
            At name = gate.field("name");
            if (name.needed()) {
                name.each(Names::qualifiedName);
                if (!gates.add(name.text())) {
                    gate.duplicate(name.text());
                }
            }
        }
        if (!gates.isEmpty() && !spec.field("nodeName").empty()) {
            spec.field("nodeName").forbidden("cannot be set until all schedulingGates have been cleared");
        }
        for (At gate : spec.field("readinessGates").items()) {
            gate.field("conditionType").each(Names::qualifiedName);
        }
    }

    private static void numbers(At spec) {
        spec.field("terminationGracePeriodSeconds").nonNegative();
        spec.field("activeDeadlineSeconds").between(1, Integer.MAX_VALUE);
        spec.field("preemptionPolicy").oneOf("Never", "PreemptLowerPriority");
        if (spec.field("hostUsers").present() && !spec.field("hostUsers").flag()) {
            for (String field : List.of("hostNetwork", "hostPID", "hostIPC")) {
                if (spec.field(field).flag()) {
                    spec.field(field).forbidden("when `hostUsers` is false");
                }
            }
        }
    }

    private static void context(At context) {
        ContainerChecks.ids(context);
        ContainerChecks.seccomp(context.field("seccompProfile"));
        context.field("fsGroupChangePolicy").oneOf("Always", "OnRootMismatch");
        context.field("supplementalGroupsPolicy").oneOf("Merge", "Strict");
        Set<String> names = new HashSet<>();
        for (At sysctl : context.field("sysctls").items()) {
            At name = sysctl.field("name");
            if (!name.needed()) {
                continue;
            }
            if (!name.text().matches("[a-z0-9]([-_a-z0-9]*[a-z0-9])?([./][a-z0-9]([-_a-z0-9]*[a-z0-9])?)*")) {
                name.invalid("must have at most 253 characters and be a sysctl's name");
            } else if (!names.add(name.text())) {
                name.duplicate();
            }
        }
    }
}
