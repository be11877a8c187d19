package dev.kite.apiserver.conversion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.custom.CustomVersions;
import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.request.StatusException.Details;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import dev.kite.apiserver.webhook.WebhookCaller;
import dev.kite.apiserver.webhook.WebhookCaller.FailedException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Has objects converted by a definition's webhook, and believes of its answer what it may say. Thread-safe. */
final class WebhookConversion {
    private final @Nullable WebhookCaller caller;

    WebhookConversion(@Nullable WebhookCaller caller) {
        this.caller = caller;
    }

    /**
     * Converts objects that are all in other versions than the one that is wanted.
     *
     * @param versions their kind's versions
     * @param webhook how it is asked
     * @param objects the objects, at least one; not changed
     * @param wanted group and version
     * @return the objects, in their order
     * @throws StatusException 500 where the webhook does not do it
     */
    List<ObjectNode> convert(CustomVersions versions, ObjectNode webhook, List<ObjectNode> objects, String wanted) {
        String subject = "conversion webhook for " + kind(objects.getFirst()) + " ";
        List<JsonNode> answered;
        try {
            answered = ask(versions, webhook, objects, wanted);
        } catch (FailedException e) {
            throw failure(subject + "failed: " + e.getMessage());
        }
        if (answered.size() != objects.size()) {
            throw failure(subject + "returned " + answered.size() + " objects, expected " + objects.size());
        }
        List<ObjectNode> converted = new ArrayList<>();
        for (int i = 0; i < objects.size(); i++) {
            converted.add(checked(subject, objects, i, answered.get(i), wanted));
        }
        return converted;
    }

    private List<JsonNode> ask(CustomVersions versions, ObjectNode webhook, List<ObjectNode> objects, String wanted)
            throws FailedException {
        String version = ConversionReview.version(webhook);
        if (version.isEmpty()) {
            throw failure("no supported conversion review versions");
        }
        if (caller == null) {
            throw new FailedException("this server reaches no webhooks");
        }
        String uid = UUID.randomUUID().toString();
        // Which revision an object has is not part of what is stored, nor of what is converted.
        List<ObjectNode> bare = objects.stream().map(WebhookConversion::bare).toList();
        ObjectNode answer = caller.convert(
                "conversion_webhook_for_" + versions.definition(),
                webhook,
                ConversionReview.of(version, uid, wanted, bare));
        return ConversionReview.converted(version, uid, answer);
    }

    private static ObjectNode bare(ObjectNode object) {
        if (!Tree.has(object, "metadata", "resourceVersion")) {
            return object;
        }
        ObjectNode copy = object.deepCopy();
        Trees.metadata(copy).remove("resourceVersion");
        return copy;
    }

    private interface Check {
        void run() throws FailedException;
    }

    private static ObjectNode checked(
            String subject, List<ObjectNode> objects, int index, JsonNode answered, String wanted) {
        // Of one object and of several upstream speaks in different words.
        boolean many = objects.size() > 1;
        String at = "invalid converted object at index " + index;
        ObjectNode original = objects.get(index);
        ObjectNode converted;
        try {
            converted = Converted.read(answered);
        } catch (FailedException e) {
            throw failure(many ? subject + "returned " + at + ": " + e.getMessage() : String.valueOf(e.getMessage()));
        }
        check(subject, many ? at : "invalid object at index 0", () -> Converted.kind(original, converted, wanted));
        check(subject, many ? at : "invalid object", () -> Converted.identity(original, converted));
        check(
                subject,
                "invalid metadata" + (many ? " in object at index " + index : ""),
                () -> Converted.restore(original, converted));
        return converted;
    }

    private static void check(String subject, String what, Check check) {
        try {
            check.run();
        } catch (FailedException e) {
            throw failure(subject + "returned " + what + ": " + e.getMessage());
        }
    }

    private static String kind(ObjectNode object) {
        return Tree.text(object, "apiVersion") + ", Kind=" + Tree.text(object, "kind");
    }

    /** A failure in the server's own words, as upstream answers: without a reason for programs. */
    static StatusException failure(String message) {
        return new StatusException(500, "", message, Details.NONE);
    }
}
