package dev.kite.apiserver.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.apiserver.harness.Api;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Every operation that the served OpenAPI v3 documents name. */
final class Operations {
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete", "head", "options");

    private Operations() {}

    /**
     * An operation.
     *
     * @param method in upper case
     * @param template the path with its parameters in braces
     * @param schema of the body, absent where it takes none
     * @param components the schemas that it refers to
     * @param query the names of its query parameters
     */
    record Operation(String method, String template, JsonNode schema, JsonNode components, List<String> query) {
        String path(String namespace, String name) {
            return template.replace("{namespace}", namespace)
                    .replace("{name}", name)
                    .replaceAll("\\{[a-z]+}", "x");
        }

        boolean named() {
            return template.contains("{name}");
        }

        boolean connects() {
            return template.endsWith("/proxy")
                    || template.contains("/proxy/")
                    || template.endsWith("/exec")
                    || template.endsWith("/attach")
                    || template.endsWith("/portforward");
        }

        boolean watches() {
            return template.contains("/watch/");
        }
    }

    static List<Operation> of(Api api) {
        List<Operation> found = new ArrayList<>();
        Map<String, JsonNode> groups = new TreeMap<>();
        api.get("/openapi/v3")
                .expect(200)
                .json()
                .path("paths")
                .properties()
                .forEach(group -> groups.put(group.getKey(), group.getValue()));
        groups.values().forEach(group -> {
            JsonNode document = api.get(group.path("serverRelativeURL").asText())
                    .expect(200)
                    .json();
            JsonNode schemas = document.path("components").path("schemas");
            document.path("paths").properties().forEach(path -> add(path.getKey(), path.getValue(), schemas, found));
        });
        return List.copyOf(found);
    }

    private static void add(String template, JsonNode item, JsonNode schemas, List<Operation> found) {
        item.properties().forEach(entry -> {
            if (!METHODS.contains(entry.getKey())) {
                return;
            }
            List<String> query = new ArrayList<>();
            names(item.path("parameters"), query);
            names(entry.getValue().path("parameters"), query);
            JsonNode content = entry.getValue().path("requestBody").path("content");
            JsonNode schema =
                    content.isEmpty() ? content : content.iterator().next().path("schema");
            found.add(new Operation(
                    entry.getKey().toUpperCase(java.util.Locale.ROOT), template, schema, schemas, List.copyOf(query)));
        });
    }

    private static void names(JsonNode parameters, List<String> query) {
        for (JsonNode parameter : parameters) {
            if (parameter.path("in").asText().equals("query")) {
                query.add(parameter.path("name").asText());
            }
        }
    }
}
