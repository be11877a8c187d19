package dev.kite.model.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.model.apps.v1.Deployment;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.schema.StructDescriptor;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class StrategicMergePatchTest {
    private static final StructDescriptor POD = Pod.TYPE.descriptor();

    private static ObjectNode json(String text) {
        return (ObjectNode) JsonPatchTest.json(text);
    }

    private static JsonNode apply(String original, String patch) {
        ObjectNode before = json(original);
        ObjectNode change = json(patch);
        JsonNode result = StrategicMergePatch.apply(before, change, POD);
        assertThat(before).isEqualTo(json(original));
        assertThat(change).isEqualTo(json(patch));
        return result;
    }

    @Test
    void listsWithAMergeKeyAreMergedByIt() {
        assertThat(apply(
                        "{'spec':{'containers':[{'name':'a','image':'1'},{'name':'b','image':'1'}]}}",
                        "{'spec':{'containers':[{'name':'b','image':'2'},{'name':'c','image':'3'}]}}"))
                .isEqualTo(json("{'spec':{'containers':[{'name':'a','image':'1'},{'name':'b','image':'2'},"
                        + "{'name':'c','image':'3'}]}}"));
    }

    @Test
    void listsWithoutAStrategyAreReplaced() {
        assertThat(apply(
                        "{'spec':{'containers':[{'name':'a','args':['x','y']}]}}",
                        "{'spec':{'containers':[{'name':'a','args':['z']}]}}"))
                .isEqualTo(json("{'spec':{'containers':[{'name':'a','args':['z']}]}}"));
    }

    @Test
    void listsOfScalarsThatMergeBecomeSets() {
        assertThat(apply("{'metadata':{'finalizers':['a','b']}}", "{'metadata':{'finalizers':['c','a']}}"))
                .isEqualTo(json("{'metadata':{'finalizers':['c','a','b']}}"));
    }

    @Test
    void itemsAreDeletedByDirective() {
        assertThat(apply(
                        "{'spec':{'containers':[{'name':'a'},{'name':'b'}]}}",
                        "{'spec':{'containers':[{'name':'a','$patch':'delete'}]}}"))
                .isEqualTo(json("{'spec':{'containers':[{'name':'b'}]}}"));
    }

    @Test
    void listsAndObjectsAreReplacedByDirective() {
        assertThat(apply(
                        "{'spec':{'containers':[{'name':'a'},{'name':'b'}],'hostNetwork':true}}",
                        "{'spec':{'containers':[{'$patch':'replace'},{'name':'c'}]}}"))
                .isEqualTo(json("{'spec':{'containers':[{'name':'c'}],'hostNetwork':true}}"));
        assertThat(apply(
                        "{'spec':{'hostNetwork':true,'nodeName':'n'}}", "{'spec':{'$patch':'replace','nodeName':'m'}}"))
                .isEqualTo(json("{'spec':{'nodeName':'m'}}"));
        assertThat(apply(
                        "{'spec':{'securityContext':{'runAsUser':1}}}",
                        "{'spec':{'securityContext':{'$patch':'delete'}}}"))
                .isEqualTo(json("{'spec':{'securityContext':{}}}"));
    }

    @Test
    void retainedKeysDropTheOthers() {
        ObjectNode original = json("{'spec':{'strategy':{'type':'RollingUpdate','rollingUpdate':{'maxSurge':1}}}}");
        ObjectNode patch = json("{'spec':{'strategy':{'$retainKeys':['type'],'type':'Recreate'}}}");
        assertThat((JsonNode) StrategicMergePatch.apply(original, patch, Deployment.TYPE.descriptor()))
                .isEqualTo(json("{'spec':{'strategy':{'type':'Recreate'}}}"));
        assertThatThrownBy(() -> StrategicMergePatch.apply(
                        original,
                        json("{'spec':{'strategy':{'$retainKeys':['type'],'rollingUpdate':{}}}}"),
                        Deployment.TYPE.descriptor()))
                .hasMessage("invalid patch format of retainKeys");
    }

    @Test
    void elementOrderIsKeptAmongPatchAndServer() {
        assertThat(apply(
                        "{'spec':{'containers':[{'name':'a'},{'name':'server'},{'name':'b'}]}}",
                        "{'spec':{'$setElementOrder/containers':[{'name':'b'},{'name':'a'},{'name':'new'}],"
                                + "'containers':[{'name':'new'}]}}"))
                .isEqualTo(
                        json("{'spec':{'containers':[{'name':'server'},{'name':'b'},{'name':'a'},{'name':'new'}]}}"));
        assertThat(apply(
                        "{'metadata':{'finalizers':['a','b','c']}}",
                        "{'metadata':{'$setElementOrder/finalizers':['c','a'],"
                                + "'$deleteFromPrimitiveList/finalizers':['b']}}"))
                .isEqualTo(json("{'metadata':{'finalizers':['c','a']}}"));
        assertThatThrownBy(() -> apply(
                        "{'spec':{}}",
                        "{'spec':{'$setElementOrder/containers':[{'name':'a'}],'containers':[{'name':'b'}]}}"))
                .isInstanceOf(PatchException.class)
                .hasMessageContaining("doesn't match $setElementOrder list");
    }

    @Test
    void itemsWithoutTheirKeyAreRefused() {
        assertThatThrownBy(() ->
                        apply("{'spec':{'containers':[{'name':'a'}]}}", "{'spec':{'containers':[{'image':'x'}]}}"))
                .hasMessage("map: {\"image\":\"x\"} does not contain declared merge key: name");
        assertThatThrownBy(() -> apply("{'spec':{'nodeName':'a'}}", "{'spec':{'$patch':'fly'}}"))
                .hasMessageStartingWith("unknown patch type: fly in map: ");
    }

    @Test
    void nullsAndDirectivesDoNotEnterNewValues() {
        assertThat(apply(
                        "{'spec':{}}",
                        "{'spec':{'nodeName':null,'securityContext':{'runAsUser':null,'runAsGroup':1},"
                                + "'containers':[{'name':'a','$patch':'delete'},{'name':'b'}]}}"))
                .isEqualTo(json("{'spec':{'securityContext':{'runAsGroup':1},'containers':[{'name':'b'}]}}"));
    }

    @Test
    void labelsMergeByKey() {
        assertThat(apply("{'metadata':{'labels':{'a':'1','b':'2'}}}", "{'metadata':{'labels':{'a':null,'c':'3'}}}"))
                .isEqualTo(json("{'metadata':{'labels':{'b':'2','c':'3'}}}"));
    }

    @Property
    void applyingTwiceIsApplyingOnce(
            @ForAll @Size(max = 6) Set<@AlphaChars @StringLength(min = 1, max = 2) String> have,
            @ForAll @Size(max = 6) Set<@AlphaChars @StringLength(min = 1, max = 2) String> want) {
        ObjectNode original = containers(have, "1");
        ObjectNode patch = containers(want, "2");
        ObjectNode once = StrategicMergePatch.apply(original, patch, POD);
        assertThat((JsonNode) StrategicMergePatch.apply(once, patch, POD)).isEqualTo(once);
        assertThat(once.at("/spec/containers").size()).isEqualTo(union(have, want));
    }

    private static int union(Set<String> a, Set<String> b) {
        Set<String> all = new java.util.HashSet<>(a);
        all.addAll(b);
        return all.size();
    }

    private static ObjectNode containers(Set<String> names, String image) {
        ObjectNode pod = json("{'spec':{'containers':[]}}");
        names.forEach(name -> ((com.fasterxml.jackson.databind.node.ArrayNode) pod.at("/spec/containers"))
                .addObject()
                .put("name", name)
                .put("image", image));
        return pod;
    }
}
