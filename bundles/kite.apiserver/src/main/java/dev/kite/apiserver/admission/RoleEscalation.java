package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.security.Attributes;
import dev.kite.api.security.Authorizer.Verdict;
import dev.kite.api.security.UserInfo;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.tree.Tree;
import dev.kite.security.Authorization;
import dev.kite.security.PolicyRule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Nobody grants what they don't hold themselves, unless they may escalate, or bind the role. */
public final class RoleEscalation implements AdmissionRule {
    private static final String GROUP = "rbac.authorization.k8s.io";

    private final Lookups lookups;
    private final Authorization authorization;

    /**
     * The rule.
     *
     * @param lookups finds roles
     * @param authorization knows what users hold
     */
    public RoleEscalation(Lookups lookups, Authorization authorization) {
        this.lookups = lookups;
        this.authorization = authorization;
    }

    @Override
    public String name() {
        return "RBAC escalation";
    }

    @Override
    public void validate(Admitting write) {
        ObjectNode object = write.object();
        UserInfo user = write.intent().user();
        boolean ofRoles = object != null
                && write.operation() != Operation.DELETE
                && write.resource().group().equals(GROUP)
                && !user.groups().contains(UserInfo.MASTERS);
        if (!ofRoles || object == null) {
            return;
        }
        switch (write.resource().plural()) {
            case "roles", "clusterroles" -> role(write, user, object);
            case "rolebindings", "clusterrolebindings" -> binding(write, user, object);
            default -> {}
        }
    }

    private void role(Admitting write, UserInfo user, ObjectNode role) {
        ObjectNode old = write.old();
        boolean unchanged = old != null
                && Tree.at(old, "rules").equals(Tree.at(role, "rules"))
                && Tree.at(old, "aggregationRule").equals(Tree.at(role, "aggregationRule"));
        if (unchanged || may(user, "escalate", write.resource().plural(), write.namespace(), write.name())) {
            return;
        }
        List<PolicyRule> granted = rules(role);
        if (Tree.has(role, "aggregationRule")) {
            // Whoever aggregates grants what anybody may add later.
            granted = new ArrayList<>(granted);
            granted.add(new PolicyRule(List.of("*"), List.of("*"), List.of("*"), List.of(), List.of()));
            granted.add(new PolicyRule(List.of("*"), List.of(), List.of(), List.of(), List.of("*")));
        }
        refuse(write, user, authorization.uncovered(user, write.namespace(), granted));
    }

    private void binding(Admitting write, UserInfo user, ObjectNode binding) {
        ObjectNode old = write.old();
        boolean unchanged = old != null
                && Tree.at(old, "roleRef").equals(Tree.at(binding, "roleRef"))
                && Tree.at(old, "subjects").equals(Tree.at(binding, "subjects"));
        String kind = Tree.text(binding, "roleRef", "kind");
        String name = Tree.text(binding, "roleRef", "name");
        boolean cluster = kind.equals("ClusterRole");
        String plural = cluster ? "clusterroles" : "roles";
        if (unchanged || may(user, "bind", plural, write.namespace(), name)) {
            return;
        }
        ObjectNode role = lookups.find(GROUP, plural, cluster ? "" : write.namespace(), name);
        if (role == null) {
            throw dev.kite.apiserver.request.Errors.notFound(GROUP, plural, name);
        }
        refuse(write, user, authorization.uncovered(user, write.namespace(), rules(role)));
    }

    private boolean may(UserInfo user, String verb, String plural, String namespace, String name) {
        Attributes asked = new Attributes(user, verb, true, GROUP, "v1", plural, "", namespace, name, "", "");
        return authorization.authorize(asked).verdict() == Verdict.ALLOW;
    }

    private static void refuse(Admitting write, UserInfo user, List<PolicyRule> uncovered) {
        if (uncovered.isEmpty()) {
            return;
        }
        List<String> shown = uncovered.stream().map(RoleEscalation::show).toList();
        throw write.resource()
                .forbidden(
                        write.name(),
                        "user \"" + user.name() + "\" (groups=[" + String.join(" ", quoted(user.groups()))
                                + "]) is attempting to grant RBAC permissions not currently held:\n"
                                + String.join("\n", shown));
    }

    private static String show(PolicyRule rule) {
        StringBuilder out = new StringBuilder("{");
        part(out, "APIGroups", rule.apiGroups());
        part(out, "Resources", rule.resources());
        part(out, "ResourceNames", rule.resourceNames());
        part(out, "NonResourceURLs", rule.nonResourceUrls());
        part(out, "Verbs", rule.verbs());
        return out.append('}').toString();
    }

    private static void part(StringBuilder out, String name, @Nullable List<String> values) {
        if (values != null && !values.isEmpty()) {
            out.append(out.length() > 1 ? ", " : "")
                    .append(name)
                    .append(":[")
                    .append(String.join(" ", quoted(values)))
                    .append(']');
        }
    }

    private static List<String> quoted(List<String> values) {
        return values.stream().map(value -> "\"" + value + "\"").toList();
    }

    private static List<PolicyRule> rules(ObjectNode role) {
        List<PolicyRule> rules = new ArrayList<>();
        for (JsonNode rule : Tree.objects(role, "rules")) {
            rules.add(new PolicyRule(
                    Tree.texts(rule, "verbs"),
                    Tree.texts(rule, "apiGroups"),
                    Tree.texts(rule, "resources"),
                    Tree.texts(rule, "resourceNames"),
                    Tree.texts(rule, "nonResourceURLs")));
        }
        return rules;
    }
}
