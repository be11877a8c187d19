package dev.kite.apiserver.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kite.model.validation.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Containers of pods and pod templates. Stateless. */
final class ContainerChecks {
    private static final int RULES_MAX = 20;
    private static final int CODES_MAX = 255;
    private static final List<String> PROBES = List.of("livenessProbe", "readinessProbe", "startupProbe");
    /** What an ephemeral container may not have, in the order of Kubernetes' type. */
    private static final List<String> NOT_EPHEMERAL = List.of(
            "ports",
            "resources",
            "resizePolicy",
            "restartPolicy",
            "restartPolicyRules",
            "livenessProbe",
            "readinessProbe",
            "startupProbe",
            "lifecycle");

    private ContainerChecks() {}

    /**
     * What containers are checked with.
     *
     * @param spec the pod's
     * @param volumes the volumes without fault
     * @param claims names of the pod's resource claims
     * @param hostUsers whether its users are the host's
     */
    record Pod(At spec, Map<String, JsonNode> volumes, Set<String> claims, boolean hostUsers) {
        At os() {
            return spec.field("os");
        }

        At grace() {
            return spec.field("terminationGracePeriodSeconds");
        }
    }

    static void containers(At containers, Pod pod) {
        if (containers.empty()) {
            containers.required("");
            return;
        }
        Set<String> names = new HashSet<>();
        for (At container : containers.items()) {
            common(container, pod);
            if (!names.add(container.field("name").text())) {
                container.field("name").duplicate();
            }
            running(container, pod);
            restart(container);
        }
        hostPorts(containers.items(), new HashSet<>());
    }

    static void initContainers(At containers, Pod pod) {
        Set<String> names = names(pod.spec().field("containers"));
        for (At container : containers.items()) {
            common(container, pod);
            boolean sidecar = container.field("restartPolicy").text().equals("Always");
            restart(container);
            At name = container.field("name");
            if (names.contains(name.text())) {
                name.duplicate();
            } else if (!name.empty()) {
                names.add(name.text());
            }
            // Upstream's messages count each init container as the first.
            hostPorts(List.of(container.told(containers.path() + "[0]")), new HashSet<>());
            if (sidecar) {
                running(container, pod);
                continue;
            }
            for (String field : List.of("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")) {
                if (container.field(field).present()) {
                    container.field(field).forbidden("may not be set for init containers without restartPolicy=Always");
                }
            }
            for (At rule : container.field("resizePolicy").items()) {
                if (rule.field("restartPolicy").text().equals("RestartContainer")) {
                    rule.field("restartPolicy")
                            .invalid("must not be set to 'RestartContainer' for non-sidecar initContainers");
                }
            }
        }
    }

    static void ephemeralContainers(At containers, Pod pod) {
        Set<String> others = names(pod.spec().field("containers"));
        others.addAll(names(pod.spec().field("initContainers")));
        Set<String> names = new HashSet<>(others);
        for (At container : containers.items()) {
            common(container, pod);
            trimmedImage(container);
            if (!names.add(container.field("name").text())) {
                container.field("name").duplicate();
            }
            At target = container.field("targetContainerName");
            if (!target.empty() && !others.contains(target.text())) {
                target.notFound();
            }
            for (String field : NOT_EPHEMERAL) {
                if (!container.field(field).empty()) {
                    container.field(field).forbidden("cannot be set for an Ephemeral Container");
                }
            }
            for (At mount : container.field("volumeMounts").items()) {
                for (String path : List.of("subPath", "subPathExpr")) {
                    if (!mount.field(path).empty()) {
                        mount.field(path).forbidden("cannot be set for an Ephemeral Container");
                    }
                }
            }
        }
    }

    private static Set<String> names(At containers) {
        Set<String> names = new HashSet<>();
        containers.items().forEach(c -> names.add(c.field("name").text()));
        return names;
    }

    /** Only of pods: templates may have what is around an image's name. */
    static void trimmedImage(At container) {
        String image = container.field("image").text();
        if (!image.equals(image.strip())) {
            container.field("image").invalid("must not have leading or trailing whitespace");
        }
    }

    private static void common(At container, Pod pod) {
        At name = container.field("name");
        if (name.needed()) {
            name.each(Names::dnsLabel);
        }
        container.field("image").needed();
        container.field("terminationMessagePolicy").neededOneOf("File", "FallbackToLogsOnError");
        ports(container.field("ports"));
        EnvironmentChecks.variables(container.field("env"));
        EnvironmentChecks.sources(container.field("envFrom"));
        MountChecks.mounts(container, pod.volumes());
        MountChecks.devices(container, pod.volumes());
        container.field("imagePullPolicy").neededOneOf("Always", "IfNotPresent", "Never");
        ResourceChecks.container(container.field("resources"), pod.claims());
        resize(
                container.field("resizePolicy"),
                pod.spec().field("restartPolicy").text());
        SecurityChecks.container(container.field("securityContext"), pod.hostUsers());
    }

    private static void running(At container, Pod pod) {
        ProbeChecks.lifecycle(container.field("lifecycle"), pod);
        PROBES.forEach(probe -> ProbeChecks.probe(container.field(probe), probe, pod.grace()));
    }

    private static void ports(At ports) {
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
            if (port.field("hostPort").number() != 0) {
                port.field("hostPort").port();
            }
            port.field("protocol").neededOneOf("SCTP", "TCP", "UDP");
        }
    }

    private static void hostPorts(List<At> containers, Set<String> taken) {
        for (At container : containers) {
            for (At port : container.field("ports").items()) {
                At host = port.field("hostPort");
                String key = port.field("protocol").text() + "/"
                        + port.field("hostIP").text() + "/" + host.number();
                if (host.number() != 0 && !taken.add(key)) {
                    host.duplicate(key);
                }
            }
        }
    }

    private static void resize(At policy, String podPolicy) {
        Set<String> seen = new HashSet<>();
        for (At rule : policy.items()) {
            String resource = rule.field("resourceName").text();
            At restart = rule.field("restartPolicy");
            if (!seen.add(resource)) {
                rule.duplicate(resource);
            }
            // Messages name the list, not the rule.
            word(policy, resource, "cpu", "memory");
            word(policy, restart.text(), "NotRequired", "RestartContainer");
            if (podPolicy.equals("Never") && !restart.text().equals("NotRequired")) {
                policy.invalid(restart.text(), "must be 'NotRequired' when pod `restartPolicy` is 'Never'");
            }
        }
    }

    private static void word(At list, String word, String... values) {
        if (word.isEmpty()) {
            list.required("");
        } else if (!List.of(values).contains(word)) {
            list.unsupported(JsonNodeFactory.instance.textNode(word), values);
        }
    }

    private static void restart(At container) {
        At policy = container.field("restartPolicy");
        At rules = container.field("restartPolicyRules");
        if (policy.absent()) {
            if (!rules.empty()) {
                policy.required("must specify restartPolicy when restart rules are used");
            }
        } else if (!List.of("Always", "Never", "OnFailure").contains(policy.text())) {
            policy.unsupported("Always", "Never", "OnFailure");
        }
        if (rules.node().size() > RULES_MAX) {
            rules.tooMany(RULES_MAX);
        }
        for (At rule : rules.items()) {
            rule.field("action").oneOfUnder(rule.field("action"), "Restart", "RestartAllContainers");
            At codes = rule.field("exitCodes");
            if (codes.absent()) {
                codes.required("must be specified");
                continue;
            }
            codes.field("operator").oneOfUnder(codes.field("operator"), "In", "NotIn");
            if (codes.field("values").node().size() > CODES_MAX) {
                codes.field("values").tooMany(CODES_MAX);
            }
        }
    }
}
