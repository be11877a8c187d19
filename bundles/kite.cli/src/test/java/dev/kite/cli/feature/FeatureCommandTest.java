package dev.kite.cli.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.behaviour.Behaviour;
import dev.kite.cli.Commands;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@Timeout(20)
class FeatureCommandTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** One feature, whose status goes through a script after a change. */
    private static final class FakeFeatures implements Features {
        private ObjectNode feature;
        private final Deque<String> script = new ArrayDeque<>();
        private final List<ObjectNode> patches = new ArrayList<>();

        FakeFeatures(String json) throws IOException {
            feature = (ObjectNode) MAPPER.readTree(json);
        }

        @Override
        public JsonNode list() {
            ObjectNode list = MAPPER.createObjectNode().put("kind", "FeatureList");
            list.putArray("items").add(feature);
            return list;
        }

        @Override
        public Optional<JsonNode> find(String name) {
            if (!name.equals(feature.at("/metadata/name").asText())) {
                return Optional.empty();
            }
            if (!script.isEmpty()) {
                try {
                    feature.set("status", MAPPER.readTree(script.pop()));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }
            return Optional.of(feature.deepCopy());
        }

        @Override
        public JsonNode patch(String name, ObjectNode change) throws IOException {
            patches.add(change.deepCopy());
            feature = MAPPER.readerForUpdating(feature).readValue(change);
            ((ObjectNode) feature.get("metadata"))
                    .put("name", name)
                    .put("generation", feature.at("/metadata/generation").asLong() + 1);
            return feature.deepCopy();
        }
    }

    private static FakeFeatures sample(String phase) throws IOException {
        return new FakeFeatures("""
                {"kind":"Feature","metadata":{"name":"local-storage","generation":1},"spec":{"enabled":true},
                 "status":{"phase":"%s","version":"1.0.0","observedGeneration":1}}
                """.formatted(phase));
    }

    private record Run(int code, String out) {}

    private static Run run(Features features, boolean enabled, String... arguments) throws Exception {
        SwitchOptions options = new SwitchOptions();
        new CommandLine(CommandLine.Model.CommandSpec.create()
                        .addMixin("o", CommandLine.Model.CommandSpec.forAnnotatedObject(options)))
                .parseArgs(arguments);
        StringWriter out = new StringWriter();
        int code = options.run(features, new PrintWriter(out), new PrintWriter(out), enabled, null);
        return new Run(code, out.toString());
    }

    @Test
    @Behaviour("kite feature list|enable|disable and kubectl get features show and switch it")
    void waitShowsThePhasesAndEndsWithWhatWasAskedFor() throws Exception {
        FakeFeatures features = sample("Enabled");
        features.script.addAll(List.of(
                "{\"phase\":\"Enabled\",\"observedGeneration\":1}",
                "{\"phase\":\"Enabled\",\"observedGeneration\":1}",
                "{\"phase\":\"Disabling\",\"observedGeneration\":2}",
                "{\"phase\":\"Disabled\",\"observedGeneration\":2}"));
        Run run = run(features, false, "local-storage", "--wait");
        assertThat(run.code()).isZero();
        assertThat(run.out().lines())
                .containsExactly(
                        "local-storage Pending",
                        "local-storage Disabling",
                        "local-storage Disabled",
                        "local-storage is Disabled");
        assertThat(features.patches).hasSize(1);
        assertThat(features.patches.getFirst().toString()).isEqualTo("{\"spec\":{\"enabled\":false}}");
    }

    @Test
    void failureIsOneLineWithItsReason() throws Exception {
        FakeFeatures features = sample("Enabled");
        features.script.addAll(List.of(
                "{\"phase\":\"Enabled\",\"observedGeneration\":1}",
                "{\"phase\":\"RolledBack\",\"observedGeneration\":2,\"message\":\"version 2 is sick\"}"));
        assertThatThrownBy(() -> run(features, true, "local-storage", "--wait"))
                .isInstanceOf(IOException.class)
                .hasMessage("local-storage is RolledBack: version 2 is sick");
    }

    @Test
    void enablingWhatWasRolledBackAsksAgainAndWaitsForThatAnswer() throws Exception {
        FakeFeatures features = sample("RolledBack");
        new Switch(features).ask("local-storage", true, "");
        String request = features.patches
                .getFirst()
                .at("/metadata/annotations")
                .path("features.kite.dev/requested-at")
                .asText();
        assertThat(request).isNotEmpty();
        assertThat(features.patches.getFirst().at("/spec/version").asText("absent"))
                .isEmpty();
        features.script.addAll(List.of(
                "{\"phase\":\"RolledBack\",\"observedGeneration\":2}",
                "{\"phase\":\"Enabled\",\"observedGeneration\":2,\"observedRequest\":\"" + request + "\"}"));
        JsonNode asked = features.feature.deepCopy();
        List<String> phases = new ArrayList<>();
        JsonNode done = new Switch(features).await(asked, Duration.ofSeconds(5), phases::add);
        assertThat(done.at("/status/phase").asText()).isEqualTo("Enabled");
        assertThat(phases).containsExactly("Pending", "Enabled");
    }

    @Test
    void timeOutSaysHowItStands() throws Exception {
        FakeFeatures features = sample("Disabling");
        assertThatThrownBy(() -> run(features, false, "local-storage", "--wait", "--timeout", "0"))
                .hasMessage("local-storage is still Disabling after 0 s");
    }

    @Test
    void unknownFeatureSaysWhatThereIs() throws Exception {
        FakeFeatures features = sample("Enabled");
        assertThatThrownBy(() -> new Switch(features).required("moon"))
                .hasMessage("there is no feature moon; there are: local-storage");
    }

    @Test
    void listIsATableJsonOrYaml() throws Exception {
        JsonNode list = sample("Enabled").list();
        assertThat(Output.table.list(list)).isEqualTo("""
                NAME            ENABLED   VERSION   PHASE     MESSAGE
                local-storage   true      1.0.0     Enabled
                """);
        assertThat(MAPPER.readTree(Output.json.list(list))).isEqualTo(list);
        assertThat(Output.yaml.list(list)).startsWith("kind: FeatureList\nitems:\n");
        assertThat(Output.table.one(list.path("items").path(0))).contains("Version:   1.0.0\n", "Phase:     Enabled\n");
    }

    @Test
    void yamlAndJsonAreWhatKubectlWouldReadBack() throws Exception {
        JsonNode feature = MAPPER.readTree("""
                {"metadata":{"name":"f","resourceVersion":"227","creationTimestamp":"2026-11-24T14:52:42Z","managedFields":[{"manager":"m"}]},
                 "spec":{"enabled":true,"version":"1.0","configuration":{"n":1,"t":"true","none":""}}}
                """);
        for (Output output : new Output[] {Output.yaml, Output.json}) {
            JsonNode read = new com.fasterxml.jackson.dataformat.yaml.YAMLMapper().readTree(output.one(feature));
            assertThat(read.at("/metadata").has("managedFields")).isFalse();
            assertThat(read.at("/spec")).isEqualTo(feature.at("/spec"));
            assertThat(read.at("/metadata/resourceVersion").isTextual()).isTrue();
        }
        assertThat(Output.yaml.one(feature))
                .contains("resourceVersion: \"227\"", "creationTimestamp: \"2026-11-24T14:52:42Z\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "list -o xml",
                "show",
                "show ../secrets",
                "enable",
                "enable A",
                "disable a b",
                "enable a --wait=x",
                "lst"
            })
    void wrongUsageIsTwo(String arguments) {
        List<String> line = new ArrayList<>(List.of("feature"));
        line.addAll(arguments.isEmpty() ? List.of() : List.of(arguments.split(" ")));
        assertThat(Commands.run(line)).isEqualTo(2);
    }

    @Test
    void missingKubeconfigIsOne(@TempDir Path folder) {
        assertThat(Commands.run(List.of(
                        "feature",
                        "list",
                        "--kubeconfig",
                        folder.resolve("none").toString())))
                .isEqualTo(1);
    }

    @Test
    void kubeconfigIsTheFirstThatIsThere(@TempDir Path folder) throws IOException {
        Path there = Files.createFile(folder.resolve("there"));
        assertThat(new Connection().file(name -> folder.resolve("gone") + ":" + there))
                .isEqualTo(there);
        assertThat(new Connection().file(name -> null)).isEqualTo(Path.of("/etc/rancher/k3s/k3s.yaml"));
        assertThat(new Connection().file(name -> folder.resolve("gone").toString()))
                .isEqualTo(folder.resolve("gone"));
    }
}
