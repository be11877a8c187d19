package dev.kite.apiserver.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kite.apiserver.tree.Tree;
import dev.kite.model.validation.Names;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Pods and the pod templates of others. Stateless. */
final class PodChecks {
    private static final JsonNode CLAIM =
            JsonNodeFactory.instance.objectNode().set("persistentVolumeClaim", JsonNodeFactory.instance.objectNode());

    private PodChecks() {}

    static void pod(At pod) {
        metadataAndSpec(pod);
        At spec = pod.field("spec");
        if (!spec.field("ephemeralContainers").empty()) {
            spec.field("ephemeralContainers").forbidden("cannot be set on create");
        }
        if (!spec.field("nodeName").empty() && !spec.field("schedulingGates").empty()) {
            spec.field("nodeName").forbidden("cannot be set until all schedulingGates have been cleared");
        }
    }

    /** What is asked of a pod whenever it is written. */
    static void metadataAndSpec(At pod) {
        At spec = pod.field("spec");
        PodAnnotations.check(pod.field("metadata", "annotations"), spec);
        spec(spec, pod.field("metadata"), Set.of(), true);
        if (spec.field("serviceAccountName").empty()) {
            for (At volume : spec.field("volumes").items()) {
                for (At source : volume.field("projected", "sources").items()) {
                    if (source.field("serviceAccountToken").present()) {
                        source.field("serviceAccountToken")
                                .forbidden("must not be specified when serviceAccountName is not set");
                    }
                }
            }
        }
        spec.field("containers").items().forEach(ContainerChecks::trimmedImage);
        spec.field("initContainers").items().forEach(ContainerChecks::trimmedImage);
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
        At metadata = template.field("metadata");
        MetaChecks.labels(metadata.field("labels"));
        MetaChecks.annotations(metadata.field("annotations"));
        PodAnnotations.check(metadata.field("annotations"), template.field("spec"));
        spec(template.field("spec"), template.field("none"), given, false);
        if (!template.field("spec", "ephemeralContainers").empty()) {
            template.field("spec", "ephemeralContainers").forbidden("ephemeral containers not allowed in pod template");
        }
    }

    private static void spec(At spec, At metadata, Set<String> given, boolean real) {
        if (spec.field("terminationGracePeriodSeconds").absent()) {
            spec.field("terminationGracePeriodSeconds").required("");
        }
        Map<String, JsonNode> volumes = VolumeChecks.volumes(
                spec.field("volumes"), metadata.field("name").text(), real);
        // A claim template takes the place of a volume of the same name.
        given.forEach(name -> volumes.putIfAbsent(name, CLAIM));
        boolean hostUsers =
                spec.field("hostUsers").absent() || spec.field("hostUsers").flag();
        Set<String> claims = resourceClaims(spec.field("resourceClaims"));
        ContainerChecks.Pod pod = new ContainerChecks.Pod(spec, volumes, claims, hostUsers);
        ContainerChecks.containers(spec.field("containers"), pod);
        ContainerChecks.initContainers(spec.field("initContainers"), pod);
        ContainerChecks.ephemeralContainers(spec.field("ephemeralContainers"), pod);
        PodSystemChecks.resources(spec, claims);
        hostPorts(spec, real);
        spec.field("restartPolicy").neededOneOf("Always", "OnFailure", "Never");
        spec.field("dnsPolicy").neededOneOf("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None");
        MetaChecks.labels(spec.field("nodeSelector"));
        SecurityChecks.pod(spec.field("securityContext"), spec);
        SchedulingChecks.affinity(spec.field("affinity"));
        dns(spec);
        gates(spec);
        SchedulingChecks.spread(spec.field("topologySpreadConstraints"));
        PodSystemChecks.hostProcess(spec);
        PodSystemChecks.ownUsers(spec);
        names(spec);
        PodSystemChecks.system(spec);
        PodSystemChecks.variableFiles(spec);
    }

    private static Set<String> resourceClaims(At claims) {
        Set<String> names = new HashSet<>();
        for (At claim : claims.items()) {
            At name = claim.field("name");
            if (name.needed()) {
                if (names.add(name.text())) {
                    name.each(Names::dnsLabel);
                } else {
                    name.duplicate();
                }
            }
            At one = claim.field("resourceClaimName");
            At template = claim.field("resourceClaimTemplateName");
            if (one.present() == template.present()) {
                claim.invalid(
                        Internals.of("io.k8s.api.core.v1.PodResourceClaim", claim.node()),
                        one.present()
                                ? "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified"
                                : "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`");
            }
            for (At reference : List.of(one, template)) {
                if (reference.present()) {
                    reference.each(Names::dnsSubdomain);
                }
            }
        }
        return names;
    }

    /** Containers on the host's network have the ports of the host. */
    private static void hostPorts(At spec, boolean real) {
        if (!spec.field("hostNetwork").flag()) {
            return;
        }
        for (At container : spec.field("containers").items()) {
            for (At port : container.field("ports").items()) {
                At host = port.field("hostPort");
                if ((real || host.number() != 0)
                        && host.number() != port.field("containerPort").number()) {
                    host.invalid(
                            JsonNodeFactory.instance.numberNode(host.number()),
                            "must match `containerPort` when `hostNetwork` is true");
                }
            }
        }
    }

    private static void dns(At spec) {
        At config = spec.field("dnsConfig");
        At servers = config.field("nameservers");
        if (spec.field("dnsPolicy").text().equals("None")) {
            if (config.absent()) {
                config.required("must provide `dnsConfig` when `dnsPolicy` is None");
                return;
            }
            if (!servers.needed("must provide at least one DNS nameserver when `dnsPolicy` is None")) {
                return;
            }
        }
        if (servers.node().size() > 3) {
            servers.invalid("must not have more than 3 nameservers");
        }
        servers.items().forEach(PodChecks::address);
        At searches = config.field("searches");
        if (searches.node().size() > 32) {
            searches.invalid("must not have more than 32 search paths");
        }
        if (String.join(" ", Tree.texts(searches.node())).length() > 2048) {
            searches.invalid("must not have more than 2048 characters (including spaces) in the search list");
        }
        for (At search : searches.items()) {
            if (!search.text().equals(".")) {
                String domain = search.text().replaceFirst("\\.$", "");
                Names.underscoredSubdomain(domain).forEach(m -> search.invalid(domain, m));
            }
        }
        for (At option : config.field("options").items()) {
            if (option.field("name").empty()) {
                option.required("must not be empty");
            }
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

    private static void gates(At spec) {
        for (At gate : spec.field("readinessGates").items()) {
            gate.field("conditionType").each(Names::qualifiedName);
        }
        Set<String> gates = new HashSet<>();
        for (At gate : spec.field("schedulingGates").items()) {
            String name = gate.field("name").text();
            Names.qualifiedName(name).forEach(m -> gate.invalid(name, m));
            if (!gates.add(name)) {
                gate.duplicate(name);
            }
        }
    }

    private static void names(At spec) {
        At override = spec.field("hostnameOverride");
        if (override.present()) {
            if (spec.field("setHostnameAsFQDN").flag()) {
                override.forbidden("may not be specified when setHostnameAsFQDN is true");
            }
            if (spec.field("hostNetwork").flag()) {
                override.forbidden("may not be specified when hostNetwork is true");
            }
            override.atMost(64);
            override.each(Names::dnsSubdomain);
        }
        subdomain(spec.field("serviceAccountName"));
        subdomain(spec.field("nodeName"));
        spec.field("activeDeadlineSeconds").between(1, Integer.MAX_VALUE);
        for (String field : List.of("hostname", "subdomain")) {
            if (!spec.field(field).empty()) {
                spec.field(field).each(Names::dnsLabel);
            }
        }
        SchedulingChecks.tolerations(spec.field("tolerations"));
        for (At alias : spec.field("hostAliases").items()) {
            address(alias.field("ip"));
            alias.field("hostnames").items().forEach(h -> h.each(Names::dnsSubdomain));
        }
        subdomain(spec.field("priorityClassName"));
        if (spec.field("runtimeClassName").present()) {
            spec.field("runtimeClassName").each(Names::dnsSubdomain);
        }
        if (spec.field("preemptionPolicy").present()) {
            spec.field("preemptionPolicy").neededOneOf("PreemptLowerPriority", "Never");
        }
        At overhead = spec.field("overhead").told(spec.path() + ".overhead.limits");
        for (var amount : MetaChecks.sorted(overhead)) {
            ResourceChecks.containerName(overhead.key(amount.getKey()), amount.getKey());
            ResourceChecks.amount(overhead.key(amount.getKey()), amount.getKey());
        }
    }

    private static void subdomain(At name) {
        if (!name.empty()) {
            name.each(Names::dnsSubdomain);
        }
    }
}
