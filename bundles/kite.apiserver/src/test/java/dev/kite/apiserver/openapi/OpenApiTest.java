package dev.kite.apiserver.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.discovery.BuiltInCatalog;
import dev.kite.apiserver.discovery.Catalog;
import dev.kite.apiserver.openapi.OpenApi.Answer;
import dev.kite.apiserver.tree.Reference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class OpenApiTest {
    private static final Catalog.Group CUSTOM = new Catalog.Group(
            "stable.example.com",
            List.of(new Catalog.Version(
                    "v1",
                    true,
                    List.of(new Catalog.Resource(
                            "crontabs",
                            "crontab",
                            "CronTab",
                            true,
                            List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"),
                            List.of(),
                            List.of(),
                            "stable.example.com/v1/CronTab",
                            List.of(new Catalog.Subresource(
                                    "scale", "autoscaling", "v1", "Scale", List.of("get", "patch", "update"))))))));

    private static final CustomSchemas SCHEMAS = (group, version, kind) -> kind.equals("CronTab")
            ? Reference.object(
                    "{'type':'object','properties':{'spec':{'type':'object','properties':{'n':{'anyOf':[{'type':'integer'}],'x-kubernetes-int-or-string':true},"
                            + "'default':{'type':'string','enum':['a','b'],'default':'a'}}}}}")
            : null;

    private static OpenApi server() {
        List<Catalog.Group> groups = new ArrayList<>(BuiltInCatalog.make().groups());
        groups.add(CUSTOM);
        return new OpenApi(new BuiltInCatalog(1, groups), SCHEMAS);
    }

    private final OpenApi openApi = server();

    private JsonNode document(String path) {
        return parse(
                (Answer.Content) openApi.answer(path, "application/json", null).orElseThrow());
    }

    private static JsonNode parse(Answer.Content content) {
        try {
            return new ObjectMapper().readTree(content.plain());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void theIndexLeadsToEveryDocument() {
        JsonNode paths = document("/openapi/v3").path("paths");
        assertThat(paths.has("api/v1")).isTrue();
        assertThat(paths.has("apis/stable.example.com/v1")).isTrue();
        paths.properties().forEach(e -> {
            String address = e.getValue().path("serverRelativeURL").asText();
            assertThat(address).startsWith("/openapi/v3/" + e.getKey() + "?hash=");
        });
        String address = paths.at("/apis~1apps~1v1/serverRelativeURL").asText();
        String hash = address.substring(address.indexOf('=') + 1);
        Answer.Content apps = (Answer.Content) openApi.answer("/openapi/v3/apis/apps/v1", "application/json", hash)
                .orElseThrow();
        assertThat(apps.lasting()).isTrue();
        assertThat(apps.etag()).isEqualTo("\"" + hash + "\"");
        assertThat(openApi.answer("/openapi/v3/apis/apps/v1", "application/json", "OLD"))
                .contains(new Answer.Moved(address));
        assertThat(parse((Answer.Content) openApi.answer("/openapi/v3/apis/apps", null, null)
                                .orElseThrow())
                        .path("paths")
                        .has("/apis/apps/"))
                .isTrue();
    }

    /** Paths, methods, operationIds, actions, kinds, parameters, bodies and answers of every built-in group version, against Kubernetes' own. */
    @Test
    void pathsAreKubernetes() {
        List<String> differences = new ArrayList<>();
        for (Catalog.Group group : BuiltInCatalog.make().groups()) {
            for (Catalog.Version version : group.versions()) {
                String name = group.name().isEmpty() ? "api/v1" : "apis/" + group.name() + "/" + version.name();
                Map<String, String> expected =
                        operations(Reference.json("openapi-v3/" + name.replace("/", "__") + "_openapi.json"));
                Map<String, String> ours = operations(document("/openapi/v3/" + name));
                assertThat(expected).as(name).isNotEmpty();
                expected.forEach((key, value) -> {
                    if (!value.equals(ours.get(key))) {
                        differences.add(key + ": " + value + ", we say " + ours.get(key));
                    }
                });
                ours.keySet().stream()
                        .filter(k -> !expected.containsKey(k))
                        .forEach(k -> differences.add("only ours: " + k));
            }
        }
        assertThat(differences).isEmpty();
    }

    /** One line an operation. Watch paths, proxies' deeper paths, HEAD and OPTIONS are left out: we do not describe them; nor CBOR, nor alpha's shards. */
    private static Map<String, String> operations(JsonNode document) {
        Map<String, String> found = new TreeMap<>();
        document.path("paths").properties().forEach(path -> {
            if (path.getKey().contains("/watch/") || path.getKey().endsWith("/{path}")) {
                return;
            }
            path.getValue().properties().forEach(e -> {
                if (!Set.of("parameters", "head", "options").contains(e.getKey())) {
                    found.put(path.getKey() + " " + e.getKey(), line(path.getValue(), e.getValue()));
                }
            });
        });
        return found;
    }

    private static String line(JsonNode item, JsonNode operation) {
        TreeSet<String> parameters = new TreeSet<>();
        for (JsonNode list : List.of(item.path("parameters"), operation.path("parameters"))) {
            list.forEach(p -> parameters.add(p.path("name").asText() + ":"
                    + p.path("in").asText() + ":" + p.at("/schema/type").asText()));
        }
        parameters.remove("shardSelector:query:string");
        TreeSet<String> body = new TreeSet<>();
        operation
                .at("/requestBody/content")
                .properties()
                .forEach(e ->
                        body.add(e.getKey() + e.getValue().at("/schema/$ref").asText()));
        body.removeIf(type -> type.contains("cbor"));
        TreeSet<String> answers = new TreeSet<>();
        operation
                .path("responses")
                .properties()
                .forEach(e -> answers.add(e.getKey()
                        + e.getValue()
                                .path("content")
                                .path("application/json")
                                .at("/schema/$ref")
                                .asText()));
        JsonNode kind = operation.path("x-kubernetes-group-version-kind");
        return operation.path("operationId").asText() + " "
                + operation.path("x-kubernetes-action").asText() + " "
                + kind.path("group").asText() + "/" + kind.path("version").asText() + "/"
                + kind.path("kind").asText() + " " + operation.path("tags") + " " + parameters + " " + body + " "
                + answers;
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        document("/openapi/v3").path("paths").properties().forEach(e -> {
            JsonNode document = document("/openapi/v3/" + e.getKey());
            document.findValuesAsText("$ref").forEach(ref -> {
                if (ref.startsWith("#")) {
                    assertThat(document.at(ref.substring(1)).isObject())
                            .as(e.getKey() + " " + ref)
                            .isTrue();
                }
            });
        });
    }

    @Test
    void customKindsAreDescribed() {
        JsonNode document = document("/openapi/v3/apis/stable.example.com/v1");
        JsonNode type = document.at("/components/schemas/com.example.stable.v1.CronTab");
        assertThat(type.at("/properties/spec/properties/default/default").asText())
                .isEqualTo("a");
        assertThat(type.at("/properties/metadata/allOf/0/$ref").asText()).endsWith("ObjectMeta");
        assertThat(type.at("/x-kubernetes-group-version-kind/0/kind").asText()).isEqualTo("CronTab");
        assertThat(document.at("/components/schemas/com.example.stable.v1.CronTabList/properties/items/items/$ref")
                        .asText())
                .endsWith("v1.CronTab");
        JsonNode patch =
                document.at("/paths/~1apis~1stable.example.com~1v1~1namespaces~1{namespace}~1crontabs~1{name}/patch");
        assertThat(patch.at("/requestBody/content").has("application/strategic-merge-patch+json"))
                .isFalse();
        assertThat(patch.path("operationId").asText()).isEqualTo("patchStableExampleComV1NamespacedCronTab");
        assertThat(document.at("/components/schemas/io.k8s.api.autoscaling.v1.Scale")
                        .isObject())
                .isTrue();
    }

    @Test
    void theOlderDocumentHoldsAllDefinitions() {
        JsonNode document = document("/openapi/v2");
        assertThat(document.path("swagger").asText()).isEqualTo("2.0");
        assertThat(document.at("/definitions/io.k8s.api.apps.v1.Deployment/properties/spec/$ref")
                        .asText())
                .isEqualTo("#/definitions/io.k8s.api.apps.v1.DeploymentSpec");
        assertThat(document.at("/definitions/io.k8s.apimachinery.pkg.api.resource.Quantity/type")
                        .asText())
                .isEqualTo("string");
        assertThat(document.at("/definitions/com.example.stable.v1.CronTab/properties/spec/properties/n")
                        .has("anyOf"))
                .isFalse();
        assertThat(document.at("/definitions/com.example.stable.v1.CronTab/properties/spec/properties/default/type")
                        .asText())
                .isEqualTo("string");
        JsonNode patch = document.at("/paths/~1apis~1apps~1v1~1namespaces~1{namespace}~1deployments~1{name}/patch");
        assertThat(patch.path("consumes").toString()).contains("application/strategic-merge-patch+json");
        assertThat(patch.path("parameters").findValuesAsText("name")).contains("fieldValidation", "dryRun");
        document.findValuesAsText("$ref").forEach(ref -> {
            if (ref.startsWith("#")) {
                assertThat(document.at(ref.substring(1)).isObject()).as(ref).isTrue();
            }
        });
    }

    @Test
    void theOlderDocumentIsHadAsProtobufToo() {
        for (String type : List.of(
                "application/com.github.proto-openapi.spec.v2.v1.0+protobuf",
                "application/com.github.proto-openapi.spec.v2@v1.0+protobuf")) {
            Answer.Content content = (Answer.Content) openApi.answer("/openapi/v2", type + ", application/json", null)
                    .orElseThrow();
            assertThat(content.contentType()).isEqualTo("application/com.github.proto-openapi.spec.v2.v1.0+protobuf");
            ProtoReader document = new ProtoReader(content.plain());
            assertThat(document.text(1)).isEqualTo("2.0");
            ObjectNode json = (ObjectNode) document("/openapi/v2");
            Map<String, ProtoReader> definitions = document.message(9).named(1);
            assertThat(definitions.keySet()).hasSameSizeAs(json.path("definitions"));
            assertThat(document.message(8).named(2).keySet()).hasSameSizeAs(json.path("paths"));
            ProtoReader deployment = definitions.get("io.k8s.api.apps.v1.Deployment");
            assertThat(deployment.message(22).text(1)).isEqualTo("object");
            assertThat(deployment.message(25).named(1).get("spec").text(1))
                    .isEqualTo("#/definitions/io.k8s.api.apps.v1.DeploymentSpec");
            assertThat(deployment
                            .named(31)
                            .get("x-kubernetes-group-version-kind")
                            .text(2))
                    .contains("\"kind\":\"Deployment\"");
            ProtoReader patch = document.message(8)
                    .named(2)
                    .get("/apis/apps/v1/namespaces/{namespace}/deployments/{name}")
                    .message(8);
            assertThat(patch.texts(7)).contains("application/strategic-merge-patch+json");
            assertThat(patch.messages(8).stream()
                            .filter(p -> p.message(1).has(2))
                            .map(p -> p.message(1).message(2).message(3).text(4)))
                    .contains("fieldValidation");
        }
    }

    @Test
    void theNewerDocumentIsHadAsProtobufToo() {
        Answer.Content content = (Answer.Content) openApi.answer(
                        "/openapi/v3/apis/apps/v1", "application/com.github.proto-openapi.spec.v3@v1.0+protobuf", null)
                .orElseThrow();
        assertThat(content.contentType()).isEqualTo("application/com.github.proto-openapi.spec.v3.v1.0+protobuf");
        ProtoReader document = new ProtoReader(content.plain());
        JsonNode json = document("/openapi/v3/apis/apps/v1");
        assertThat(document.text(1)).isEqualTo("3.0.0");
        assertThat(document.message(4).named(1).keySet()).hasSameSizeAs(json.path("paths"));
        Map<String, ProtoReader> schemas = document.message(5).message(1).named(1);
        assertThat(schemas.keySet()).hasSameSizeAs(json.at("/components/schemas"));
        ProtoReader deployment = schemas.get("io.k8s.api.apps.v1.Deployment").message(1);
        assertThat(deployment.text(25)).isEqualTo("object");
        assertThat(deployment.message(31).named(1).get("kind").message(1).text(25))
                .isEqualTo("string");
        assertThat(deployment.named(36).get("x-kubernetes-group-version-kind").text(2))
                .contains("Deployment");
        ProtoReader patch = document.message(4)
                .named(1)
                .get("/apis/apps/v1/namespaces/{namespace}/deployments/{name}")
                .message(10);
        assertThat(patch.text(5)).isEqualTo("patchAppsV1NamespacedDeployment");
        assertThat(patch.message(7).message(1).message(2).named(1))
                .containsKey("application/strategic-merge-patch+json");
    }

    @Test
    void clientsThatTakeNoneOfItAreTold() {
        assertThat(openApi.answer("/openapi/v2", "text/html", null)).contains(new Answer.NotAcceptable());
        assertThat(openApi.answer("/openapi/v3/api/v1", "text/html", null)).contains(new Answer.NotAcceptable());
        assertThat(openApi.answer("/openapi/v3/apis/none/v1", null, null)).isEmpty();
        assertThat(openApi.answer("/openapi", null, null)).isEmpty();
        assertThat(openApi.answer("/openapi/v2", "*/*;;,=", null)).get().isInstanceOf(Answer.Content.class);
    }

    @Test
    void documentsChangeOnlyWithTheirOwnGroup() {
        OpenApi without = new OpenApi(BuiltInCatalog.make(), CustomSchemas.NONE);
        JsonNode one = parse((Answer.Content)
                        without.answer("/openapi/v3", null, null).orElseThrow())
                .path("paths");
        JsonNode other = document("/openapi/v3").path("paths");
        assertThat(other.path("apis/apps/v1")).isEqualTo(one.path("apis/apps/v1"));
        assertThat(one.has("apis/stable.example.com/v1")).isFalse();
        assertThat(((Answer.Content) without.answer("/openapi/v2", null, null).orElseThrow()).etag())
                .isNotEqualTo(((Answer.Content)
                                openApi.answer("/openapi/v2", null, null).orElseThrow())
                        .etag());
    }
}
