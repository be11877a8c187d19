package dev.kite.apiserver.aggregation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Where remote servers' OpenAPI v3 documents are; of what they say only their own group version counts. Thread-safe. */
final class RemoteSpecs {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int LIMIT = 1024 * 1024;
    private static final String ROOT = "/openapi/v3/";

    private final ApiServices services;
    private final Look look;
    private final RemoteAnswers<String> answers;

    RemoteSpecs(ApiServices services, Look look) {
        this.services = services;
        this.look = look;
        this.answers = new RemoteAnswers<>(services, "OpenAPI v3 index", false, this::address);
    }

    /** The addresses of documents by the names that the index shows them under. */
    Map<String, String> addresses() {
        Map<String, ApiService> remote = services.remote();
        if (remote.isEmpty()) {
            return Map.of();
        }
        answers.refresh(remote.values());
        Map<String, String> all = new TreeMap<>();
        for (ApiService service : remote.values()) {
            String address = answers.of(service);
            if (address != null) {
                all.put(service.path().substring(1), address);
            }
        }
        return all;
    }

    private @Nullable String address(ApiService service) throws IOException {
        Look.Seen seen = look.get(service, "/openapi/v3", "application/json", "", PATIENCE, LIMIT);
        if (seen.status() != 200) {
            return null;
        }
        JsonNode index = Trees.mapper().readTree(seen.body());
        String name = service.path().substring(1);
        String address = Tree.text(index, "paths", name, "serverRelativeURL");
        // Where else it leads is none of this server's paths.
        return address.startsWith(ROOT + name) && address.length() < 1024 ? address : null;
    }
}
