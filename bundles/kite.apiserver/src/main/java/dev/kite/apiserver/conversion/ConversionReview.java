package dev.kite.apiserver.conversion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import dev.kite.apiserver.webhook.WebhookCaller.FailedException;
import java.util.ArrayList;
import java.util.List;

/** Makes ConversionReviews (apiextensions.k8s.io v1 and v1beta1), and reads their answers. Stateless. */
final class ConversionReview {
    private static final String GROUP = "apiextensions.k8s.io/";
    private static final String KIND = "ConversionReview";

    private ConversionReview() {}

    /** The first version of reviews that a webhook knows and that is known here, empty where there is none. */
    static String version(ObjectNode webhook) {
        return Tree.texts(webhook, "conversionReviewVersions").stream()
                .filter(version -> version.equals("v1") || version.equals("v1beta1"))
                .findFirst()
                .orElse("");
    }

    static ObjectNode of(String version, String uid, String desired, List<ObjectNode> objects) {
        ObjectNode review = JsonNodeFactory.instance.objectNode();
        review.put("kind", KIND).put("apiVersion", GROUP + version);
        ObjectNode request = review.putObject("request").put("uid", uid).put("desiredAPIVersion", desired);
        ArrayNode list = request.putArray("objects");
        objects.forEach(list::add);
        return review;
    }

    /** The converted objects of an answer, unchecked. */
    static List<JsonNode> converted(String version, String uid, ObjectNode answer) throws FailedException {
        String apiVersion = Tree.text(answer, "apiVersion");
        String kind = Tree.text(answer, "kind");
        if (version.equals("v1") && !(apiVersion.equals(GROUP + "v1") && kind.equals(KIND))) {
            throw new FailedException("expected webhook response of " + GROUP + "v1, Kind=" + KIND + ", got "
                    + (apiVersion.isEmpty() ? "/" : apiVersion) + ", Kind=" + kind);
        }
        JsonNode response = answer.path("response");
        if (!response.isObject()) {
            throw new FailedException("no response provided");
        }
        String got = Tree.text(response, "uid");
        if (version.equals("v1") && !got.equals(uid)) {
            throw new FailedException("expected response.uid=\"" + uid + "\", got \"" + got + "\"");
        }
        String status = Tree.text(response, "result", "status");
        if (!status.equals("Success")) {
            String message = Tree.text(response, "result", "message");
            throw new FailedException(
                    message.isEmpty() ? "response.result.status was '" + status + "', not 'Success'" : message);
        }
        List<JsonNode> objects = new ArrayList<>();
        response.path("convertedObjects").forEach(objects::add);
        return objects;
    }
}
