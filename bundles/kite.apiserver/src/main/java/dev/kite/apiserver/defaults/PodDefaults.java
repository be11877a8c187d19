package dev.kite.apiserver.defaults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;

/** Pods and pod templates. Stateless. */
final class PodDefaults {
    private PodDefaults() {}

    static void pod(ObjectNode pod) {
        Fill.in(pod, "spec", spec -> {
            Fill.flag(spec, "enableServiceLinks", true);
            spec(spec);
            Fill.each(spec, PodDefaults::requests, "containers");
            Fill.each(spec, PodDefaults::requests, "initContainers");
            Fill.at(spec, PodDefaults::requestsFromLimits, "resources");
        });
    }

    /** A pod template: what has a pod's metadata and spec. */
    static void template(ObjectNode template) {
        Fill.in(template, "spec", PodDefaults::spec);
    }

    private static void spec(ObjectNode spec) {
        Fill.text(spec, "restartPolicy", "Always");
        Fill.text(spec, "dnsPolicy", "ClusterFirst");
        Fill.text(spec, "schedulerName", "default-scheduler");
        Fill.number(spec, "terminationGracePeriodSeconds", 30);
        Fill.object(spec, "securityContext");
        serviceAccount(spec);
        boolean hostNetwork = Tree.flag(spec, "hostNetwork");
        for (String list : new String[] {"containers", "initContainers", "ephemeralContainers"}) {
            Fill.each(spec, container -> container(container, hostNetwork), list);
        }
        Fill.each(spec, VolumeDefaults::volume, "volumes");
    }

    /** The account has two names: the older is kept equal to the newer. */
    private static void serviceAccount(ObjectNode spec) {
        String name = Tree.text(spec, "serviceAccountName");
        String old = Tree.text(spec, "serviceAccount");
        if (name.isEmpty() && !old.isEmpty()) {
            spec.put("serviceAccountName", old);
        } else if (!name.isEmpty() && (old.isEmpty() || !old.equals(name))) {
            spec.put("serviceAccount", name);
        }
    }

    private static void container(ObjectNode container, boolean hostNetwork) {
        Fill.text(container, "terminationMessagePath", "/dev/termination-log");
        Fill.text(container, "terminationMessagePolicy", "File");
        if (container.path("image").isTextual()) {
            Fill.text(container, "imagePullPolicy", pullPolicy(Tree.text(container, "image")));
        } else {
            Fill.text(container, "imagePullPolicy", "Always");
        }
        Fill.object(container, "resources");
        Fill.each(container, port -> port(port, hostNetwork), "ports");
        Fill.each(container, PodDefaults::variable, "env");
        for (String probe : new String[] {"livenessProbe", "readinessProbe", "startupProbe"}) {
            Fill.at(container, PodDefaults::probe, probe);
        }
        Fill.at(container, PodDefaults::httpGet, "lifecycle", "postStart", "httpGet");
        Fill.at(container, PodDefaults::httpGet, "lifecycle", "preStop", "httpGet");
    }

    /** An image without a tag, or with tag latest, may change; one with another tag or a digest does not. */
    static String pullPolicy(String image) {
        if (image.contains("@")) {
            return "IfNotPresent";
        }
        int colon = image.indexOf(':', image.lastIndexOf('/') + 1);
        return colon < 0 || image.substring(colon + 1).equals("latest") ? "Always" : "IfNotPresent";
    }

    private static void port(ObjectNode port, boolean hostNetwork) {
        Fill.text(port, "protocol", "TCP");
        if (hostNetwork && port.path("containerPort").isNumber()) {
            Fill.nonZero(port, "hostPort", port.path("containerPort").intValue());
        }
    }

    private static void variable(ObjectNode variable) {
        Fill.at(variable, ref -> Fill.text(ref, "apiVersion", "v1"), "valueFrom", "fieldRef");
        Fill.at(variable, ref -> Fill.text(ref, "divisor", "0"), "valueFrom", "resourceFieldRef");
        Fill.at(variable, ref -> Fill.flag(ref, "optional", false), "valueFrom", "fileKeyRef");
    }

    private static void probe(ObjectNode probe) {
        Fill.nonZero(probe, "timeoutSeconds", 1);
        Fill.nonZero(probe, "periodSeconds", 10);
        Fill.nonZero(probe, "successThreshold", 1);
        Fill.nonZero(probe, "failureThreshold", 3);
        Fill.at(probe, PodDefaults::httpGet, "httpGet");
        Fill.at(probe, grpc -> Fill.pointer(grpc, "service", ""), "grpc");
    }

    private static void httpGet(ObjectNode get) {
        Fill.text(get, "path", "/");
        Fill.text(get, "scheme", "HTTP");
    }

    private static void requests(ObjectNode container) {
        Fill.at(container, PodDefaults::requestsFromLimits, "resources");
    }

    private static void requestsFromLimits(ObjectNode resources) {
        JsonNode limits = resources.path("limits");
        if (limits.isObject() && !limits.isEmpty()) {
            Fill.in(resources, "requests", requests -> Fill.missing(requests, limits));
        }
    }
}
