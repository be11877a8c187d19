package dev.kite.apiserver.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.tree.Tree;
import java.util.List;
import java.util.Map;

/** Makes AdmissionReviews (admission.k8s.io v1 and v1beta1), and reads their answers. Stateless. */
public final class Review {
    private static final String GROUP = "admission.k8s.io/";

    private Review() {}

    /** The newest version of reviews that a webhook knows, empty if it knows none that is known here. */
    static String version(ObjectNode webhook) {
        return Tree.texts(webhook, "admissionReviewVersions").stream()
                .filter(version -> version.equals("v1") || version.equals("v1beta1"))
                .findFirst()
                .orElse("");
    }

    static ObjectNode of(String version, String uid, Seen seen) {
        ObjectNode review = JsonNodeFactory.instance.objectNode();
        review.put("kind", "AdmissionReview").put("apiVersion", GROUP + version);
        ObjectNode request = review.putObject("request").put("uid", uid);
        request.setAll(request(seen));
        request.set("object", seen.object());
        request.set("oldObject", seen.old());
        ObjectNode options = seen.write().namedOptions();
        request.set("options", options);
        return review;
    }

    /**
     * What a request says of itself, but for its uid, objects and options: CEL's {@code request}, too.
     *
     * @param seen the write
     * @return the fields
     */
    public static ObjectNode request(Seen seen) {
        Admitting write = seen.write();
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        kind(request.putObject("kind"), seen.kind());
        resource(request.putObject("resource"), seen.as());
        if (!write.subresource().isEmpty()) {
            request.put("subResource", write.subresource());
        }
        kind(request.putObject("requestKind"), write.kind());
        resource(request.putObject("requestResource"), write.resource());
        if (!write.subresource().isEmpty()) {
            request.put("requestSubResource", write.subresource());
        }
        if (!write.name().isEmpty()) {
            request.put("name", write.name());
        }
        if (!write.namespace().isEmpty()) {
            request.put("namespace", write.namespace());
        }
        request.put("operation", write.operation().name());
        user(request.putObject("userInfo"), write);
        request.put("dryRun", write.intent().dryRun());
        return request;
    }

    private static void kind(ObjectNode into, Admitting.Kind kind) {
        into.put("group", kind.group()).put("version", kind.version()).put("kind", kind.kind());
    }

    private static void resource(ObjectNode into, ApiResource resource) {
        into.put("group", resource.group()).put("version", resource.version()).put("resource", resource.plural());
    }

    private static void user(ObjectNode into, Admitting write) {
        into.put("username", write.intent().user().name());
        if (!write.intent().user().uid().isEmpty()) {
            into.put("uid", write.intent().user().uid());
        }
        ArrayNode groups = into.putArray("groups");
        write.intent().user().groups().forEach(groups::add);
        if (!write.intent().user().extra().isEmpty()) {
            ObjectNode extra = into.putObject("extra");
            for (Map.Entry<String, List<String>> entry :
                    write.intent().user().extra().entrySet()) {
                entry.getValue().forEach(extra.putArray(entry.getKey())::add);
            }
        }
    }

    /** Finds the response in an answer, or says what is wrong with it. */
    static JsonNode response(String version, String uid, boolean mutating, ObjectNode answer)
            throws WebhookCaller.FailedException {
        JsonNode response = answer.path("response");
        if (!response.isObject()) {
            throw invalid("webhook response was absent");
        }
        if (version.equals("v1beta1")) {
            return response;
        }
        String got = Tree.text(response, "uid");
        if (!got.equals(uid)) {
            throw invalid("expected response.uid=\"" + uid + "\", got \"" + got + "\"");
        }
        String apiVersion = Tree.text(answer, "apiVersion");
        String kind = Tree.text(answer, "kind");
        if (!apiVersion.equals(GROUP + "v1") || !kind.equals("AdmissionReview")) {
            throw invalid("expected webhook response of " + GROUP + "v1, Kind=AdmissionReview, got " + apiVersion
                    + ", Kind=" + kind);
        }
        boolean patch = !Tree.text(response, "patch").isEmpty();
        boolean type = Tree.has(response, "patchType");
        if (!mutating && (patch || type)) {
            throw invalid("validating webhook may not return response." + (patch ? "patch" : "patchType"));
        }
        if (patch && !type) {
            throw invalid("webhook returned response.patch but not response.patchType");
        }
        if (type && !patch) {
            throw invalid("webhook returned response.patchType but not response.patch");
        }
        if (type && Tree.text(response, "patchType").isEmpty()) {
            throw invalid("webhook returned invalid response.patchType of \"\"");
        }
        return response;
    }

    private static WebhookCaller.FailedException invalid(String why) {
        return new WebhookCaller.FailedException("received invalid webhook response: " + why);
    }
}
