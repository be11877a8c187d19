package dev.kite.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.storage.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Where a list goes on: Kubernetes' continue token, base64 of {@code {"v":"meta.k8s.io/v1","rv":5,"start":"ns/name\u0000"}}.
 *
 * @param revision the revision that the list is of, -1 for the newest
 * @param start the first key behind the last object, without the list's prefix
 */
record Continue(long revision, String start) {
    private static final String FORM = "meta.k8s.io/v1";

    /**
     * Reads a token.
     *
     * @throws dev.kite.apiserver.request.StatusException 400 where it is none of ours, and why
     */
    static Continue parse(String token) {
        JsonNode tree = tree(token);
        String form = tree.path("v").asText("");
        if (!form.equals(FORM)) {
            throw invalid("server does not recognize this encoded version " + form);
        }
        long revision = tree.path("rv").asLong(0);
        if (revision == 0 || revision < -1) {
            throw invalid("incorrect encoded start resourceVersion (version " + FORM + ")");
        }
        String start = tree.path("start").asText("");
        if (start.isEmpty()) {
            throw invalid("empty encoded start key (version " + FORM + ")");
        }
        if (start.contains("..") || start.startsWith("/")) {
            throw invalid("invalid encoded start key (version " + FORM + ")");
        }
        return new Continue(revision, start);
    }

    private static JsonNode tree(String token) {
        try {
            return Trees.mapper().readTree(Base64.getUrlDecoder().decode(token));
        } catch (IllegalArgumentException | IOException e) {
            throw invalid(String.valueOf(e.getMessage()).lines().findFirst().orElse("it is no JSON"));
        }
    }

    private static StatusException invalid(String why) {
        return Errors.badRequest("invalid continue token: continue key is not valid: " + why);
    }

    String token() {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("v", FORM).put("rv", revision).put("start", start);
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(tree.toString().getBytes(StandardCharsets.UTF_8));
    }
}
