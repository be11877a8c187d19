package dev.kite.apiserver.conversion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.harness.Api;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.webhook.HookedApi;
import dev.kite.apiserver.webhook.HttpsCaller;
import dev.kite.apiserver.webhook.TestWebhook;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.function.UnaryOperator;

/** The API with Routes, whose v1 says {@code hostPort: "a:1"} and whose v2 says {@code host: a} and {@code port: "1"}, and a webhook that knows both. */
final class ConversionFixture implements AutoCloseable {
    static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    static final String V1 = "/apis/example.com/v1/namespaces/default/routes";
    static final String V2 = "/apis/example.com/v2/namespaces/default/routes";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    final TestWebhook hook;
    final Api api;
    private final HookedApi with;
    /** What the webhook does with an answer that is right. */
    volatile UnaryOperator<ObjectNode> lie = UnaryOperator.identity();

    ConversionFixture(Path folder, KeyStore keys) throws Exception {
        with = new HookedApi(folder, keys, (clients, lookups) -> new HttpsCaller(clients, lookups, 2));
        hook = with.hook();
        api = with.api();
        hook.on(
                "/convert",
                (review, exchange) -> TestWebhook.send(
                        exchange, 200, lie.apply(convert(review)).toString()));
    }

    static String definition(String conversion, String storage) {
        return """
                metadata: {name: routes.example.com}
                spec:
                  group: example.com
                  scope: Namespaced
                  names: {plural: routes, kind: Route}
                  conversion: %s
                  versions:
                  - name: v1
                    served: true
                    storage: %s
                    subresources:
                      status: {}
                      scale: {specReplicasPath: .spec.count, statusReplicasPath: .status.count}
                    selectableFields: [{jsonPath: .spec.hostPort}]
                    schema:
                      openAPIV3Schema:
                        type: object
                        properties:
                          spec:
                            type: object
                            properties:
                              hostPort: {type: string, pattern: '^.+:.+$'}
                              count: {type: integer}
                              color: {type: string, default: red}
                          status: {type: object, properties: {count: {type: integer}, ok: {type: boolean}}}
                  - name: v2
                    served: true
                    storage: %s
                    subresources:
                      status: {}
                      scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas}
                    selectableFields: [{jsonPath: .spec.host}]
                    additionalPrinterColumns: [{name: Host, type: string, jsonPath: .spec.host}]
                    schema:
                      openAPIV3Schema:
                        type: object
                        properties:
                          spec:
                            type: object
                            properties:
                              host: {type: string}
                              port: {type: string}
                              replicas: {type: integer}
                              color: {type: string}
                              size: {type: string, default: small}
                          status: {type: object, properties: {replicas: {type: integer}, ok: {type: boolean}}}
                """.formatted(conversion, storage.equals("v1"), storage.equals("v2"));
    }

    String webhook() {
        return webhook("[v1]");
    }

    String webhook(String versions) {
        return "{strategy: Webhook, webhook: {conversionReviewVersions: " + versions + ", clientConfig: {url: '"
                + hook.url("/convert") + "', caBundle: " + hook.bundle() + "}}}";
    }

    void define(String storage) {
        api.post(DEFINITIONS, definition(webhook(), storage)).expect(201);
    }

    /** Changes the version in which Routes are stored. */
    void store(String storage) {
        api.patch(
                        DEFINITIONS + "/routes.example.com",
                        "application/json-patch+json",
                        "[{\"op\":\"replace\",\"path\":\"/spec/versions/0/storage\",\"value\":" + storage.equals("v1")
                                + "},{\"op\":\"replace\",\"path\":\"/spec/versions/1/storage\",\"value\":"
                                + storage.equals("v2") + "}]")
                .expect(200);
    }

    Api.Answer v1(String name, String hostPort) {
        return api.post(V1, "metadata: {name: " + name + "}\nspec: {hostPort: '" + hostPort + "'}");
    }

    Api.Answer v2(String name, String host, String port) {
        return api.post(V2, "metadata: {name: " + name + "}\nspec: {host: " + host + ", port: '" + port + "'}");
    }

    /** What lies in the store under a name. */
    JsonNode stored(String name) {
        var entry = api.store().get("/registry/example.com/routes/default/" + name);
        if (entry == null) {
            throw new AssertionError("nothing is stored as " + name);
        }
        return Trees.parse(entry.bytes());
    }

    static ObjectNode convert(ObjectNode review) {
        String wanted = review.at("/request/desiredAPIVersion").asText();
        ObjectNode answer = MAPPER.createObjectNode();
        answer.set("apiVersion", review.get("apiVersion"));
        answer.set("kind", review.get("kind"));
        ObjectNode response = answer.putObject("response");
        response.set("uid", review.at("/request/uid"));
        response.putObject("result").put("status", "Success");
        ArrayNode converted = response.putArray("convertedObjects");
        for (JsonNode object : review.at("/request/objects")) {
            ObjectNode other = ((ObjectNode) object.deepCopy()).put("apiVersion", wanted);
            converted.add(other);
            boolean up = wanted.endsWith("/v2");
            if (other.get("spec") instanceof ObjectNode spec) {
                spec(spec, up);
            }
            if (other.get("status") instanceof ObjectNode status) {
                rename(status, up ? "count" : "replicas", up ? "replicas" : "count");
            }
        }
        return answer;
    }

    private static void spec(ObjectNode spec, boolean up) {
        if (up && spec.has("hostPort")) {
            String[] both = spec.remove("hostPort").asText().split(":", 2);
            spec.put("host", both[0]).put("port", both[1]);
        } else if (!up && spec.has("host")) {
            spec.put(
                    "hostPort",
                    spec.remove("host").asText() + ":" + spec.path("port").asText());
            spec.remove("port");
        }
        rename(spec, up ? "count" : "replicas", up ? "replicas" : "count");
        spec.put("extra", "no schema knows this");
    }

    private static void rename(ObjectNode object, String from, String to) {
        if (object.has(from)) {
            object.set(to, object.remove(from));
        }
    }

    @Override
    public void close() {
        with.close();
    }
}
