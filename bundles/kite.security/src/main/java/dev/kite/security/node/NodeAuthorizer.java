package dev.kite.security.node;

import dev.kite.api.security.Attributes;
import dev.kite.api.security.Authorizer;
import dev.kite.api.security.UserInfo;
import dev.kite.security.ClusterCertificates.Subscription;
import dev.kite.security.DefaultRoles;
import dev.kite.security.PolicyRule;
import dev.kite.security.StoredObjects;
import dev.kite.security.node.NodeGraph.ObjectKey;
import dev.kite.security.rbac.RbacJson;
import dev.kite.security.rbac.RuleMatch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Allows the users system:node:NAME of the group system:nodes what the clusterrole system:node lists, and of objects that hold secrets or are of one node only what is
 * theirs. Never denies: a role bound to the node may allow more.
 */
@Component(property = "service.ranking:Integer=200")
public final class NodeAuthorizer implements Authorizer {
    private static final String USER_PREFIX = "system:node:";
    private static final String NODES = "system:nodes";
    private static final Set<String> READ = Set.of("get", "list", "watch");
    private static final Set<String> OWN = Set.of("get", "create", "update", "patch", "delete");
    private static final Set<String> CHANGE = Set.of("update", "patch");
    private static final Decision ALLOWED = new Decision(Verdict.ALLOW, "");

    private final NodeGraph graph = new NodeGraph();
    private final StoredObjects objects;
    private final List<PolicyRule> rules;
    private final List<Subscription> subscriptions = new ArrayList<>();

    /**
     * Follows pods and volumes.
     *
     * @param objects where they are
     */
    @Activate
    public NodeAuthorizer(@Reference StoredObjects objects) {
        this.objects = objects;
        this.rules = nodeRules();
        subscriptions.add(objects.follow("", "pods", new Pods()));
        subscriptions.add(objects.follow("", "persistentvolumes", new Volumes()));
    }

    private static List<PolicyRule> nodeRules() {
        return DefaultRoles.objects().stream()
                .filter(role ->
                        role.resource().equals("clusterroles") && role.name().equals("system:node"))
                .findFirst()
                .map(role -> RbacJson.rules(NodeGraphJson.tree(role.json().getBytes(StandardCharsets.UTF_8))
                        .path("rules")))
                .orElseThrow();
    }

    @Deactivate
    void deactivate() {
        subscriptions.forEach(Subscription::close);
    }

    private final class Pods implements StoredObjects.Listener {
        @Override
        public void set(String namespace, String name, byte[] json) {
            graph.putPod(new ObjectKey(namespace, name), NodeGraphJson.pod(json));
        }

        @Override
        public void gone(String namespace, String name) {
            graph.removePod(new ObjectKey(namespace, name));
        }
    }

    private final class Volumes implements StoredObjects.Listener {
        @Override
        public void set(String namespace, String name, byte[] json) {
            graph.putVolume(name, NodeGraphJson.volume(json));
        }

        @Override
        public void gone(String namespace, String name) {
            graph.removeVolume(name);
        }
    }

    @Override
    public Decision authorize(Attributes asked) {
        UserInfo user = asked.user();
        if (!user.name().startsWith(USER_PREFIX) || !user.groups().contains(NODES)) {
            return Decision.NO_OPINION;
        }
        String node = user.name().substring(USER_PREFIX.length());
        if (node.isEmpty()) {
            return no("unknown node for user \"" + user.name() + "\"");
        }
        if (!asked.resourceRequest()) {
            return Decision.NO_OPINION;
        }
        return switch (asked.apiGroup() + "/" + asked.resource()) {
            case "/secrets" -> readNamespaced(node, asked, graph.usesSecret(node, key(asked)));
            case "/configmaps" -> readNamespaced(node, asked, graph.usesConfigMap(node, key(asked)));
            case "/persistentvolumeclaims" -> claim(node, asked);
            case "/persistentvolumes" -> get(node, asked, graph.usesVolume(node, asked.name()));
            case "resource.k8s.io/resourceclaims" -> get(node, asked, graph.usesResourceClaim(node, key(asked)));
            case "storage.k8s.io/volumeattachments" ->
                get(
                        node,
                        asked,
                        nodeOf("storage.k8s.io", "volumeattachments", asked.name())
                                .equals(node));
            case "/serviceaccounts" -> serviceAccount(node, asked);
            case "coordination.k8s.io/leases" -> lease(node, asked);
            case "storage.k8s.io/csinodes" ->
                own(node, asked, "can only access CSINode with the same name as the requesting node");
            case "resource.k8s.io/resourceslices" -> resourceSlice(node, asked);
            case "/nodes" -> nodes(node, asked);
            case "/pods" -> pods(node, asked);
            default -> byRules(asked);
        };
    }

    private static ObjectKey key(Attributes asked) {
        return new ObjectKey(asked.namespace(), asked.name());
    }

    private Decision byRules(Attributes asked) {
        return RuleMatch.anyAllows(rules, asked) ? ALLOWED : Decision.NO_OPINION;
    }

    private static Decision no(String reason) {
        return new Decision(Verdict.NO_OPINION, reason);
    }

    private static Decision related(String node, Attributes asked, boolean related) {
        if (asked.name().isEmpty()) {
            return no("No Object name found");
        }
        return related ? ALLOWED : no("no relationship found between node '" + node + "' and this object");
    }

    private static Decision get(String node, Attributes asked, boolean related) {
        if (!asked.verb().equals("get")) {
            return no("can only get individual resources of this type");
        }
        return asked.subresource().isEmpty() ? related(node, asked, related) : no("cannot get subresource");
    }

    /** A list or watch names its one object by a field selector, which the request info has made the name. */
    private static Decision readNamespaced(String node, Attributes asked, boolean related) {
        if (!READ.contains(asked.verb())) {
            return no("can only read resources of this type");
        }
        if (!asked.subresource().isEmpty()) {
            return no("cannot read subresource");
        }
        return asked.namespace().isEmpty()
                ? no("can only read namespaced object of this type")
                : related(node, asked, related);
    }

    private Decision claim(String node, Attributes asked) {
        boolean used = graph.usesClaim(node, key(asked));
        if (!asked.subresource().equals("status")) {
            return get(node, asked, used);
        }
        return CHANGE.contains(asked.verb()) || asked.verb().equals("get")
                ? related(node, asked, used)
                : no("can only update the status of this type");
    }

    private Decision serviceAccount(String node, Attributes asked) {
        boolean used = graph.usesAccount(node, key(asked));
        if (asked.subresource().isEmpty()) {
            return get(node, asked, used);
        }
        if (!asked.subresource().equals("token")) {
            return no("can only create token subresource of serviceaccounts");
        }
        return asked.verb().equals("create") && !asked.name().isEmpty()
                ? related(node, asked, used)
                : no("can only create tokens for individual service accounts");
    }

    private static Decision lease(String node, Attributes asked) {
        if (!asked.namespace().equals("kube-node-lease")) {
            return no("can only access leases in the \"kube-node-lease\" system namespace");
        }
        return own(node, asked, "can only access node lease with the same name as the requesting node");
    }

    /** An object of the node's own name; one to be created has no name yet, which admission checks. */
    private static Decision own(String node, Attributes asked, String otherwise) {
        if (!OWN.contains(asked.verb()) || !asked.subresource().isEmpty()) {
            return no("can only get, create, update, patch, or delete objects of this type");
        }
        boolean its = asked.name().equals(node)
                || (asked.verb().equals("create") && asked.name().isEmpty());
        return its ? ALLOWED : no(otherwise);
    }

    private Decision resourceSlice(String node, Attributes asked) {
        return switch (asked.verb()) {
            case "create" -> ALLOWED;
            case "get", "update", "patch", "delete" ->
                related(
                        node,
                        asked,
                        nodeOf("resource.k8s.io", "resourceslices", asked.name())
                                .equals(node));
            case "list", "watch", "deletecollection" ->
                selects(asked, "spec.nodeName", node)
                        ? ALLOWED
                        : no("can only list/watch/deletecollection resourceslices with nodeName field selector");
            default ->
                no(
                        "only the following verbs are allowed for a ResourceSlice: get, watch, list, create, update, patch, delete, deletecollection");
        };
    }

    private static Decision nodes(String node, Attributes asked) {
        boolean its = asked.name().equals(node);
        return switch (asked.subresource()) {
            case "" ->
                switch (asked.verb()) {
                    case "create" -> ALLOWED;
                    case "get", "list", "watch", "update", "patch" ->
                        its
                                ? ALLOWED
                                : no("node '" + node + "' cannot access '" + asked.name()
                                        + "', only its own Node object");
                    default -> Decision.NO_OPINION;
                };
            case "status" ->
                its && CHANGE.contains(asked.verb())
                        ? ALLOWED
                        : no("can only update the status of its own Node object");
            default -> Decision.NO_OPINION;
        };
    }

    /** A pod that is not there may be asked for: the answer is 404, which ends the kubelet's waiting where 403 would not. */
    private Decision pods(String node, Attributes asked) {
        boolean its = graph.runsPod(node, key(asked)) || (!asked.name().isEmpty() && !graph.hasPod(key(asked)));
        return switch (asked.subresource()) {
            case "" ->
                switch (asked.verb()) {
                    case "create" -> ALLOWED;
                    case "get", "delete" -> related(node, asked, its);
                    case "list", "watch" ->
                        selects(asked, "spec.nodeName", node)
                                ? ALLOWED
                                : no("can only list/watch pods with spec.nodeName field selector");
                    default -> Decision.NO_OPINION;
                };
            case "status" -> CHANGE.contains(asked.verb()) ? related(node, asked, its) : Decision.NO_OPINION;
            case "eviction" -> asked.verb().equals("create") ? related(node, asked, its) : Decision.NO_OPINION;
            default -> Decision.NO_OPINION;
        };
    }

    /** Whether a field selector demands a value; a list of one namespace or all. */
    private static boolean selects(Attributes asked, String field, String value) {
        for (String term : asked.fieldSelector().split(",")) {
            if (term.equals(field + "=" + value) || term.equals(field + "==" + value)) {
                return true;
            }
        }
        return false;
    }

    private String nodeOf(String group, String resource, String name) {
        byte[] stored = name.isEmpty() ? null : objects.get(group, resource, "", name);
        return stored == null
                ? ""
                : NodeGraphJson.tree(stored).path("spec").path("nodeName").asText();
    }
}
