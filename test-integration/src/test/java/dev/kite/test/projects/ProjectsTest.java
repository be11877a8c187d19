package dev.kite.test.projects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.behaviour.Behaviour;
import dev.kite.test.rig.ClientTools;
import dev.kite.test.rig.Cluster;
import dev.kite.test.rig.Execution;
import dev.kite.test.rig.Kubectl;
import dev.kite.test.rig.SharedCluster;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** CustomResourceDefinitions that others wrote, with the objects that they give as samples, against the packaged product. */
@ExtendWith(SharedCluster.class)
class ProjectsTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Kubectl kubectl;

    ProjectsTest(Cluster cluster) {
        this.kubectl = cluster.kubectl();
    }

    static List<Project> projects() {
        return Project.ALL;
    }

    @ParameterizedTest
    @MethodSource("projects")
    @Behaviour(
            "The CRDs of cert-manager, Prometheus operator, Argo CD, Gateway API, Traefik and Longhorn, taken from their"
                    + " charts or modules at test time, install and take their samples")
    void itsDefinitionsInstallAndTakeItsSamples(Project project) throws IOException {
        Documents documents = documents(project);
        assertThat(documents.definitions()).as("definitions of " + project).isNotEmpty();
        String definitions = list(documents.definitions());
        String namespace = "project-" + Project.ALL.indexOf(project);
        try {
            with(definitions, "create", "--validate=strict", "-f", "-");
            with(definitions, "wait", "--for=condition=Established", "--timeout=60s", "-f", "-");
            kubectl.run("create", "namespace", namespace);
            if (!documents.samples().isEmpty()) {
                samples(documents.samples(), namespace);
            }
            if (!documents.refused().isEmpty()) {
                Execution refusal = kubectl.executeWith(
                        list(documents.refused()),
                        "-n",
                        namespace,
                        "create",
                        "--validate=false",
                        "-o",
                        "name",
                        "-f",
                        "-");
                assertThat(refusal.output()).as("taken, though wrong").isEmpty();
                assertThat(refusal.error().lines().filter(line -> line.contains("is invalid")))
                        .as(refusal.error())
                        .hasSameSizeAs(documents.refused());
            }
            readInEachVersion(documents.definitions());
        } finally {
            kubectl.execute("delete", "namespace", namespace, "--wait=false");
            Execution gone =
                    kubectl.executeWith(definitions, "delete", "--ignore-not-found", "--timeout=90s", "-f", "-");
            assertThat(gone.error()).isEmpty();
        }
    }

    private void samples(List<ObjectNode> samples, String namespace) throws IOException {
        String all = list(samples);
        String created = with(all, "-n", namespace, "create", "--validate=strict", "-o", "name", "-f", "-");
        assertThat(created.lines()).hasSameSizeAs(samples);
        JsonNode found = MAPPER.readTree(with(all, "-n", namespace, "get", "-o", "json", "-f", "-"));
        JsonNode items = found.has("items")
                ? found.get("items")
                : MAPPER.createArrayNode().add(found);
        for (int i = 0; i < samples.size(); i++) {
            holds(
                    samples.get(i).path("spec"),
                    items.get(i).path("spec"),
                    samples.get(i).path("kind").asText());
        }
        // Another manager who applies the same changes nothing, though lists without the defaults in them are others.
        String applied = with(
                all,
                "-n",
                namespace,
                "apply",
                "--server-side",
                "--force-conflicts",
                "--field-manager=project",
                "-o",
                "jsonpath={range .items[*]}{.metadata.generation}{end}",
                "-f",
                "-");
        assertThat(applied).matches("1*");
        with(all, "-n", namespace, "delete", "-f", "-");
    }

    /** Whether an object has all that a sample says; what defaults add is its own. */
    private static void holds(JsonNode wanted, JsonNode found, String path) {
        if (wanted instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                if (!field.getValue().isNull()) {
                    holds(field.getValue(), found.path(field.getKey()), path + "." + field.getKey());
                }
            }
        } else if (wanted instanceof ArrayNode array) {
            assertThat(found.size()).as(path).isEqualTo(array.size());
            for (int i = 0; i < array.size(); i++) {
                holds(array.get(i), found.get(i), path + "[" + i + "]");
            }
        } else {
            assertThat(found.asText()).as(path).isEqualTo(wanted.asText());
        }
    }

    private void readInEachVersion(List<ObjectNode> definitions) {
        for (ObjectNode definition : definitions) {
            JsonNode spec = definition.path("spec");
            for (JsonNode version : spec.path("versions")) {
                String resource = spec.at("/names/plural").asText() + "."
                        + version.path("name").asText() + "."
                        + spec.path("group").asText();
                Execution listed = kubectl.execute("get", resource, "-A", "-o", "name");
                assertThat(listed.code() == 0)
                        .as(resource + ": " + listed.error())
                        .isEqualTo(version.path("served").asBoolean());
            }
        }
    }

    @Test
    @Behaviour("multiple versions with conversion webhooks")
    void longhornsConversionWebhookIsAskedForWhatIsInAnotherVersion() throws IOException {
        Documents documents = documents(Project.ALL.getLast());
        ObjectNode nodes = documents.definitions().stream()
                .filter(one -> one.at("/metadata/name").asText().equals("nodes.longhorn.io"))
                .findFirst()
                .orElseThrow();
        // Its old version is not served any more; with it, its webhook is needed, and Longhorn is not here to answer.
        ((ObjectNode) nodes.at("/spec/versions/0")).put("served", true);
        try {
            with(nodes.toString(), "create", "-f", "-");
            with(nodes.toString(), "wait", "--for=condition=Established", "--timeout=60s", "-f", "-");
            with(
                    "{\"apiVersion\":\"longhorn.io/v1beta2\",\"kind\":\"Node\",\"metadata\":{\"name\":\"one\"},\"spec\":"
                            + "{\"allowScheduling\":true}}",
                    "-n",
                    "default",
                    "create",
                    "-f",
                    "-");
            assertThat(kubectl.run("-n", "default", "get", "nodes.v1beta2.longhorn.io", "one", "-o", "name"))
                    .contains("one");
            Execution other = kubectl.execute("-n", "default", "get", "nodes.v1beta1.longhorn.io", "one");
            assertThat(other.error())
                    .contains("conversion webhook for longhorn.io/v1beta2, Kind=Node failed: Post"
                            + " \"https://longhorn-conversion-webhook.default.svc:9501/v1/webhook/conversion?timeout=30s\":"
                            + " service \"longhorn-conversion-webhook\" not found");
        } finally {
            with(nodes.toString(), "delete", "--timeout=60s", "-f", "-");
        }
    }

    private static Documents documents(Project project) {
        try {
            return new Documents(project);
        } catch (ClientTools.Unavailable e) {
            return abort(project + " is not to be had: " + e.getMessage());
        }
    }

    private static String list(List<ObjectNode> objects) {
        ObjectNode list = MAPPER.createObjectNode().put("apiVersion", "v1").put("kind", "List");
        list.putArray("items").addAll(objects);
        return list.toString();
    }

    private String with(String input, String... arguments) {
        return kubectl.executeWith(input, arguments).succeeded().output();
    }
}
