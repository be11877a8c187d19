package dev.kite.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.request.Errors;
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

    static Continue parse(String token) {
        try {
            JsonNode tree = Trees.mapper().readTree(Base64.getUrlDecoder().decode(token));
            long revision = tree.path("rv").asLong(0);
            String start = tree.path("start").asText("");
            boolean sane = tree.path("v").asText("").equals(FORM) && revision != 0 && revision >= -1;
            if (sane && !start.isEmpty() && !start.contains("..") && !start.startsWith("/")) {
                return new Continue(revision, start);
            }
        } catch (IllegalArgumentException | IOException _) {
            // said below
        }
        throw Errors.badRequest("invalid continue token");
    }

    String token() {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("v", FORM).put("rv", revision).put("start", start);
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(tree.toString().getBytes(StandardCharsets.UTF_8));
    }
}
