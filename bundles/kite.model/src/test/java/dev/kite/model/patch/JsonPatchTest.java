package dev.kite.model.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.model.json.JsonTrees;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonPatchTest {
    static JsonNode json(String text) {
        return JsonTrees.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'a':1}         | [{'op':'add','path':'/b','value':2}]                    | {'a':1,'b':2}",
                "{'a':[1,3]}     | [{'op':'add','path':'/a/1','value':2}]                  | {'a':[1,2,3]}",
                "{'a':[1]}       | [{'op':'add','path':'/a/-','value':2}]                  | {'a':[1,2]}",
                "{'a':1}         | [{'op':'remove','path':'/a'}]                           | {}",
                "{'a':[1,2,3]}   | [{'op':'remove','path':'/a/-1'}]                        | {'a':[1,2]}",
                "{'a':1}         | [{'op':'replace','path':'/a','value':null}]             | {'a':null}",
                "{'a':{'b':1}}   | [{'op':'move','from':'/a/b','path':'/c'}]               | {'a':{},'c':1}",
                "{'a':{'b':1}}   | [{'op':'copy','from':'/a','path':'/c'}]                 | {'a':{'b':1},'c':{'b':1}}",
                "{'a/b':{'~':1}} | [{'op':'replace','path':'/a~1b/~0','value':2}]          | {'a/b':{'~':2}}",
                "{'a':1}         | [{'op':'test','path':'/a','value':1.0}]                 | {'a':1}",
                "{'a':1}         | [{'op':'test','path':'/b','value':null}]                | {'a':1}",
                "{'a':1}         | [{'op':'add','path':'','value':{'z':1}}]                | {'z':1}"
            })
    void appliesRfc6902(String target, String patch, String expected) {
        JsonNode before = json(target);
        assertThat(JsonPatch.apply(before, json(patch))).isEqualTo(json(expected));
        assertThat(before).isEqualTo(json(target));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[{'op':'test','path':'/a','value':2}]      | 422 | testing value /a failed: test failed",
                "[{'op':'remove','path':'/x'}]              | 422 | error in remove for path: '/x': Unable to remove nonexistent key: x: missing value",
                "[{'op':'replace','path':'/x/y','value':1}] | 422 | replace operation does not apply: doc is missing path: /x/y: missing value",
                "[{'op':'add','path':'/x/y','value':1}]     | 422 | add operation does not apply: doc is missing path: /x/y: missing value",
                "[{'op':'add','path':'/l/7','value':1}]     | 422 | error in add for path: '/l/7': Unable to access invalid index: 7",
                "[{'op':'add','path':'/l/01','value':1}]    | 422 | error in add for path: '/l/01': Unable to access invalid index: 01",
                "[{'op':'move','from':'/l','path':'/l/0'}]  | 422 | a value cannot be moved into itself: /l",
                "[{'op':'fly','path':'/a'}]                 | 400 | Unexpected kind: fly",
                "[{'path':'/a'}]                            | 400 | an operation of a JSON patch needs the string \"op\"",
                "{'op':'add'}                               | 400 | a JSON patch is an array of operations"
            })
    void saysWhatDoesNotApply(String patch, int status, String message) {
        assertThatThrownBy(() -> JsonPatch.apply(json("{'a':1,'l':[1]}"), json(patch)))
                .isInstanceOf(PatchException.class)
                .hasMessage(message)
                .extracting(e -> ((PatchException) e).status())
                .isEqualTo(status);
    }

    @Test
    void takesWhatIsNotThereAsUpstreamsLibraryDoes() {
        assertThat(JsonPatch.apply(
                        json("{'a':1}"), json("[{'op':'replace','path':'/x','value':1},{'op':'add','path':'/y'}]")))
                .isEqualTo(json("{'a':1,'x':1,'y':null}"));
    }

    @Test
    void operationsAndCopiesAreBounded() {
        ArrayNode many = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i <= JsonPatch.MAX_OPERATIONS; i++) {
            many.add(json("{'op':'add','path':'/a','value':1}"));
        }
        assertThatThrownBy(() -> JsonPatch.apply(json("{}"), many))
                .hasMessage("The allowed maximum operations in a JSON patch is 10000, got 10001");

        ArrayNode doubling = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < 60; i++) {
            doubling.add(json("{'op':'copy','from':'','path':'/a" + i + "'}"));
        }
        assertThatThrownBy(() -> JsonPatch.apply(json("{'x':1}"), doubling))
                .isInstanceOf(PatchException.class)
                .hasMessageContaining("exceeding the limit")
                .extracting(e -> ((PatchException) e).status())
                .isEqualTo(413);
    }

    @Provide
    static Arbitrary<ObjectNode> objects() {
        Arbitrary<String> names = Arbitraries.of("a", "b", "c", "d");
        Arbitrary<JsonNode> scalars =
                Arbitraries.of("1", "2", "'x'", "true", "[1,2]", "[]").map(JsonPatchTest::json);
        Arbitrary<JsonNode> values =
                Arbitraries.lazyOf(() -> scalars, () -> scalars, () -> objects().map(o -> (JsonNode) o));
        return Arbitraries.maps(names, values).ofMaxSize(4).map(map -> {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            map.forEach(object::set);
            return object;
        });
    }

    @Property
    void mergePatchesThatTurnOneIntoTheOtherDo(@ForAll("objects") ObjectNode a, @ForAll("objects") ObjectNode b) {
        JsonNode before = a.deepCopy();
        assertThat(MergePatch.apply(a, difference(a, b))).isEqualTo(b);
        assertThat(a).isEqualTo(before);
    }

    @Property
    void mergePatchesAreIdempotent(@ForAll("objects") ObjectNode target, @ForAll("objects") ObjectNode patch) {
        JsonNode once = MergePatch.apply(target, patch);
        assertThat(MergePatch.apply(once, patch)).isEqualTo(once);
    }

    @Property
    void addingThenRemovingChangesNothing(@ForAll("objects") ObjectNode target, @ForAll("objects") ObjectNode value) {
        ArrayNode patch = JsonNodeFactory.instance.arrayNode();
        patch.addObject().put("op", "add").put("path", "/new").set("value", value);
        patch.addObject().put("op", "remove").put("path", "/new");
        assertThat(JsonPatch.apply(target, patch)).isEqualTo(target);
    }

    private static ObjectNode difference(ObjectNode a, ObjectNode b) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        a.fieldNames().forEachRemaining(name -> {
            if (!b.has(name)) {
                patch.putNull(name);
            }
        });
        b.properties().forEach(entry -> {
            JsonNode old = a.get(entry.getKey());
            if (old instanceof ObjectNode oldObject && entry.getValue() instanceof ObjectNode newObject) {
                patch.set(entry.getKey(), difference(oldObject, newObject));
            } else {
                patch.set(entry.getKey(), entry.getValue());
            }
        });
        return patch;
    }
}
