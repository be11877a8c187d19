package dev.kite.controllers.garbage;

import static dev.kite.client.testing.FakeCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.api.client.DeleteRequest;
import dev.kite.behaviour.Behaviour;
import dev.kite.controllers.base.LoopRig;
import dev.kite.model.apps.v1.ReplicaSet;
import dev.kite.model.core.v1.ConfigMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GarbageCollectorLoopTest {
    private final LoopRig rig = new LoopRig();

    @AfterEach
    void end() throws Exception {
        rig.close();
    }

    private void owner(String name, String finalizers) {
        rig.put(
                ReplicaSet.RESOURCE,
                "{'apiVersion':'apps/v1','kind':'ReplicaSet','metadata':{'name':'%s','namespace':'ns','uid':'u-%s'%s}}"
                        .formatted(name, name, finalizers));
    }

    private void owned(String name, String owners) {
        rig.put(
                ConfigMap.RESOURCE,
                "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'%s','namespace':'ns','ownerReferences':[%s]}}"
                        .formatted(name, owners));
    }

    private static String by(String owner, boolean block) {
        return "{'apiVersion':'apps/v1','kind':'ReplicaSet','name':'%s','uid':'u-%s','controller':false,'blockOwnerDeletion':%s}"
                .formatted(owner, owner, block);
    }

    private boolean there(String name) {
        return rig.api().get("", "configmaps", "ns", name) != null;
    }

    private void delete(String name, String policy) {
        rig.admin().resource(ReplicaSet.RESOURCE).delete("ns", name, new DeleteRequest(null, policy, "", ""));
    }

    @Test
    @Behaviour("Garbage collection in the foreground, in the background and orphaning")
    void dependentsGoInTheBackgroundAfterTheirOwner() {
        owner("a", "");
        owned("one", by("a", true));
        owned("free", "");
        rig.run(new GarbageCollectorLoop());
        delete("a", "Background");
        eventually("gone", () -> !there("one"));
        assertThat(there("free")).isTrue();
    }

    @Test
    void absentOwnerIsFoundOutByAskingTheServer() {
        owned("lost", by("never", true));
        owner("a", "");
        owned("kept", by("a", true));
        rig.run(new GarbageCollectorLoop());
        eventually("gone", () -> !there("lost"));
        assertThat(there("kept")).isTrue();
    }

    @Test
    void ownerOfTheSameNameButAnotherUidDoesNotKeepItsDependents() {
        owner("a", "");
        owned("old", "{'apiVersion':'apps/v1','kind':'ReplicaSet','name':'a','uid':'another'}");
        rig.run(new GarbageCollectorLoop());
        eventually("gone", () -> !there("old"));
    }

    @Test
    @Behaviour("Garbage collection in the foreground, in the background and orphaning")
    void foregroundDeletionWaitsForWhatBlocks() {
        owner("a", "");
        owned("blocked", by("a", true));
        rig.api()
                .put(
                        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"held\",\"namespace\":\"ns\",\"finalizers\":[\"x/y\"],\"ownerReferences\":["
                                + by("a", true).replace('\'', '"') + "]}}");
        rig.run(new GarbageCollectorLoop());
        delete("a", "Foreground");
        eventually(
                "first gone, second going",
                () -> !there("blocked")
                        && rig.api()
                                .get("", "configmaps", "ns", "held")
                                .path("metadata")
                                .has("deletionTimestamp"));
        assertThat(rig.api().get("apps", "replicasets", "ns", "a")).isNotNull();
        rig.admin()
                .resource(ConfigMap.RESOURCE)
                .patch("ns", "held", new dev.kite.api.client.Patch.Merge("{\"metadata\":{\"finalizers\":null}}"), "");
        eventually("owner gone", () -> rig.api().get("apps", "replicasets", "ns", "a") == null);
    }

    @Test
    @Behaviour("Garbage collection in the foreground, in the background and orphaning")
    void orphansStayWithoutTheirReference() {
        owner("a", "");
        owned("one", by("a", true));
        rig.run(new GarbageCollectorLoop());
        delete("a", "Orphan");
        eventually("owner gone", () -> rig.api().get("apps", "replicasets", "ns", "a") == null);
        assertThat(there("one")).isTrue();
        assertThat(rig.api().get("", "configmaps", "ns", "one").path("metadata").has("ownerReferences"))
                .isFalse();
    }

    @Test
    void oneSolidOwnerKeepsTheObjectAndTheOthersAreForgotten() {
        owner("a", "");
        owner("b", "");
        owned("both", by("a", false) + "," + by("b", false));
        rig.run(new GarbageCollectorLoop());
        delete("a", "Background");
        eventually(
                "released",
                () -> rig.api()
                                .get("", "configmaps", "ns", "both")
                                .path("metadata")
                                .path("ownerReferences")
                                .size()
                        == 1);
        assertThat(rig.api()
                        .get("", "configmaps", "ns", "both")
                        .path("metadata")
                        .path("ownerReferences")
                        .get(0)
                        .path("uid")
                        .asText())
                .isEqualTo("u-b");
    }

    @Test
    void unknownOwnerKindKeepsTheObject() throws Exception {
        owned("strange", "{'apiVersion':'example.org/v1','kind':'Thing','name':'t','uid':'u-t'}");
        owned("lost", by("never", true));
        rig.run(new GarbageCollectorLoop());
        eventually("worked", () -> !there("lost"));
        assertThat(there("strange")).isTrue();
    }
}
