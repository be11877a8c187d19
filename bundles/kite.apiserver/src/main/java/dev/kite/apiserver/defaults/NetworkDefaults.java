package dev.kite.apiserver.defaults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;

/** Services, endpoints, ingress classes, network policies. Stateless. */
final class NetworkDefaults {
    private NetworkDefaults() {}

    static void service(ObjectNode service) {
        Fill.in(service, "spec", NetworkDefaults::serviceSpec);
        Fill.in(
                service,
                "status",
                status -> Fill.in(status, "loadBalancer", balancer -> {
                    Fill.each(
                            balancer,
                            ingress -> {
                                if (!Tree.text(ingress, "ip").isEmpty()) {
                                    Fill.pointer(ingress, "ipMode", "VIP");
                                }
                            },
                            "ingress");
                }));
    }

    private static void serviceSpec(ObjectNode spec) {
        Fill.text(spec, "sessionAffinity", "None");
        Fill.text(spec, "type", "ClusterIP");
        switch (Tree.text(spec, "sessionAffinity")) {
            case "None" -> spec.remove("sessionAffinityConfig");
            case "ClientIP" ->
                Fill.in(
                        spec,
                        "sessionAffinityConfig",
                        config -> Fill.in(config, "clientIP", ip -> Fill.nonZero(ip, "timeoutSeconds", 10800)));
            default -> {
                return;
            }
        }
        Fill.each(spec, NetworkDefaults::servicePort, "ports");
        String type = Tree.text(spec, "type");
        boolean balanced = type.equals("LoadBalancer");
        boolean reachedFromOutside = balanced
                || type.equals("NodePort")
                || (type.equals("ClusterIP") && !Tree.at(spec, "externalIPs").isEmpty());
        if (reachedFromOutside) {
            Fill.text(spec, "externalTrafficPolicy", "Cluster");
        }
        if (!type.equals("ExternalName")) {
            Fill.pointer(spec, "internalTrafficPolicy", "Cluster");
        }
        if (balanced) {
            Fill.flag(spec, "allocateLoadBalancerNodePorts", true);
        }
    }

    private static void servicePort(ObjectNode port) {
        Fill.text(port, "protocol", "TCP");
        JsonNode target = port.path("targetPort");
        boolean unset = target.isMissingNode()
                || target.isNull()
                || (target.isNumber() && target.longValue() == 0)
                || (target.isTextual() && target.textValue().isEmpty());
        if (unset && port.path("port").isNumber()) {
            port.set("targetPort", port.get("port"));
        }
    }

    static void endpoints(ObjectNode endpoints) {
        Fill.each(
                endpoints, subset -> Fill.each(subset, port -> Fill.text(port, "protocol", "TCP"), "ports"), "subsets");
    }

    static void endpointSlice(ObjectNode slice) {
        Fill.each(
                slice,
                port -> {
                    Fill.pointer(port, "name", "");
                    Fill.pointer(port, "protocol", "TCP");
                },
                "ports");
    }

    static void ingressClass(ObjectNode ingressClass) {
        Fill.at(ingressClass, parameters -> Fill.pointer(parameters, "scope", "Cluster"), "spec", "parameters");
    }

    static void networkPolicy(ObjectNode policy) {
        Fill.in(policy, "spec", spec -> {
            Fill.object(spec, "podSelector");
            for (String direction : new String[] {"ingress", "egress"}) {
                Fill.each(
                        spec,
                        rule -> Fill.each(rule, port -> Fill.pointer(port, "protocol", "TCP"), "ports"),
                        direction);
            }
            JsonNode types = spec.path("policyTypes");
            if (types.isMissingNode() || types.isNull() || (types.isArray() && types.isEmpty())) {
                var found = spec.putArray("policyTypes").add("Ingress");
                if (!spec.path("egress").isEmpty()) {
                    found.add("Egress");
                }
            }
        });
    }
}
