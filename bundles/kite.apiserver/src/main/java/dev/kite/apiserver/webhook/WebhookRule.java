package dev.kite.apiserver.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.AdmissionRule;
import dev.kite.apiserver.admission.Admitting;
import dev.kite.apiserver.admission.Lookups;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.request.Intent;
import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.request.StatusException.Details;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import dev.kite.model.patch.JsonPatch;
import dev.kite.model.patch.PatchException;
import java.io.IOException;
import java.util.Base64;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the webhooks that want to see a write: those that mutate one after the other, each seeing what the one before made; then those that validate. */
public final class WebhookRule implements AdmissionRule {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookRule.class);
    private static final String GROUP = "admissionregistration.k8s.io";

    private final Lookups lookups;
    private final WebhookCaller caller;
    private final WebhookMatch match;
    private final Reform reform;

    /** Brings an object that a webhook changed into its kind's form. */
    @FunctionalInterface
    public interface Reform {
        /**
         * Reforms an object.
         *
         * @param resource its resource
         * @param object the object in stored form
         * @return the object, normalized, with defaults
         */
        ObjectNode of(ApiResource resource, ObjectNode object);
    }

    /**
     * The rule.
     *
     * @param lookups finds configurations
     * @param caller asks webhooks
     * @param reform brings what they change into its kind's form
     */
    public WebhookRule(Lookups lookups, WebhookCaller caller, Reform reform) {
        this.lookups = lookups;
        this.caller = caller;
        this.match = new WebhookMatch(lookups);
        this.reform = reform;
    }

    @Override
    public String name() {
        return "AdmissionWebhooks";
    }

    @Override
    public void admit(Admitting write) {
        ask("mutatingwebhookconfigurations", write, true);
    }

    @Override
    public void validate(Admitting write) {
        ask("validatingwebhookconfigurations", write, false);
    }

    private void ask(String plural, Admitting write, boolean mutating) {
        if (write.intent().user().equals(Intent.SERVER.user())) {
            // A webhook that is down must not keep the server from starting, nor a definition from going.
            return;
        }
        for (ObjectNode configuration : lookups.list(GROUP, plural, "")) {
            for (ObjectNode webhook : Tree.objects(configuration, "webhooks")) {
                if (match.matches(webhook, write)) {
                    ask(webhook, write, mutating);
                }
            }
        }
    }

    private void ask(ObjectNode webhook, Admitting write, boolean mutating) {
        String name = Tree.text(webhook, "name");
        String effects = Tree.text(webhook, "sideEffects");
        if (write.intent().dryRun() && !effects.equals("None") && !effects.equals("NoneOnDryRun")) {
            throw Errors.badRequest("admission webhook \"" + name + "\" does not support dry run");
        }
        String uid = UUID.randomUUID().toString();
        JsonNode response;
        try {
            response = caller.call(webhook, review(uid, write)).path("response");
            if (!Tree.text(response, "uid").equals(uid)) {
                throw new WebhookCaller.FailedException("expected response.uid=\"" + uid + "\"");
            }
        } catch (WebhookCaller.FailedException e) {
            if (Tree.text(webhook, "failurePolicy").equals("Ignore")) {
                LOG.warn("webhook {} failed and is ignored, as it asks for: {}", name, e.getMessage());
                return;
            }
            throw Errors.internal("failed calling webhook \"" + name + "\": failed to call webhook: " + e.getMessage());
        }
        Tree.texts(response, "warnings").forEach(write.intent().warnings());
        if (!Tree.flag(response, "allowed")) {
            throw denied(name, response.path("status"));
        }
        if (mutating && Tree.has(response, "patch")) {
            patch(name, write, response);
        }
    }

    private void patch(String name, Admitting write, JsonNode response) {
        ObjectNode object = write.object();
        if (object == null) {
            return;
        }
        try {
            JsonNode patch = Trees.mapper().readTree(Base64.getDecoder().decode(Tree.text(response, "patch")));
            if (!(JsonPatch.apply(object, patch) instanceof ObjectNode patched)) {
                throw Errors.internal("webhook \"" + name + "\" makes no object");
            }
            ObjectNode reformed = reform.of(write.resource(), patched);
            object.removeAll();
            object.setAll(reformed);
        } catch (IOException | IllegalArgumentException | PatchException e) {
            throw Errors.internal("webhook \"" + name + "\" sends a patch that does not fit: " + e.getMessage());
        }
    }

    private static StatusException denied(String name, JsonNode status) {
        int code = (int) Tree.number(status, "code");
        String why = Tree.text(status, "message");
        String reason = Tree.text(status, "reason");
        String words = why.isEmpty() ? reason : why;
        String message = words.isEmpty()
                ? "admission webhook \"" + name + "\" denied the request without explanation"
                : "admission webhook \"" + name + "\" denied the request: " + words;
        boolean usable = code >= 400 && code < 600;
        return new StatusException(usable ? code : 403, usable ? reason : "Forbidden", message, Details.NONE);
    }

    private static ObjectNode review(String uid, Admitting write) {
        ObjectNode review = JsonNodeFactory.instance.objectNode();
        review.put("kind", "AdmissionReview").put("apiVersion", "admission.k8s.io/v1");
        ObjectNode request = review.putObject("request").put("uid", uid);
        ApiResource resource = write.resource();
        for (String field : new String[] {"kind", "requestKind"}) {
            request.putObject(field)
                    .put("group", resource.group())
                    .put("version", resource.version())
                    .put("kind", resource.kind());
        }
        for (String field : new String[] {"resource", "requestResource"}) {
            request.putObject(field)
                    .put("group", resource.group())
                    .put("version", resource.version())
                    .put("resource", resource.plural());
        }
        if (!write.subresource().isEmpty()) {
            request.put("subResource", write.subresource()).put("requestSubResource", write.subresource());
        }
        if (!write.name().isEmpty()) {
            request.put("name", write.name());
        }
        if (!write.namespace().isEmpty()) {
            request.put("namespace", write.namespace());
        }
        request.put("operation", write.operation().name());
        user(request.putObject("userInfo"), write);
        request.set("object", write.object());
        request.set("oldObject", write.old());
        request.put("dryRun", write.intent().dryRun());
        request.putNull("options");
        return review;
    }

    private static void user(ObjectNode into, Admitting write) {
        into.put("username", write.intent().user().name());
        into.put("uid", write.intent().user().uid());
        ArrayNode groups = into.putArray("groups");
        write.intent().user().groups().forEach(groups::add);
    }
}
