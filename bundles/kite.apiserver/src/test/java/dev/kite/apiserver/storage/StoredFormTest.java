package dev.kite.apiserver.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.model.json.JsonTrees;
import dev.kite.model.schema.Schema;
import dev.kite.model.schema.StructDescriptor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoredFormTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String spliced(String json, String head) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new View(bytes(json)).write(7, bytes(head), out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theRevisionIsSplicedIntoTheOuterMetadata() throws IOException {
        assertThat(spliced("{\"kind\":\"A\",\"metadata\":{\"name\":\"a\"},\"spec\":{\"metadata\":{}}}", ""))
                .isEqualTo(
                        "{\"kind\":\"A\",\"metadata\":{\"resourceVersion\":\"7\",\"name\":\"a\"},\"spec\":{\"metadata\":{}}}");
        assertThat(spliced("{\"data\":{\"metadata\":\"\\\"metadata\\\":{\"},\"metadata\":{}}", ""))
                .isEqualTo("{\"data\":{\"metadata\":\"\\\"metadata\\\":{\"},\"metadata\":{\"resourceVersion\":\"7\"}}");
    }

    @Test
    void listsLeaveTheHeadOut() throws IOException {
        String json = "{\"apiVersion\":\"v1\",\"kind\":\"A\",\"metadata\":{\"name\":\"ü\"}}";
        assertThat(spliced(json, "{\"apiVersion\":\"v1\",\"kind\":\"A\","))
                .isEqualTo("{\"metadata\":{\"resourceVersion\":\"7\",\"name\":\"ü\"}}");
        assertThat(spliced(json, "{\"apiVersion\":\"v2\",")).startsWith("{\"apiVersion\":\"v1\"");
    }

    @Test
    void fieldsAndLabelsAreReadWithoutATree() {
        View view = new View(
                bytes("{\"metadata\":{\"labels\":{\"a\":\"b\"},\"name\":\"n\"},\"spec\":{\"x\":[{\"nodeName\":\"no\"}],"
                        + "\"nodeName\":\"n1\",\"host\":true,\"nil\":null}}"));
        FieldScan scan = new FieldScan(List.of("metadata.name", "spec.nodeName", "spec.host", "spec.nil", "spec.none"));
        assertThat(view.fields(scan)).containsExactly("n", "n1", "true", "", "");
        assertThat(view.labels()).containsEntry("a", "b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{\"metadata\":{\"labels\":", "nonsense"})
    void whatIsNoJsonIsSaidToBeNone(String text) {
        assertThatThrownBy(() -> new FieldScan(List.of("a.b")).read(bytes(text)))
                .isInstanceOf(UncheckedIOException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "'',pods,/registry/pods/",
        "'',nodes,/registry/minions/",
        "'',services,/registry/services/specs/",
        "'',endpoints,/registry/services/endpoints/",
        "'',replicationcontrollers,/registry/controllers/",
        "networking.k8s.io,ingresses,/registry/ingress/",
        "apps,deployments,/registry/deployments/",
        "rbac.authorization.k8s.io,clusterroles,/registry/clusterroles/",
        "apiextensions.k8s.io,customresourcedefinitions,/registry/apiextensions.k8s.io/customresourcedefinitions/",
        "apiregistration.k8s.io,apiservices,/registry/apiregistration.k8s.io/apiservices/"
    })
    void keysLieWhereK3sHasThem(String group, String plural, String folder) {
        assertThat(Keys.builtIn(group, plural)).isEqualTo(folder);
    }

    @Test
    void builtInObjectsAreProtobufAtRestAndCustomOnesJson() {
        AtRest rest = new AtRest();
        byte[] map = bytes(
                "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\"},\"data\":{\"b\":\"c\"}}");
        byte[] stored = rest.toRest("/registry/configmaps/default/a", map);
        assertThat(stored).startsWith('k', '8', 's', 0);
        assertThat(JsonTrees.read(rest.fromRest("/registry/configmaps/default/a", stored))
                        .at("/data/b")
                        .asText())
                .isEqualTo("c");
        byte[] custom = bytes("{\"apiVersion\":\"example.com/v1\",\"kind\":\"Thing\",\"metadata\":{\"name\":\"a\"}}");
        assertThat(rest.toRest("/registry/example.com/things/a", custom)).isSameAs(custom);
        byte[] foreign = {1, 2, 3};
        assertThat(rest.toRest("/bootstrap/abc", foreign)).isSameAs(foreign);
        assertThat(rest.fromRest("/registry/health", foreign)).isSameAs(foreign);
        assertThat(rest.view("/registry/health", foreign)).isNull();
    }

    /** What is stored in the index before a restart is what is read back from disk after it. */
    @Test
    void theIndexIsTheSameAfterARestart() throws IOException {
        String set = System.getenv().getOrDefault("KITE_REFERENCE", System.getProperty("KITE_REFERENCE", ""));
        Path folder = (set.isEmpty() ? Path.of("../../../shared/reference") : Path.of(set))
                .resolve("kubernetes-1.36/examples");
        Assumptions.assumeTrue(Files.isDirectory(folder), () -> "no reference at " + folder);
        AtRest rest = new AtRest();
        List<String> different = new ArrayList<>();
        int compared = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".json"))
                    .sorted()
                    .toList()) {
                ObjectNode tree = JsonTrees.readObject(Files.readAllBytes(file));
                StructDescriptor type = Schema.builtIn()
                        .kindOf(
                                tree.path("apiVersion").asText(),
                                tree.path("kind").asText());
                if (type == null || !tree.path("metadata").has("name")) {
                    continue;
                }
                Normalizer normalizer = new Normalizer();
                byte[] index = Trees.stored(normalizer.normalize(type, tree));
                byte[] again = rest.fromRest("/registry/x", rest.toRest("/registry/x", index));
                if (!JsonTrees.same(JsonTrees.read(index), JsonTrees.read(again))
                        || !normalizer.unknown().isEmpty()) {
                    different.add(file.getFileName() + " " + normalizer.unknown());
                }
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(60);
        assertThat(different).isEmpty();
    }
}
