package dev.kite.model.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.model.Reference;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.json.JsonTrees;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldSetTest {
    private static final MergeType POD = MergeType.of(Pod.TYPE.descriptor());

    @Provide
    static Arbitrary<FieldSet> sets() {
        Arbitrary<PathElement> elements = Arbitraries.of("f:a", "f:b", "f:.", "k:{\"n\":1}", "v:\"x\"", "v:2", "i:3")
                .map(PathElement::parse);
        return elements.list().ofMinSize(1).ofMaxSize(4).list().ofMaxSize(6).map(FieldSet::of);
    }

    @Property
    void setsSurviveTheirJson(@ForAll("sets") FieldSet set) {
        assertThat(FieldSet.parse(set.toJson())).isEqualTo(set).hasSameHashCodeAs(set);
        assertThat(FieldSet.of(set.paths())).isEqualTo(set);
    }

    @Property
    void setsFollowTheLawsOfSets(@ForAll("sets") FieldSet a, @ForAll("sets") FieldSet b, @ForAll("sets") FieldSet c) {
        assertThat(a.union(b)).isEqualTo(b.union(a));
        assertThat(a.union(b).union(c)).isEqualTo(a.union(b.union(c)));
        assertThat(a.intersection(b)).isEqualTo(b.intersection(a));
        assertThat(a.difference(b).intersection(b)).isEqualTo(FieldSet.EMPTY);
        assertThat(a.difference(b).union(a.intersection(b))).isEqualTo(a);
        assertThat(a.recursiveDifference(b).intersection(b)).isEqualTo(FieldSet.EMPTY);
        assertThat(a.union(FieldSet.EMPTY)).isEqualTo(a);
        a.paths().forEach(path -> assertThat(a.union(b).has(path)).isTrue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"x\":{}}",
                "{\"f\":{}}",
                "{\"k:1\":{}}",
                "{\"k:{\":{}}",
                "{\"i:x\":{}}",
                "{\"f:a\":1.5,\"q:b\":{}}",
                "[]"
            })
    void refusesWhatIsNoFieldsV1(String text) {
        JsonNode json = JsonTrees.read(text.getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> FieldSet.parse(json)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void comparingWithNothingFindsAllAndWithItselfNothing() {
        ObjectNode pod = JsonTrees.readObject(Reference.example("core.v1.Pod", "json"));
        ((ObjectNode) pod.get("metadata")).remove("managedFields");
        assertThat(Comparison.of(pod, pod.deepCopy(), POD).isSame()).isTrue();
        Comparison all = Comparison.of(JsonTrees.object(), pod, POD);
        FieldSet fields = FieldSets.of(pod, POD);
        assertThat(fields.difference(all.added())).isEqualTo(FieldSet.EMPTY);
        assertThat(Comparison.of(pod, JsonTrees.object(), POD).removed()).isEqualTo(all.added());
        assertThat((JsonNode) Removal.extract(pod, fields, POD)).isEqualTo(pod);
        assertThat((JsonNode) Merging.merge(JsonTrees.object(), pod, POD)).isEqualTo(pod);
        assertThat((JsonNode) Merging.merge(pod, pod, POD)).isEqualTo(pod);
    }

    @Test
    void itemsStandInTheConfigurationsOrder() {
        ObjectNode merged = Merging.merge(pod("a", "b", "c", "d"), pod("d", "x", "b"), POD);
        List<String> names = merged.at("/spec/containers").findValuesAsText("name");
        assertThat(names).containsExactlyInAnyOrder("a", "b", "c", "d", "x");
        assertThat(names.indexOf("d")).isLessThan(names.indexOf("x"));
        assertThat(names.indexOf("x")).isLessThan(names.indexOf("b"));
    }

    @Property
    void mergingKeepsAllAndGivesTheConfigurationItsWill(
            @ForAll("names") List<String> live, @ForAll("names") List<String> config) {
        ObjectNode wanted = pod(config.toArray(String[]::new));
        ObjectNode merged = Merging.merge(pod(live.toArray(String[]::new)), wanted, POD);
        List<String> names = merged.at("/spec/containers").findValuesAsText("name");
        assertThat(names).doesNotHaveDuplicates().containsAll(live).containsAll(config);
        assertThat(names.stream().filter(config::contains).toList()).isEqualTo(config);
        assertThat((JsonNode) Merging.merge(merged, wanted, POD)).isEqualTo(merged);
    }

    @Provide
    static Arbitrary<List<String>> names() {
        return Arbitraries.of("a", "b", "c", "d", "e").list().uniqueElements().ofMaxSize(5);
    }

    private static ObjectNode pod(String... names) {
        ObjectNode pod = JsonTrees.object();
        var containers = pod.withObject("/spec").putArray("containers");
        for (String name : names) {
            containers.addObject().put("name", name);
        }
        return pod;
    }
}
