package dev.kite.apiserver.flowcontrol;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The configuration that each cluster has: the mandatory objects, and those suggested, with Kubernetes 1.36's numbers. Stateless. */
final class Suggested {
    /** Says whether the server keeps an object's spec as it suggests it. */
    static final String AUTO_UPDATE = "apf.kubernetes.io/autoupdate-spec";

    private static final String API = "flowcontrol.apiserver.k8s.io/v1";
    private static final List<String> ALL = List.of("*");
    private static final List<String> EVERYBODY = List.of("system:unauthenticated", "system:authenticated");

    private Suggested() {}

    static List<ObjectNode> mandatoryLevels() {
        return List.of(catchAllLevel(), exemptLevel());
    }

    static ObjectNode exemptLevel() {
        ObjectNode level = object("PriorityLevelConfiguration", "exempt");
        ObjectNode spec = level.putObject("spec").put("type", "Exempt");
        spec.putObject("exempt").put("nominalConcurrencyShares", 0).put("lendablePercent", 0);
        return level;
    }

    static ObjectNode catchAllLevel() {
        ObjectNode level = object("PriorityLevelConfiguration", "catch-all");
        limited(level, 5, 0).put("type", "Reject");
        return level;
    }

    static List<ObjectNode> mandatorySchemas() {
        return List.of(exemptSchema(), catchAllSchema());
    }

    static ObjectNode exemptSchema() {
        return schema("exempt", "exempt", 1, "", groups("system:masters"), everything(), allPaths());
    }

    static ObjectNode catchAllSchema() {
        return schema(
                "catch-all",
                "catch-all",
                10_000,
                "ByUser",
                groups(EVERYBODY.toArray(String[]::new)),
                everything(),
                allPaths());
    }

    static List<ObjectNode> suggestedLevels() {
        return List.of(
                queuing("system", 30, 33, 64, 6),
                queuing("node-high", 40, 25, 64, 6),
                queuing("leader-election", 10, 0, 16, 4),
                queuing("workload-high", 40, 50, 128, 6),
                queuing("workload-low", 100, 90, 128, 6),
                queuing("global-default", 20, 50, 128, 6));
    }

    static List<ObjectNode> suggestedSchemas() {
        ArrayNode none = array();
        ArrayNode components = users("system:kube-controller-manager", "system:kube-scheduler");
        components.addAll(kubeSystemAccounts());
        ArrayNode own = array().add(rule(ALL, List.of(""), List.of("nodes", "nodes/status"), true))
                .add(rule(ALL, List.of("coordination.k8s.io"), List.of("leases"), false));
        ArrayNode leases = array().add(rule(
                List.of("get", "create", "update"), List.of("coordination.k8s.io"), List.of("leases"), false));
        ArrayNode probes = array().add(paths(List.of("get"), List.of("/healthz", "/readyz", "/livez")));
        ArrayNode nodes = groups("system:nodes");
        ArrayNode everybody = groups(EVERYBODY.toArray(String[]::new));
        return List.of(
                schema("system-nodes", "system", 500, "ByUser", nodes, everything(), allPaths()),
                schema("system-node-high", "node-high", 400, "ByUser", nodes, own, none),
                schema("probes", "exempt", 2, "", everybody, none, probes),
                schema("system-leader-election", "leader-election", 100, "ByUser", components, leases, none),
                workload("kube-controller-manager", 800, users("system:kube-controller-manager")),
                workload("kube-scheduler", 800, users("system:kube-scheduler")),
                workload("kube-system-service-accounts", 900, kubeSystemAccounts()),
                schema(
                        "service-accounts",
                        "workload-low",
                        9000,
                        "ByUser",
                        groups("system:serviceaccounts"),
                        everything(),
                        allPaths()),
                schema("global-default", "global-default", 9900, "ByUser", everybody, everything(), allPaths()));
    }

    private static ObjectNode workload(String name, int precedence, ArrayNode subjects) {
        return schema(name, "workload-high", precedence, "ByNamespace", subjects, everything(), allPaths());
    }

    private static ObjectNode limited(ObjectNode level, int shares, int lendable) {
        ObjectNode spec = level.putObject("spec").put("type", "Limited");
        return spec.putObject("limited")
                .put("nominalConcurrencyShares", shares)
                .put("lendablePercent", lendable)
                .putObject("limitResponse");
    }

    private static ObjectNode queuing(String name, int shares, int lendable, int queues, int handSize) {
        ObjectNode level = object("PriorityLevelConfiguration", name);
        limited(level, shares, lendable)
                .put("type", "Queue")
                .putObject("queuing")
                .put("queues", queues)
                .put("handSize", handSize)
                .put("queueLengthLimit", 50);
        return level;
    }

    private static ObjectNode schema(
            String name,
            String level,
            int precedence,
            String distinguisher,
            ArrayNode subjects,
            ArrayNode resources,
            ArrayNode paths) {
        ObjectNode schema = object("FlowSchema", name);
        ObjectNode spec = schema.putObject("spec");
        spec.putObject("priorityLevelConfiguration").put("name", level);
        spec.put("matchingPrecedence", precedence);
        if (!distinguisher.isEmpty()) {
            spec.putObject("distinguisherMethod").put("type", distinguisher);
        }
        ObjectNode rule = spec.putArray("rules").addObject();
        rule.set("subjects", subjects.deepCopy());
        if (!resources.isEmpty()) {
            rule.set("resourceRules", resources);
        }
        if (!paths.isEmpty()) {
            rule.set("nonResourceRules", paths);
        }
        return schema;
    }

    private static ArrayNode everything() {
        return array().add(rule(ALL, ALL, ALL, true));
    }

    private static ArrayNode allPaths() {
        return array().add(paths(ALL, ALL));
    }

    private static ObjectNode rule(
            List<String> verbs, List<String> groups, List<String> resources, boolean clusterScope) {
        ObjectNode rule = JsonNodeFactory.instance.objectNode();
        verbs.forEach(rule.putArray("verbs")::add);
        groups.forEach(rule.putArray("apiGroups")::add);
        resources.forEach(rule.putArray("resources")::add);
        if (clusterScope) {
            rule.put("clusterScope", true);
        }
        ALL.forEach(rule.putArray("namespaces")::add);
        return rule;
    }

    private static ObjectNode paths(List<String> verbs, List<String> paths) {
        ObjectNode rule = JsonNodeFactory.instance.objectNode();
        verbs.forEach(rule.putArray("verbs")::add);
        paths.forEach(rule.putArray("nonResourceURLs")::add);
        return rule;
    }

    private static ArrayNode users(String... names) {
        ArrayNode subjects = array();
        for (String name : names) {
            subjects.addObject().put("kind", "User").putObject("user").put("name", name);
        }
        return subjects;
    }

    private static ArrayNode groups(String... names) {
        ArrayNode subjects = array();
        for (String name : names) {
            subjects.addObject().put("kind", "Group").putObject("group").put("name", name);
        }
        return subjects;
    }

    private static ArrayNode kubeSystemAccounts() {
        ArrayNode subjects = array();
        subjects.addObject()
                .put("kind", "ServiceAccount")
                .putObject("serviceAccount")
                .put("namespace", "kube-system")
                .put("name", "*");
        return subjects;
    }

    private static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    private static ObjectNode object(String kind, String name) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", API).put("kind", kind);
        object.putObject("metadata").put("name", name).putObject("annotations").put(AUTO_UPDATE, "true");
        return object;
    }
}
