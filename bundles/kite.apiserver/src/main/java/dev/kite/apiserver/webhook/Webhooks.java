package dev.kite.apiserver.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting;
import dev.kite.apiserver.metrics.AdmissionMetrics;
import dev.kite.apiserver.metrics.AdmissionMetrics.Cause;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.request.Intent;
import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.request.StatusException.Details;
import dev.kite.apiserver.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What webhooks that change and webhooks that check have in common: which are asked, how, and what their answers mean. Thread-safe. */
final class Webhooks {
    private static final Logger LOG = LoggerFactory.getLogger(Webhooks.class);

    private final Supplier<List<ObjectNode>> configurations;
    private final WebhookCaller caller;
    private final Matching matching;
    private final Forms forms;
    private final Conditions conditions;
    private final AdmissionMetrics metrics;

    Webhooks(
            Supplier<List<ObjectNode>> configurations,
            WebhookCaller caller,
            Matching matching,
            Forms forms,
            Conditions conditions,
            AdmissionMetrics metrics) {
        this.configurations = configurations;
        this.caller = caller;
        this.matching = matching;
        this.forms = forms;
        this.conditions = conditions;
        this.metrics = metrics;
    }

    /** A webhook, its configuration's name and its place among all. */
    record Hook(String configuration, int index, ObjectNode webhook) {
        String name() {
            return Tree.text(webhook, "name");
        }

        String id() {
            return configuration + "/" + index + "/" + name();
        }

        boolean ignorable() {
            return Tree.text(webhook, "failurePolicy").equals("Ignore");
        }
    }

    /** All webhooks, none for writes that are shown to none. */
    List<Hook> all(Admitting write) {
        if (write.intent().user().equals(Intent.SERVER.user()) || Matching.exempt(write)) {
            // A webhook that is down must not keep the server from starting, nor a definition from going.
            return List.of();
        }
        List<ObjectNode> found = configurations.get();
        if (found.isEmpty()) {
            return List.of();
        }
        List<Hook> hooks = new ArrayList<>();
        for (ObjectNode configuration : found) {
            for (ObjectNode webhook : Tree.objects(configuration, "webhooks")) {
                hooks.add(new Hook(Tree.text(configuration, "metadata", "name"), hooks.size(), webhook));
            }
        }
        return hooks;
    }

    /** The write as a webhook wants to see it, null where it does not. */
    @Nullable
    Seen seen(Hook hook, Admitting write) {
        ApiResource as = matching.webhook(hook.webhook(), write);
        if (as == null) {
            return null;
        }
        Seen seen = Seen.of(write, as, forms);
        boolean conditional = !Tree.at(hook.webhook(), "matchConditions").isEmpty();
        return !conditional || conditions.hold(hook.webhook(), seen) ? seen : null;
    }

    Forms forms() {
        return forms;
    }

    /**
     * Asks a webhook.
     *
     * @return its response, whatever it says
     * @throws WebhookCaller.FailedException if there is none that can be understood
     * @throws StatusException if it may not be asked in a dry run
     */
    JsonNode ask(Hook hook, Seen seen, boolean mutating) throws WebhookCaller.FailedException {
        String operation = seen.write().operation().name();
        long began = System.nanoTime();
        JsonNode response;
        try {
            response = response(hook, seen, mutating);
        } catch (WebhookCaller.FailedException e) {
            boolean refused = !hook.ignorable();
            if (refused) {
                metrics.refused(hook.name(), mutating, operation, Cause.CALLING_WEBHOOK_ERROR, 500);
            } else {
                metrics.passedOver(hook.name(), mutating);
            }
            metrics.webhook(hook.name(), mutating, operation, 500, refused, System.nanoTime() - began);
            throw e;
        } catch (StatusException e) {
            metrics.refused(hook.name(), mutating, operation, Cause.APISERVER_INTERNAL_ERROR, e.code());
            throw e;
        }
        boolean refused = !Tree.flag(response, "allowed");
        int code = refused ? code(response.path("status")) : 200;
        if (refused) {
            metrics.refused(hook.name(), mutating, operation, Cause.NO_ERROR, code);
        }
        metrics.webhook(hook.name(), mutating, operation, code, refused, System.nanoTime() - began);
        return response;
    }

    private JsonNode response(Hook hook, Seen seen, boolean mutating) throws WebhookCaller.FailedException {
        ObjectNode webhook = hook.webhook();
        String effects = Tree.text(webhook, "sideEffects");
        if (seen.write().intent().dryRun() && !effects.equals("None") && !effects.equals("NoneOnDryRun")) {
            throw Errors.badRequest("admission webhook \"" + hook.name() + "\" does not support dry run");
        }
        String version = Review.version(webhook);
        if (version.isEmpty()) {
            throw new WebhookCaller.FailedException(
                    "could not create admission objects: webhook does not accept known AdmissionReview versions (v1,"
                            + " v1beta1)");
        }
        String uid = UUID.randomUUID().toString();
        ObjectNode answer;
        try {
            answer = caller.call(webhook, Review.of(version, uid, seen));
        } catch (WebhookCaller.FailedException e) {
            throw new WebhookCaller.FailedException("failed to call webhook: " + e.getMessage());
        }
        return Review.response(version, uid, mutating, answer);
    }

    /** Hands on what a response says beside its verdict, and refuses the write if it does. */
    static void heed(Hook hook, Admitting write, JsonNode response) {
        Tree.fields(response, "auditAnnotations")
                .forEach(entry -> write.intent()
                        .annotations()
                        .accept(
                                hook.name() + "/" + entry.getKey(),
                                entry.getValue().asText()));
        Tree.texts(response, "warnings").forEach(write.intent().warnings());
        if (!Tree.flag(response, "allowed")) {
            throw denied(hook.name(), response.path("status"));
        }
    }

    /** A webhook that failed refuses the write, or is passed over. */
    static void failed(Hook hook, Admitting write, WebhookCaller.FailedException failure, String annotation) {
        String words = "failed calling webhook \"" + hook.name() + "\": " + failure.getMessage();
        if (!hook.ignorable()) {
            throw Errors.internal(words);
        }
        LOG.warn("{}; it is passed over, as it asks for", words);
        write.intent().annotations().accept(annotation, hook.name());
    }

    private static int code(JsonNode status) {
        int code = (int) Tree.number(status, "code");
        return code >= 400 && code < 600 ? code : 400;
    }

    private static StatusException denied(String name, JsonNode status) {
        String why = Tree.text(status, "message");
        String reason = Tree.text(status, "reason");
        String words = why.isEmpty() ? reason : why;
        String message = words.isEmpty()
                ? "admission webhook \"" + name + "\" denied the request without explanation"
                : "admission webhook \"" + name + "\" denied the request: " + words;
        return new StatusException(code(status), reason, message, Details.NONE);
    }
}
