package dev.kite.security.rbac;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kite.security.PolicyRule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads roles and bindings from their JSON. */
public final class RbacJson {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private RbacJson() {}

    /**
     * Reads a role's or clusterrole's rules.
     *
     * @param json the object
     * @return its rules
     * @throws IllegalArgumentException if it is not JSON
     */
    static List<PolicyRule> roleRules(byte[] json) {
        return rules(tree(json).path("rules"));
    }

    /** Reads a clusterrole with its labels and what it aggregates. */
    static ClusterRoles.Stored clusterRole(byte[] json) {
        JsonNode role = tree(json);
        List<LabelSelector> selectors = new ArrayList<>();
        for (JsonNode selector : role.path("aggregationRule").path("clusterRoleSelectors")) {
            selectors.add(selector(selector));
        }
        return new ClusterRoles.Stored(
                labels(role.path("metadata").path("labels")), rules(role.path("rules")), selectors);
    }

    private static LabelSelector selector(JsonNode selector) {
        List<LabelSelector.Requirement> requirements = new ArrayList<>();
        labels(selector.path("matchLabels"))
                .forEach((key, value) -> requirements.add(new LabelSelector.Requirement(key, "In", List.of(value))));
        for (JsonNode expression : selector.path("matchExpressions")) {
            requirements.add(new LabelSelector.Requirement(
                    expression.path("key").asText(),
                    expression.path("operator").asText(),
                    texts(expression.path("values"))));
        }
        return new LabelSelector(requirements);
    }

    private static Map<String, String> labels(JsonNode map) {
        Map<String, String> labels = new HashMap<>();
        map.properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        return labels;
    }

    /** Reads a binding. */
    static Binding binding(String namespace, String name, byte[] json) {
        JsonNode node = tree(json);
        List<SubjectKey> subjects = new ArrayList<>();
        for (JsonNode subject : node.path("subjects")) {
            String who = subject.path("name").asText();
            switch (subject.path("kind").asText()) {
                case "User" -> subjects.add(SubjectKey.user(who));
                case "Group" -> subjects.add(SubjectKey.group(who));
                case "ServiceAccount" ->
                    subjects.add(SubjectKey.user(
                            "system:serviceaccount:" + subject.path("namespace").asText(namespace) + ":" + who));
                default -> {
                    // The API server admits no other kinds.
                }
            }
        }
        JsonNode role = node.path("roleRef");
        boolean cluster = role.path("kind").asText().equals("ClusterRole");
        return new Binding(
                namespace,
                name,
                new RoleKey(cluster ? "" : namespace, role.path("name").asText()),
                subjects);
    }

    private static JsonNode tree(byte[] json) {
        try {
            return MAPPER.readTree(json);
        } catch (IOException e) {
            throw new IllegalArgumentException("malformed JSON", e);
        }
    }

    /**
     * Reads rules.
     *
     * @param rules an array or nothing
     * @return the rules
     */
    public static List<PolicyRule> rules(JsonNode rules) {
        List<PolicyRule> read = new ArrayList<>();
        for (JsonNode rule : rules) {
            read.add(rule(rule));
        }
        return List.copyOf(read);
    }

    /**
     * Reads a rule.
     *
     * @param rule the rule
     * @return the rule
     */
    public static PolicyRule rule(JsonNode rule) {
        return new PolicyRule(
                texts(rule.path("verbs")),
                texts(rule.path("apiGroups")),
                texts(rule.path("resources")),
                texts(rule.path("resourceNames")),
                texts(rule.path("nonResourceURLs")));
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>(array.size());
        for (JsonNode text : array) {
            texts.add(text.asText());
        }
        return texts;
    }
}
