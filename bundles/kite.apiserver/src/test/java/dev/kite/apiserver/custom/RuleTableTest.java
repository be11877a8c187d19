package dev.kite.apiserver.custom;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.harness.Api;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Definitions with rules, and objects, answered as kube-apiserver 1.36.2 answered them: code, reason, causes and warnings. The table has our requests and its
 * answers.
 */
class RuleTableTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    @TempDir
    Path folder;

    @TestFactory
    List<DynamicTest> answersAreThoseOfUpstream() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        JsonNode cases = table("rules.json");
        for (int i = 0; i < cases.size(); i++) {
            int number = i;
            JsonNode one = cases.get(i);
            tests.add(DynamicTest.dynamicTest(one.path("name").asText(), () -> {
                try (Api api = new Api(folder.resolve("case" + number))) {
                    new Case(api, number).run(one);
                }
            }));
        }
        return tests;
    }

    static JsonNode table(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(RuleTableTest.class.getResourceAsStream(name), name)) {
            return JSON.readTree(in);
        }
    }

    private static final class Case {
        private final Api api;
        private final String plural;
        private final String objects;
        private final String kind;

        Case(Api api, int number) {
            this.api = api;
            this.plural = "t" + number + "s";
            this.kind = "T" + number;
            this.objects = "/apis/cel.example/v1/" + plural;
        }

        void run(JsonNode one) {
            boolean defined = false;
            for (JsonNode step : one.path("steps")) {
                Api.Answer answer;
                if (step.path("expect").isNull()) {
                    continue;
                }
                if (step.has("define")) {
                    answer = define(step.path("define"), defined);
                    defined |= answer.code() < 300;
                } else {
                    answer = write(step);
                }
                assertThat(outcome(answer)).describedAs(step.toString()).isEqualTo(wanted(step.path("expect")));
            }
        }

        private Api.Answer define(JsonNode given, boolean defined) {
            ObjectNode definition = JSON.createObjectNode();
            definition.put("apiVersion", "apiextensions.k8s.io/v1").put("kind", "CustomResourceDefinition");
            String name = plural + ".cel.example";
            definition.putObject("metadata").put("name", name);
            ObjectNode spec =
                    definition.putObject("spec").put("group", "cel.example").put("scope", "Cluster");
            spec.putObject("names")
                    .put("plural", plural)
                    .put("singular", "t" + plural.substring(1, plural.length() - 1))
                    .put("kind", kind)
                    .put("listKind", kind + "List");
            JsonNode versions = given.path("versions");
            if (versions.isMissingNode()) {
                versions = JSON.createArrayNode().add(JSON.createObjectNode().put("name", "v1"));
                ((ObjectNode) versions.get(0)).set("schema", given.path("schema"));
            }
            for (int i = 0; i < versions.size(); i++) {
                ObjectNode version = spec.withArray("/versions").addObject();
                version.put("name", versions.get(i).path("name").asText())
                        .put("served", true)
                        .put("storage", i == 0);
                version.putObject("schema")
                        .set("openAPIV3Schema", versions.get(i).path("schema"));
                if (given.path("status").asBoolean()) {
                    version.putObject("subresources").putObject("status");
                }
            }
            return defined ? put(DEFINITIONS + "/" + name, definition) : api.post(DEFINITIONS, definition.toString());
        }

        private Api.Answer write(JsonNode step) {
            String verb = step.has("create") ? "create" : step.has("update") ? "update" : "status";
            ObjectNode object = JSON.createObjectNode();
            object.put("apiVersion", "cel.example/v1").put("kind", kind);
            String name = step.path("object").asText();
            object.putObject("metadata").put("name", name);
            object.setAll((ObjectNode) step.path(verb).deepCopy());
            object.remove("$name");
            return verb.equals("create")
                    ? api.post(objects, object.toString())
                    : put(objects + "/" + name + (verb.equals("status") ? "/status" : ""), object);
        }

        private Api.Answer put(String path, ObjectNode object) {
            String version = api.get(path).at("/metadata/resourceVersion");
            ((ObjectNode) object.path("metadata")).put("resourceVersion", version);
            return api.put(path, object);
        }

        private static List<String> outcome(Api.Answer answer) {
            List<String> lines = new ArrayList<>();
            lines.add(answer.code() + (answer.code() < 400 ? "" : " " + answer.at("/reason")));
            List<String> causes = new ArrayList<>();
            for (JsonNode cause : answer.json().at("/details/causes")) {
                causes.add(cause.path("reason").asText() + " "
                        + cause.path("field").asText() + " "
                        + plain(cause.path("message").asText()));
            }
            causes.sort(null);
            lines.addAll(causes);
            answer.warnings().stream()
                    .map(text -> "warning " + text.substring("299 - ".length()))
                    .sorted()
                    .forEach(lines::add);
            return lines;
        }

        private static List<String> wanted(JsonNode expected) {
            List<String> lines = new ArrayList<>();
            int code = expected.path("code").asInt();
            String reason = expected.path("reason").asText();
            lines.add(code + (code < 400 ? "" : " " + expected.path("reason").asText()));
            List<String> causes = new ArrayList<>();
            for (JsonNode cause : expected.path("causes")) {
                causes.add(cause.get(0).asText() + " " + cause.get(1).asText() + " "
                        + plain(cause.get(2).asText()));
            }
            causes.sort(null);
            lines.addAll(causes);
            List<String> warnings = new ArrayList<>();
            expected.path("warnings").forEach(text -> warnings.add("warning " + text.asText()));
            warnings.sort(null);
            lines.addAll(warnings);
            return lines;
        }

        /** Upstream numbers the types of values by the time. */
        private static String plain(String message) {
            return message.replaceAll("selfType[0-9]+", "selfType");
        }
    }
}
