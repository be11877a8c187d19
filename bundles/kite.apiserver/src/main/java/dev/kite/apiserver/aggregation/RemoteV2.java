package dev.kite.apiserver.aggregation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.openapi.OtherSpec;
import dev.kite.apiserver.storage.Trees;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What remote servers say of themselves in OpenAPI v2; who doesn't answer is left out, or shown as last seen while it is available. Thread-safe. */
final class RemoteV2 {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int LIMIT = 8 * 1024 * 1024;

    private final ApiServices services;
    private final Look look;
    private final RemoteAnswers<OtherSpec> answers;

    RemoteV2(ApiServices services, Look look) {
        this.services = services;
        this.look = look;
        this.answers = new RemoteAnswers<>(services, "OpenAPI v2", true, this::spec);
    }

    /** What is known, in order of the APIServices' names. */
    List<OtherSpec> specs() {
        Map<String, ApiService> remote = services.remote();
        if (remote.isEmpty()) {
            answers.forget();
            return List.of();
        }
        answers.refresh(remote.values());
        return remote.values().stream()
                .map(answers::of)
                .filter(Objects::nonNull)
                .sorted(Comparator.comparing(OtherSpec::name))
                .toList();
    }

    private @Nullable OtherSpec spec(ApiService service) throws IOException {
        Look.Seen seen = look.get(service, "/openapi/v2", "application/json", "", PATIENCE, LIMIT);
        if (seen.status() != 200 || !(Trees.mapper().readTree(seen.body()) instanceof ObjectNode document)) {
            return null;
        }
        return OtherSpec.of(service.name(), service.path(), seen.body(), document);
    }
}
