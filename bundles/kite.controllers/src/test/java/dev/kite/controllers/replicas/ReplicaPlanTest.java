package dev.kite.controllers.replicas;

import static dev.kite.client.testing.FakeCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.api.client.Patch;
import dev.kite.behaviour.Behaviour;
import dev.kite.controllers.base.LoopRig;
import dev.kite.controllers.base.Owners;
import dev.kite.model.apps.v1.ReplicaSet;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.ReplicationController;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplicaPlanTest {
    private static final Instant NOW = Instant.parse("2026-01-01T01:00:00Z");

    private static Pod pod(String name, String node, String phase, boolean ready, String more) {
        return LoopRig.json(
                Pod.TYPE,
                "{'metadata':{'name':'%s','uid':'%s','creationTimestamp':'2026-01-01T00:00:00Z'%s},'spec':{'nodeName':'%s'},'status':{'phase':'%s','conditions':[{'type':'Ready','status':'%s','lastTransitionTime':'2026-01-01T00:00:00Z'}]}}"
                        .formatted(name, name, more, node, phase, ready ? "True" : "False"));
    }

    private static String first(Pod... pods) {
        List<Pod> all = List.of(pods);
        return ReplicaPlan.decide(all, all.size() - 1, all, NOW) instanceof ReplicaPlan.Delete(List<Pod> gone)
                ? gone.getFirst().metadata().name()
                : "none";
    }

    @Test
    void differenceIsMadeUpInBursts() {
        assertThat(ReplicaPlan.decide(List.of(), 3, List.of(), NOW)).isEqualTo(new ReplicaPlan.Create(3));
        assertThat(ReplicaPlan.decide(List.of(), 3000, List.of(), NOW)).isEqualTo(new ReplicaPlan.Create(500));
        assertThat(ReplicaPlan.decide(List.of(), 0, List.of(), NOW)).isEqualTo(new ReplicaPlan.Keep());
    }

    @Test
    void unassignedGoBeforeAssigned() {
        assertThat(first(pod("a", "n", "Pending", false, ""), pod("b", "", "Pending", false, "")))
                .isEqualTo("b");
    }

    @Test
    void pendingGoBeforeRunning() {
        assertThat(first(pod("a", "n", "Running", false, ""), pod("b", "n", "Pending", false, "")))
                .isEqualTo("b");
    }

    @Test
    void notReadyGoBeforeReady() {
        assertThat(first(pod("a", "n", "Running", true, ""), pod("b", "n", "Running", false, "")))
                .isEqualTo("b");
    }

    @Test
    void cheaperGoFirst() {
        String cost = ",'annotations':{'controller.kubernetes.io/pod-deletion-cost':'%s'}";
        assertThat(first(pod("a", "n", "Running", true, ""), pod("b", "n", "Running", true, cost.formatted("-5"))))
                .isEqualTo("b");
        assertThat(first(pod("a", "n", "Running", true, ""), pod("b", "n", "Running", true, cost.formatted("zzz"))))
                .isEqualTo("a");
    }

    @Test
    void fullerNodesAreRelieved() {
        assertThat(first(
                        pod("a", "n1", "Running", true, ""),
                        pod("b", "n2", "Running", true, ""),
                        pod("c", "n2", "Running", true, "")))
                .isEqualTo("b");
    }

    @Test
    void youngerGoFirst() {
        Pod young = pod("b", "n", "Running", false, "").toBuilder()
                .metadata(m -> m.creationTimestamp(NOW.minusSeconds(5)))
                .build();
        assertThat(first(pod("a", "n", "Running", false, ""), young)).isEqualTo("b");
    }

    @Test
    @Behaviour("Controllers: ReplicaSet")
    void orphansAreAdoptedAndStrangersReleased() throws Exception {
        try (LoopRig rig = new LoopRig()) {
            rig.put(
                    Pod.RESOURCE,
                    "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'orphan','namespace':'ns','labels':{'app':'a'}},'spec':{},'status':{'phase':'Running'}}");
            rig.run(ReplicaLoop.replicaSets());
            ReplicaSet set = rig.put(
                    ReplicaSet.RESOURCE,
                    "{'apiVersion':'apps/v1','kind':'ReplicaSet','metadata':{'name':'rs','namespace':'ns'},'spec':{'replicas':2,'selector':{'matchLabels':{'app':'a'}},'template':{'metadata':{'labels':{'app':'a'}},'spec':{'containers':[]}}}}");
            eventually(
                    "two",
                    () -> rig.all(Pod.RESOURCE).size() == 2
                            && rig.all(Pod.RESOURCE).stream().allMatch(p -> Owners.controls(set, p)));
            rig.admin()
                    .resource(Pod.RESOURCE)
                    .patch("ns", "orphan", new Patch.Merge("{\"metadata\":{\"labels\":{\"app\":\"x\"}}}"), "");
            eventually(
                    "released and replaced",
                    () -> rig.all(Pod.RESOURCE).size() == 3
                            && rig.admin()
                                    .resource(Pod.RESOURCE)
                                    .get("ns", "orphan")
                                    .metadata()
                                    .ownerReferences()
                                    .isEmpty());
        }
    }

    @Test
    @Behaviour("Controllers: ReplicationController")
    void replicationControllersKeepTheirPodsToo() throws Exception {
        try (LoopRig rig = new LoopRig()) {
            rig.withKubelet().run(ReplicaLoop.replicationControllers());
            rig.put(
                    ReplicationController.RESOURCE,
                    "{'apiVersion':'v1','kind':'ReplicationController','metadata':{'name':'rc','namespace':'ns'},'spec':{'replicas':2,'selector':{'app':'a'},'template':{'metadata':{'labels':{'app':'a'}},'spec':{'containers':[]}}}}");
            eventually(
                    "ready",
                    () -> rig.all(ReplicationController.RESOURCE)
                                    .getFirst()
                                    .status()
                                    .readyReplicas()
                            == 2);
            assertThat(rig.all(ReplicationController.RESOURCE)
                            .getFirst()
                            .status()
                            .observedGeneration())
                    .isEqualTo(1);
        }
    }

    @Test
    void failureToCreateIsAConditionAndAnEvent() throws Exception {
        try (LoopRig rig = new LoopRig()) {
            rig.api().fail(r -> r.method().equals("POST") && r.path().endsWith("/pods") ? 403 : null);
            rig.run(ReplicaLoop.replicaSets());
            rig.put(
                    ReplicaSet.RESOURCE,
                    "{'apiVersion':'apps/v1','kind':'ReplicaSet','metadata':{'name':'rs','namespace':'ns'},'spec':{'replicas':20,'selector':{'matchLabels':{'app':'a'}},'template':{'metadata':{'labels':{'app':'a'}},'spec':{'containers':[]}}}}");
            eventually(
                    "told",
                    () -> rig.all(ReplicaSet.RESOURCE).getFirst().status().conditions().stream()
                            .anyMatch(c -> c.type().equals("ReplicaFailure")
                                    && c.reason().equals("FailedCreate")));
            eventually("event", () -> rig.events("FailedCreate").contains("Error creating: injected fault"));
            rig.api().heal();
            eventually("healed", () -> rig.all(Pod.RESOURCE).size() == 20);
            eventually(
                    "condition gone",
                    () -> rig.all(ReplicaSet.RESOURCE)
                            .getFirst()
                            .status()
                            .conditions()
                            .isEmpty());
            Thread.sleep(50);
            assertThat(rig.all(Pod.RESOURCE)).hasSize(20);
        }
    }
}
