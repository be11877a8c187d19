package dev.kite.apiserver.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.UnaryOperator;

/** Specs as upstream shows them where one must be another: by the names that its own fields have, all of them, null where nothing is. Stateless. */
final class FlowInternals {
    private FlowInternals() {}

    static ObjectNode schema(JsonNode spec) {
        ObjectNode shown = object();
        shown.set("PriorityLevelConfiguration", named(spec.path("priorityLevelConfiguration"), "Name", "name"));
        shown.put("MatchingPrecedence", spec.path("matchingPrecedence").asLong());
        shown.set("DistinguisherMethod", maybe(spec.path("distinguisherMethod"), m -> named(m, "Type", "type")));
        shown.set("Rules", each(spec.path("rules"), FlowInternals::rule));
        return shown;
    }

    private static JsonNode rule(JsonNode rule) {
        ObjectNode shown = object();
        shown.set("Subjects", each(rule.path("subjects"), FlowInternals::subject));
        shown.set("ResourceRules", each(rule.path("resourceRules"), FlowInternals::resources));
        shown.set("NonResourceRules", each(rule.path("nonResourceRules"), FlowInternals::others));
        return shown;
    }

    private static JsonNode subject(JsonNode subject) {
        ObjectNode shown = object().put("Kind", subject.path("kind").asText());
        shown.set("User", maybe(subject.path("user"), u -> named(u, "Name", "name")));
        shown.set("Group", maybe(subject.path("group"), g -> named(g, "Name", "name")));
        shown.set(
                "ServiceAccount",
                maybe(
                        subject.path("serviceAccount"),
                        a -> object().put("Namespace", a.path("namespace").asText())
                                .put("Name", a.path("name").asText())));
        return shown;
    }

    private static JsonNode resources(JsonNode rule) {
        ObjectNode shown = object();
        shown.set("Verbs", or(rule.path("verbs")));
        shown.set("APIGroups", or(rule.path("apiGroups")));
        shown.set("Resources", or(rule.path("resources")));
        shown.put("ClusterScope", rule.path("clusterScope").asBoolean());
        shown.set("Namespaces", or(rule.path("namespaces")));
        return shown;
    }

    private static JsonNode others(JsonNode rule) {
        ObjectNode shown = object();
        shown.set("Verbs", or(rule.path("verbs")));
        shown.set("NonResourceURLs", or(rule.path("nonResourceURLs")));
        return shown;
    }

    static ObjectNode level(JsonNode spec) {
        ObjectNode shown = object().put("Type", spec.path("type").asText());
        shown.set("Limited", maybe(spec.path("limited"), FlowInternals::limited));
        shown.set("Exempt", maybe(spec.path("exempt"), exempt -> {
            ObjectNode one = object();
            one.set("NominalConcurrencyShares", or(exempt.path("nominalConcurrencyShares")));
            one.set("LendablePercent", or(exempt.path("lendablePercent")));
            return one;
        }));
        return shown;
    }

    private static JsonNode limited(JsonNode limited) {
        ObjectNode shown = object();
        shown.put(
                "NominalConcurrencyShares",
                limited.path("nominalConcurrencyShares").asLong());
        JsonNode response = limited.path("limitResponse");
        ObjectNode limit = shown.putObject("LimitResponse");
        limit.put("Type", response.path("type").asText());
        limit.set(
                "Queuing",
                maybe(
                        response.path("queuing"),
                        queuing -> object().put("Queues", queuing.path("queues").asLong())
                                .put("HandSize", queuing.path("handSize").asLong())
                                .put(
                                        "QueueLengthLimit",
                                        queuing.path("queueLengthLimit").asLong())));
        shown.set("LendablePercent", or(limited.path("lendablePercent")));
        shown.set("BorrowingLimitPercent", or(limited.path("borrowingLimitPercent")));
        return shown;
    }

    private static ObjectNode named(JsonNode node, String shown, String field) {
        return object().put(shown, node.path(field).asText());
    }

    private static JsonNode or(JsonNode node) {
        return node.isMissingNode() ? NullNode.getInstance() : node;
    }

    private static JsonNode maybe(JsonNode node, UnaryOperator<JsonNode> form) {
        return node.isObject() ? form.apply(node) : NullNode.getInstance();
    }

    private static JsonNode each(JsonNode node, UnaryOperator<JsonNode> form) {
        if (!(node instanceof ArrayNode array)) {
            return NullNode.getInstance();
        }
        ArrayNode shown = JsonNodeFactory.instance.arrayNode();
        array.forEach(one -> shown.add(form.apply(one)));
        return shown;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
