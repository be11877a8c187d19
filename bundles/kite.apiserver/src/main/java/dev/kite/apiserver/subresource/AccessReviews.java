package dev.kite.apiserver.subresource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.security.Attributes;
import dev.kite.api.security.Authorizer.Decision;
import dev.kite.api.security.Authorizer.Verdict;
import dev.kite.api.security.UserInfo;
import dev.kite.apiserver.registry.Answers;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.registry.Checks;
import dev.kite.apiserver.registry.Verb;
import dev.kite.apiserver.request.Call;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.tree.Tree;
import dev.kite.apiserver.validation.FieldError;
import dev.kite.security.Authorization;
import dev.kite.security.PolicyRule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Says what somebody may do: the four reviews of authorization.k8s.io that are created and never stored. */
public final class AccessReviews implements Verb {
    private static final String GROUP = "authorization.k8s.io";

    private final Authorization authorization;
    private final Bodies bodies;
    private final Admits admits;
    private final Answers answers;

    /**
     * The verb.
     *
     * @param authorization decides
     * @param bodies reads bodies
     * @param admits shows admission what is asked for
     * @param answers writes answers
     */
    public AccessReviews(Authorization authorization, Bodies bodies, Admits admits, Answers answers) {
        this.authorization = authorization;
        this.bodies = bodies;
        this.admits = admits;
        this.answers = answers;
    }

    @Override
    public void serve(Call call, ApiResource resource) throws IOException {
        ObjectNode review = bodies.read(call, GROUP, "v1", resource.kind());
        admits.created(call, resource, Tree.text(review, "metadata", "name"), review);
        if (resource.plural().equals("selfsubjectrulesreviews")) {
            rules(call, review);
        } else {
            access(call, resource, review);
        }
        answers.tree(call, 201, review);
    }

    private void access(Call call, ApiResource resource, ObjectNode review) {
        ObjectNode spec = review.withObject("/spec");
        boolean ofResource = Tree.has(spec, "resourceAttributes");
        if (ofResource == Tree.has(spec, "nonResourceAttributes")) {
            throw invalid(
                    resource,
                    "spec.resourceAttributes",
                    Tree.at(spec, "resourceAttributes"),
                    "exactly one of nonResourceAttributes or resourceAttributes must be specified");
        }
        if (resource.plural().equals("localsubjectaccessreviews")) {
            checkLocal(call, spec);
        }
        boolean self = resource.plural().equals("selfsubjectaccessreviews");
        if (!self
                && Tree.text(spec, "user").isEmpty()
                && Tree.at(spec, "groups").isEmpty()) {
            throw invalid(
                    resource, "spec.user", Tree.at(spec, "user"), "at least one of user or group must be specified");
        }
        UserInfo user = self ? call.user() : user(spec);
        Decision decision = authorization.authorize(attributes(user, spec, ofResource));
        ObjectNode status = review.putObject("status");
        status.put("allowed", decision.verdict() == Verdict.ALLOW);
        if (decision.verdict() == Verdict.DENY) {
            status.put("denied", true);
        }
        if (!decision.reason().isEmpty()) {
            status.put("reason", decision.reason());
        }
    }

    private static void checkLocal(Call call, ObjectNode spec) {
        String namespace = call.info().namespace();
        if (!Tree.text(spec, "resourceAttributes", "namespace").equals(namespace)) {
            throw Errors.badRequest("spec.resourceAttributes.namespace must match namespace: " + namespace);
        }
    }

    private static UserInfo user(ObjectNode spec) {
        Map<String, List<String>> extra = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : Tree.fields(spec, "extra")) {
            extra.put(entry.getKey(), Tree.texts(entry.getValue()));
        }
        return new UserInfo(Tree.text(spec, "user"), Tree.text(spec, "uid"), Tree.texts(spec, "groups"), extra);
    }

    private static Attributes attributes(UserInfo user, ObjectNode spec, boolean ofResource) {
        if (!ofResource) {
            return new Attributes(
                    user,
                    Tree.text(spec, "nonResourceAttributes", "verb"),
                    false,
                    "",
                    "",
                    "",
                    "",
                    "",
                    "",
                    Tree.text(spec, "nonResourceAttributes", "path"),
                    "");
        }
        JsonNode asked = Tree.at(spec, "resourceAttributes");
        return new Attributes(
                user,
                Tree.text(asked, "verb"),
                true,
                Tree.text(asked, "group"),
                Tree.text(asked, "version"),
                Tree.text(asked, "resource"),
                Tree.text(asked, "subresource"),
                Tree.text(asked, "namespace"),
                Tree.text(asked, "name"),
                "",
                selector(asked, "fieldSelector"),
                selector(asked, "labelSelector"));
    }

    /** A selector as a request would carry it, also where it is given as requirements; one that can't be written is left out, which allows no more. */
    private static String selector(JsonNode asked, String field) {
        List<String> terms = new ArrayList<>();
        for (JsonNode requirement : Tree.at(asked, field, "requirements")) {
            String key = Tree.text(requirement, "key");
            String values = String.join(",", Tree.texts(requirement, "values"));
            boolean one = Tree.texts(requirement, "values").size() == 1;
            switch (Tree.text(requirement, "operator")) {
                case "In" -> terms.add(one ? key + "=" + values : key + " in (" + values + ")");
                case "NotIn" -> terms.add(one ? key + "!=" + values : key + " notin (" + values + ")");
                case "Exists" -> terms.add(key);
                case "DoesNotExist" -> terms.add("!" + key);
                default -> {
                    return "";
                }
            }
        }
        return terms.isEmpty() ? Tree.text(asked, field, "rawSelector") : String.join(",", terms);
    }

    private void rules(Call call, ObjectNode review) {
        String namespace = Tree.text(review, "spec", "namespace");
        if (namespace.isEmpty()) {
            throw Errors.badRequest("no namespace on request");
        }
        ObjectNode status = review.putObject("status");
        ArrayNode resources = status.putArray("resourceRules");
        ArrayNode paths = status.putArray("nonResourceRules");
        for (PolicyRule rule : authorization.rulesFor(call.user(), namespace)) {
            if (!rule.resources().isEmpty()) {
                ObjectNode node = resources.addObject();
                put(node, "verbs", rule.verbs());
                put(node, "apiGroups", rule.apiGroups());
                put(node, "resources", rule.resources());
                put(node, "resourceNames", rule.resourceNames());
            }
            if (!rule.nonResourceUrls().isEmpty()) {
                ObjectNode node = paths.addObject();
                put(node, "verbs", rule.verbs());
                put(node, "nonResourceURLs", rule.nonResourceUrls());
            }
        }
        String gap = authorization.rulesGap(call.user());
        status.put("incomplete", !gap.isEmpty());
        if (!gap.isEmpty()) {
            status.put("evaluationError", gap);
        }
    }

    private static void put(ObjectNode node, String field, List<String> values) {
        if (!values.isEmpty()) {
            ArrayNode array = node.putArray(field);
            values.forEach(array::add);
        }
    }

    private static RuntimeException invalid(ApiResource resource, String field, JsonNode value, String why) {
        return Checks.invalid(
                resource.group(),
                resource.kind(),
                "",
                List.of(new FieldError(FieldError.Type.INVALID, field, value.isMissingNode() ? null : value, why)));
    }
}
