package dev.kite.apiserver.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.AdmissionRule;
import dev.kite.apiserver.admission.Admitting;
import dev.kite.apiserver.admission.Lookups;
import dev.kite.apiserver.admission.Rounds;
import dev.kite.apiserver.metrics.AdmissionMetrics;
import dev.kite.apiserver.metrics.Waits;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import dev.kite.apiserver.webhook.Webhooks.Hook;
import dev.kite.model.patch.JsonPatch;
import dev.kite.model.patch.PatchException;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;

/**
 * Asks the webhooks that may change a write, one after the other, each seeing what the one before made; a second time those that ask for it and were asked before
 * another changed the object.
 */
public final class MutatingWebhooks implements AdmissionRule {
    private static final String DOMAIN = "mutation.webhook.admission.k8s.io/";
    private static final String FAILED = "failed-open.mutating.webhook.admission.k8s.io/";

    private final Webhooks webhooks;

    /**
     * The rule.
     *
     * @param configurations the MutatingWebhookConfigurations, in order
     * @param caller asks webhooks
     * @param lookups finds namespaces
     * @param forms converts objects
     * @param conditions decides by matchConditions
     * @param metrics notes what each takes
     */
    public MutatingWebhooks(
            Supplier<List<ObjectNode>> configurations,
            WebhookCaller caller,
            Lookups lookups,
            Forms forms,
            Conditions conditions,
            AdmissionMetrics metrics) {
        this.webhooks = new Webhooks(configurations, caller, new Matching(lookups, forms), forms, conditions, metrics);
    }

    @Override
    public String name() {
        return "MutatingAdmissionWebhook";
    }

    @Override
    public void admit(Admitting write) {
        List<Hook> hooks = webhooks.all(write);
        if (hooks.isEmpty()) {
            return;
        }
        Rounds.Asked asked = write.rounds().of(name());
        asked.begin(write.object(), write.rounds().second());
        long began = System.nanoTime();
        try {
            askAll(hooks, write, asked);
        } finally {
            Waits.add(System.nanoTime() - began);
        }
        asked.end(write.object());
    }

    private void askAll(List<Hook> hooks, Admitting write, Rounds.Asked asked) {
        for (Hook hook : hooks) {
            Seen seen = webhooks.seen(hook, write);
            if (seen == null || (write.rounds().second() && !asked.askAgain(hook.id()))) {
                continue;
            }
            boolean changed = ask(hook, seen);
            if (changed) {
                asked.changed();
                write.rounds().want();
            }
            if (Tree.text(hook.webhook(), "reinvocationPolicy").equals("IfNeeded")) {
                asked.mayAskAgain(hook.id());
            }
        }
    }

    private boolean ask(Hook hook, Seen seen) {
        Admitting write = seen.write();
        String place = "round_" + (write.rounds().second() ? 1 : 0) + "_index_" + hook.index();
        boolean changed = false;
        try {
            JsonNode response = webhooks.ask(hook, seen, true);
            Webhooks.heed(hook, write, response);
            changed = patch(hook, seen, response);
        } catch (WebhookCaller.FailedException e) {
            Webhooks.failed(hook, write, e, FAILED + place);
        } finally {
            ObjectNode said = JsonNodeFactory.instance
                    .objectNode()
                    .put("configuration", hook.configuration())
                    .put("webhook", hook.name())
                    .put("mutated", changed);
            write.intent().annotations().accept(DOMAIN + place, said.toString());
        }
        return changed;
    }

    private boolean patch(Hook hook, Seen seen, JsonNode response) throws WebhookCaller.FailedException {
        String patch = Tree.text(response, "patch");
        if (patch.isEmpty()) {
            return false;
        }
        JsonNode operations;
        try {
            operations = Trees.mapper().readTree(Base64.getDecoder().decode(patch));
        } catch (IOException | IllegalArgumentException e) {
            String why = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
            throw new WebhookCaller.FailedException("received undecodable patch in webhook response: " + why);
        }
        if (!operations.isArray()) {
            throw new WebhookCaller.FailedException(
                    "received undecodable patch in webhook response: a patch is an array of operations");
        }
        if (operations.isEmpty()) {
            return false;
        }
        ObjectNode shown = seen.object();
        ObjectNode object = seen.write().object();
        if (shown == null || object == null) {
            throw Errors.internal("admission webhook \"" + hook.name()
                    + "\" attempted to modify the object, which is not supported for this operation");
        }
        String type = Tree.text(response, "patchType");
        if (!type.isEmpty() && !type.equals("JSONPatch")) {
            throw new WebhookCaller.FailedException("unsupported patch type \"" + type + "\"");
        }
        return apply(hook, seen, shown, object, operations);
    }

    private boolean apply(Hook hook, Seen seen, ObjectNode shown, ObjectNode object, JsonNode operations) {
        JsonNode patched;
        try {
            patched = JsonPatch.apply(shown, operations);
        } catch (PatchException e) {
            throw Errors.internal(String.valueOf(e.getMessage()));
        }
        if (!(patched instanceof ObjectNode changed)) {
            throw Errors.internal("webhook \"" + hook.name() + "\" makes no object");
        }
        ObjectNode stored;
        try {
            stored = webhooks.forms().back(seen, changed);
        } catch (StatusException e) {
            throw Errors.internal(
                    "webhook \"" + hook.name() + "\" makes an object that can't be read: " + e.getMessage());
        }
        if (stored.equals(object)) {
            return false;
        }
        object.removeAll();
        object.setAll(stored);
        return true;
    }
}
