package dev.kite.apiserver.subresource;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.health.HealthCheck;
import dev.kite.api.health.HealthCheck.Health;
import dev.kite.apiserver.registry.Answers;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.registry.Verb;
import dev.kite.apiserver.request.Call;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** ComponentStatuses: made of the health checks at each request, never stored. */
public final class ComponentStatuses implements Verb {
    private final Supplier<List<HealthCheck>> checks;
    private final Answers answers;

    /**
     * The verb.
     *
     * @param checks the checks at this moment
     * @param answers writes answers
     */
    public ComponentStatuses(Supplier<List<HealthCheck>> checks, Answers answers) {
        this.checks = checks;
        this.answers = answers;
    }

    @Override
    public void serve(Call call, ApiResource resource) throws IOException {
        call.warn("v1 ComponentStatus is deprecated in v1.19+");
        List<ObjectNode> all = new ArrayList<>();
        checks.get().forEach(check -> all.add(status(check)));
        String name = call.info().name();
        if (name.isEmpty()) {
            answers.list(call, resource, all);
            return;
        }
        ObjectNode one = all.stream()
                .filter(status -> status.path("metadata").path("name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> resource.notFound(name));
        answers.object(call, resource, 200, one);
    }

    private static ObjectNode status(HealthCheck check) {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("apiVersion", "v1").put("kind", "ComponentStatus");
        status.putObject("metadata").put("name", check.name()).putNull("creationTimestamp");
        ArrayNode conditions = status.putArray("conditions");
        ObjectNode condition = conditions.addObject().put("type", "Healthy");
        switch (check.check()) {
            case Health.Healthy _ -> condition.put("status", "True").put("message", "ok");
            case Health.Unhealthy unhealthy -> condition.put("status", "False").put("message", unhealthy.reason());
        }
        return status;
    }
}
