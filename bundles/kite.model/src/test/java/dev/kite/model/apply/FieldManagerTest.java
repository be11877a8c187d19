package dev.kite.model.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.model.apps.v1.Deployment;
import dev.kite.model.core.v1.Service;
import dev.kite.model.json.JsonTrees;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FieldManagerTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String HEAD =
            "'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'d','namespace':'n'";
    private final MergeType type = MergeType.of(Deployment.TYPE.descriptor());
    private final FieldManager fields = new FieldManager(Versions.only("apps/v1", type));

    private static ObjectNode json(String text) {
        return JsonTrees.readObject(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static FieldManager.Write by(String manager) {
        return by(manager, NOW);
    }

    private static FieldManager.Write by(String manager, Instant now) {
        return new FieldManager.Write(manager, "apps/v1", "", now, FieldSet.ofFields("status"));
    }

    private static ObjectNode deployment(String spec) {
        return json("{" + HEAD + "},'spec':" + spec + "}");
    }

    private static String owned(ObjectNode object, String manager) {
        for (Owner owner : ManagedFields.read(object)) {
            if (owner.manager().equals(manager)) {
                return owner.fields().toString().replace('"', '\'');
            }
        }
        return "nothing";
    }

    private static JsonNode spec(ObjectNode object) {
        return object.path("spec");
    }

    @Test
    void applyingMakesTheApplierOwnWhatItSays() {
        ObjectNode made = fields.apply(
                null,
                deployment("{'replicas':1,'template':{'spec':{'containers':[{'name':'c','image':'i'}]}}}"),
                by("a"),
                false);
        assertThat(owned(made, "a"))
                .isEqualTo(
                        "{'f:spec':{'f:replicas':{},'f:template':{'f:spec':{'f:containers':{'k:{\\'name\\':\\'c\\'}':"
                                + "{'.':{},'f:image':{},'f:name':{}}}}}}}");
        assertThat(made.at("/metadata/managedFields/0").toString())
                .startsWith("{\"manager\":\"a\",\"operation\":\"Apply\",\"apiVersion\":\"apps/v1\","
                        + "\"time\":\"2026-01-01T00:00:00Z\",\"fieldsType\":\"FieldsV1\",\"fieldsV1\":{");
    }

    @Test
    void applyingAgainChangesNothing() {
        ObjectNode config = deployment("{'replicas':1,'paused':true}");
        ObjectNode made = fields.apply(null, config, by("a"), false);
        assertThat(fields.apply(made, config, by("a", NOW.plusSeconds(60)), false))
                .isSameAs(made);
    }

    @Test
    void whatIsNoLongerAppliedIsRemovedUnlessOthersOwnIt() {
        ObjectNode one =
                fields.apply(null, deployment("{'replicas':1,'paused':true,'minReadySeconds':5}"), by("a"), false);
        ObjectNode two = fields.apply(one, deployment("{'minReadySeconds':5}"), by("b"), false);
        ObjectNode three = fields.apply(two, deployment("{'replicas':1}"), by("a"), false);
        assertThat(spec(three)).isEqualTo(json("{'replicas':1,'minReadySeconds':5}"));
        assertThat(owned(three, "a")).isEqualTo("{'f:spec':{'f:replicas':{}}}");
        assertThat(owned(three, "b")).isEqualTo("{'f:spec':{'f:minReadySeconds':{}}}");
    }

    @Test
    void itemsThatOthersAddedStay() {
        ObjectNode one = fields.apply(
                null, deployment("{'template':{'spec':{'containers':[{'name':'a','image':'1'}]}}}"), by("a"), false);
        ObjectNode two = fields.apply(
                one, deployment("{'template':{'spec':{'containers':[{'name':'b','image':'2'}]}}}"), by("b"), false);
        assertThat(two.at("/spec/template/spec/containers").size()).isEqualTo(2);
        ObjectNode three = fields.apply(two, deployment("{'template':{'spec':{'containers':[]}}}"), by("a"), false);
        assertThat(three.at("/spec/template/spec/containers"))
                .isEqualTo(json("{'x':[{'name':'b','image':'2'}]}").get("x"));
    }

    @Test
    void changingWhatAnotherOwnsConflicts() {
        ObjectNode one = fields.apply(null, deployment("{'replicas':1,'paused':true}"), by("a"), false);
        ApplyConflictException conflict = catchThrowableOfType(
                ApplyConflictException.class, () -> fields.apply(one, deployment("{'replicas':2}"), by("b"), false));
        assertThat(conflict).hasMessage("Apply failed with 1 conflict: conflict with \"a\": .spec.replicas");
        assertThat(conflict.conflicts())
                .containsExactly(new ApplyConflictException.Conflict("conflict with \"a\"", ".spec.replicas"));
        ObjectNode two = fields.apply(one, deployment("{'replicas':2}"), by("b"), true);
        assertThat(spec(two)).isEqualTo(json("{'replicas':2,'paused':true}"));
        assertThat(owned(two, "a")).isEqualTo("{'f:spec':{'f:paused':{}}}");
        assertThat(owned(two, "b")).isEqualTo("{'f:spec':{'f:replicas':{}}}");
    }

    @Test
    void conflictsNameItemsByTheirKeys() {
        ObjectNode one = fields.update(
                null,
                deployment("{'replicas':1,'template':{'spec':{'containers':[{'name':'c','image':'1'}]}}}"),
                by("kubectl-create"));
        assertThatThrownBy(() -> fields.apply(
                        one,
                        deployment("{'replicas':2,'template':{'spec':{'containers':[{'name':'c','image':'2'}]}}}"),
                        by("b"),
                        false))
                .hasMessage("Apply failed with 2 conflicts: conflicts with \"kubectl-create\" using apps/v1:\n"
                        + "- .spec.replicas\n- .spec.template.spec.containers[name=\"c\"].image");
    }

    @Test
    void sharedValuesAreOwnedByBoth() {
        ObjectNode one = fields.apply(null, deployment("{'replicas':1}"), by("a"), false);
        ObjectNode two = fields.apply(one, deployment("{'replicas':1}"), by("b"), false);
        assertThat(owned(two, "a")).isEqualTo(owned(two, "b")).isEqualTo("{'f:spec':{'f:replicas':{}}}");
        ObjectNode three = fields.apply(two, deployment("{}"), by("a"), false);
        assertThat(spec(three)).isEqualTo(json("{'replicas':1}"));
        ObjectNode four = fields.apply(three, deployment("{}"), by("b"), false);
        assertThat(spec(four).has("replicas")).isFalse();
    }

    @Test
    void otherWritesTakeWhatTheyChange() {
        ObjectNode one = fields.update(null, json("{" + HEAD + ",'labels':{'l':'1'}},'spec':{'replicas':1}}"), by("u"));
        assertThat(owned(one, "u"))
                .isEqualTo("{'f:metadata':{'f:labels':{'.':{},'f:l':{}}},'f:spec':{'.':{},'f:replicas':{}}}");
        ObjectNode changed = one.deepCopy();
        changed.withObject("/spec").put("replicas", 3);
        ObjectNode two = fields.update(one, changed, by("scaler", NOW.plusSeconds(5)));
        assertThat(owned(two, "scaler")).isEqualTo("{'f:spec':{'f:replicas':{}}}");
        assertThat(owned(two, "u"))
                .isEqualTo(
                        "{'f:metadata':{'f:labels':{'.':{},'f:l':{}}},'f:spec':{'.':{}}}".replace("{'.':{}}}", "{}}"));
        assertThat(fields.update(two, two.deepCopy(), by("nobody"))).isEqualTo(two);
    }

    @Test
    void statusIsNotOwnedByWritersOfTheObject() {
        ObjectNode one =
                fields.update(null, json("{" + HEAD + "},'spec':{'replicas':1},'status':{'replicas':1}}"), by("u"));
        assertThat(owned(one, "u")).doesNotContain("status");
    }

    @Test
    void ownershipIsGivenUpByAnEmptyEntryAndTakenUpByTheFirstApply() {
        ObjectNode one = fields.update(null, deployment("{'replicas':1}"), by("u"));
        ObjectNode reset = one.deepCopy();
        reset.withObject("/metadata").putArray("managedFields").addObject();
        ObjectNode two = fields.update(one, reset, by("u"));
        assertThat(two.path("metadata").has("managedFields")).isFalse();
        ObjectNode three = fields.update(two, deployment("{'replicas':2}"), by("u"));
        assertThat(three.path("metadata").has("managedFields")).isFalse();
        ObjectNode four = fields.apply(three, deployment("{'paused':true}"), by("a"), false);
        assertThat(owned(four, "before-first-apply")).isEqualTo("{'f:spec':{'.':{},'f:replicas':{}}}");
    }

    @Test
    void oldWritersAreJoined() {
        ObjectNode object = fields.update(null, deployment("{'replicas':0}"), by("first"));
        for (int i = 1; i <= 15; i++) {
            ObjectNode next = object.deepCopy();
            next.withObject("/metadata/labels").put("l" + i, "x");
            object = fields.update(object, next, by("w" + i, NOW.plusSeconds(i)));
        }
        List<Owner> owners = ManagedFields.read(object);
        assertThat(owners).hasSize(FieldManager.MAX_UPDATERS);
        assertThat(owners)
                .extracting(Owner::manager)
                .contains("ancient-changes", "w15")
                .doesNotContain("first", "w1");
        assertThat(owned(object, "ancient-changes")).contains("f:replicas").contains("f:l1");
    }

    @Test
    void absentKeysHaveTheirDefaults() {
        FieldManager services = new FieldManager(Versions.only("v1", MergeType.of(Service.TYPE.descriptor())));
        FieldManager.Write write = new FieldManager.Write("a", "v1", "", NOW, FieldSet.EMPTY);
        ObjectNode live =
                json("{'metadata':{'name':'s'},'spec':{'ports':[{'port':80,'protocol':'TCP','nodePort':30000}]}}");
        ObjectNode applied = services.apply(
                live, json("{'metadata':{'name':'s'},'spec':{'ports':[{'port':80,'name':'http'}]}}"), write, false);
        assertThat(spec(applied))
                .isEqualTo(json("{'ports':[{'port':80,'protocol':'TCP','nodePort':30000,'name':'http'}]}"));
    }

    @Test
    void configurationsThatCannotBeMergedAreRefused() {
        assertThatThrownBy(() -> fields.apply(
                        null, deployment("{'template':{'spec':{'containers':[{'image':'i'}]}}}"), by("a"), false))
                .isInstanceOf(ApplyException.class);
        assertThatThrownBy(() -> fields.apply(
                        deployment("{}"),
                        deployment("{'template':{'spec':{'containers':[{'name':'a'},{'name':'a'}]}}}"),
                        by("a"),
                        false))
                .isInstanceOf(ApplyException.class)
                .hasMessage("duplicate entries for key [name=\"a\"]");
        ObjectNode withFields = deployment("{}");
        withFields.withObject("/metadata").putArray("managedFields").addObject();
        assertThatThrownBy(() -> fields.apply(null, withFields, by("a"), false))
                .hasMessage("metadata.managedFields must be nil");
    }

    @Test
    void writesWhoseItemsHaveNoKeysStandWithoutNewOwners() {
        ObjectNode one = fields.update(null, deployment("{'replicas':1}"), by("u"));
        ObjectNode two = fields.update(
                one, deployment("{'replicas':2,'template':{'spec':{'containers':[{'image':'i'}]}}}"), by("v"));
        assertThat(spec(two).path("replicas").asInt()).isEqualTo(2);
        assertThat(ManagedFields.read(two)).extracting(Owner::manager).containsExactly("u");
    }

    @Test
    void liveItemsWithTheSameKeyStayUnlessTheConfigurationHasThem() {
        ObjectNode live =
                deployment("{'template':{'spec':{'containers':[{'name':'a','image':'1'},{'name':'a','image':'2'},"
                        + "{'name':'b'}]}}}");
        ObjectNode other = Merging.merge(live, deployment("{'template':{'spec':{'containers':[{'name':'c'}]}}}"), type);
        assertThat(other.at("/spec/template/spec/containers").size()).isEqualTo(4);
        ObjectNode same = Merging.merge(
                live, deployment("{'template':{'spec':{'containers':[{'name':'a','image':'3'}]}}}"), type);
        assertThat(same.at("/spec/template/spec/containers").findValuesAsText("image"))
                .containsExactly("3");
    }

    @Test
    void kubectlTakesOverWhatItAppliedFromTheClient() {
        ObjectNode object = json("{" + HEAD + ",'annotations':{'kubectl.kubernetes.io/last-applied-configuration':"
                + "'{\\\\\"apiVersion\\\\\":\\\\\"apps/v1\\\\\",\\\\\"spec\\\\\":{\\\\\"replicas\\\\\":1}}'}},'spec':{'replicas':1,'paused':true}}"
                        .replace("\\\\\"", "\\\""));
        ObjectNode live = fields.update(null, object, by("kubectl-client-side-apply"));
        ObjectNode taken = fields.apply(live, deployment("{'replicas':2}"), by("kubectl"), false);
        assertThat(spec(taken).path("replicas").asInt()).isEqualTo(2);
        assertThat(taken.at("/metadata/annotations").toString()).contains("\\\"replicas\\\":2");
        assertThatThrownBy(() -> fields.apply(live, deployment("{'paused':false}"), by("kubectl"), false))
                .isInstanceOf(ApplyConflictException.class);
    }

    @Test
    void ownersInVersionsThatAreGoneAreForgotten() {
        ObjectNode one = fields.update(
                null, deployment("{'replicas':1}"), new FieldManager.Write("old", "apps/v1", "", NOW, FieldSet.EMPTY));
        ObjectNode live = json(one.toString()
                .replace(
                        "\"operation\":\"Update\",\"apiVersion\":\"apps/v1\"",
                        "\"operation\":\"Update\",\"apiVersion\":\"apps/v1beta1\""));
        ObjectNode two = fields.apply(live, deployment("{'replicas':2}"), by("a"), false);
        assertThat(ManagedFields.read(two)).extracting(Owner::manager).containsExactly("a");
    }

    @Test
    void customResourcesFollowTheirSchema() {
        MergeType custom =
                MergeType.ofCustomResource(json("{'type':'object','properties':{'spec':{'type':'object','properties':"
                        + "{'keyed':{'type':'array','x-kubernetes-list-type':'map','x-kubernetes-list-map-keys':['id'],'items':"
                        + "{'type':'object','properties':{'id':{'type':'integer'},'v':{'type':'string'}}}},'set':{'type':'array',"
                        + "'x-kubernetes-list-type':'set','items':{'type':'string'}},'plain':{'type':'array','items':{'type':'string'}},"
                        + "'free':{'type':'object','x-kubernetes-preserve-unknown-fields':true}}}}}"));
        ObjectNode live = json("{'spec':{'keyed':[{'id':1,'v':'a'}],'set':['x'],'plain':['p'],'free':{'a':1}}}");
        ObjectNode config = json("{'spec':{'keyed':[{'id':2,'v':'b'}],'set':['y'],'plain':['q'],'free':{'b':2}}}");
        assertThat((JsonNode) Merging.merge(live, config, custom))
                .isEqualTo(json("{'spec':{'keyed':[{'id':1,'v':'a'},{'id':2,'v':'b'}],'set':['x','y'],'plain':['q'],"
                        + "'free':{'a':1,'b':2}}}"));
        assertThat(FieldSets.of(config, custom).toString().replace('"', '\''))
                .isEqualTo("{'f:spec':{'f:free':{'f:b':{}},'f:keyed':{'k:{\\'id\\':2}':{'.':{},'f:id':{},'f:v':{}}},"
                        + "'f:plain':{},'f:set':{'v:\\'y\\'':{}}}}");
    }
}
