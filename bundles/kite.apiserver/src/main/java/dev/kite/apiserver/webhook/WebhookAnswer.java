package dev.kite.apiserver.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import dev.kite.apiserver.webhook.WebhookCaller.FailedException;
import java.io.IOException;

/** Reads what a webhook answers, or says why that is no review, in client-go's words. Stateless. */
final class WebhookAnswer {
    private WebhookAnswer() {}

    static ObjectNode read(int status, String contentType, byte[] body) throws FailedException {
        // Redirects are answers as others: who a webhook is, is its configuration's to say.
        if (status < 200 || status > 206) {
            throw new FailedException(refusal(status, body));
        }
        if (body.length == 0) {
            throw new FailedException(
                    "0-length response with status code: " + status + " and content type: " + contentType);
        }
        try {
            if (Trees.mapper().readTree(body) instanceof ObjectNode answer) {
                return answer;
            }
        } catch (JsonProcessingException e) {
            throw new FailedException("the answer can't be read: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new FailedException("the answer can't be read: " + e.getMessage());
        }
        throw new FailedException("the answer is no object");
    }

    private static String refusal(int status, byte[] body) {
        String own = message(body);
        if (!own.isEmpty()) {
            return own;
        }
        if (status == 404) {
            return "the server could not find the requested resource";
        }
        return status >= 500
                ? "an error on the server (\"unknown\") has prevented the request from succeeding"
                : "the server rejected our request: status " + status;
    }

    /** What a Status says, empty where the body is none. */
    private static String message(byte[] body) {
        try {
            JsonNode tree = Trees.mapper().readTree(body);
            return Tree.text(tree, "kind").equals("Status") ? Tree.text(tree, "message") : "";
        } catch (IOException _) {
            return "";
        }
    }
}
