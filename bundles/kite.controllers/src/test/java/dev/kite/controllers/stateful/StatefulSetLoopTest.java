package dev.kite.controllers.stateful;

import static dev.kite.client.testing.FakeCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.api.client.Patch;
import dev.kite.behaviour.Behaviour;
import dev.kite.controllers.base.LoopRig;
import dev.kite.controllers.base.Pods;
import dev.kite.model.apps.v1.StatefulSet;
import dev.kite.model.core.v1.PersistentVolumeClaim;
import dev.kite.model.core.v1.Pod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StatefulSetLoopTest {
    private final LoopRig rig = new LoopRig();

    @AfterEach
    void end() throws Exception {
        rig.close();
    }

    private void set(int replicas, String more) {
        rig.put(
                StatefulSet.RESOURCE,
                "{'apiVersion':'apps/v1','kind':'StatefulSet','metadata':{'name':'db','namespace':'ns'},'spec':{'replicas':%d,'serviceName':'db','selector':{'matchLabels':{'app':'db'}},'updateStrategy':{'type':'RollingUpdate','rollingUpdate':{'partition':0}},'template':{'metadata':{'labels':{'app':'db'}},'spec':{'containers':[{'name':'c','image':'i:1'}]}}%s}}"
                        .formatted(replicas, more));
    }

    private StatefulSet set() {
        return rig.admin().resource(StatefulSet.RESOURCE).get("ns", "db");
    }

    private void patch(String spec) {
        rig.admin()
                .resource(StatefulSet.RESOURCE)
                .patch("ns", "db", new Patch.Merge(("{'spec':" + spec + "}").replace('\'', '"')), "");
    }

    private void image(String image) {
        patch("{'template':{'spec':{'containers':[{'name':'c','image':'" + image + "'}]}}}");
    }

    private List<String> names() {
        return rig.all(Pod.RESOURCE).stream()
                .filter(p -> !Pods.isTerminating(p))
                .map(p -> p.metadata().name())
                .sorted()
                .toList();
    }

    private List<String> follow() {
        List<String> order = new CopyOnWriteArrayList<>();
        rig.admin().informers().informer(Pod.RESOURCE).onChange((before, after) -> {
            if (before == null) {
                order.add("+" + after.metadata().name());
            } else if (after == null) {
                order.add("-" + before.metadata().name());
            }
        });
        return order;
    }

    @Test
    @Behaviour("Controllers: StatefulSet")
    void podsComeAndGoInOrderAndKeepTheirClaims() {
        List<String> order = follow();
        rig.withKubelet().run(new StatefulSetLoop());
        set(
                3,
                ",'volumeClaimTemplates':[{'metadata':{'name':'data'},'spec':{'accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'1Gi'}}}}]");
        eventually(
                "ready",
                () -> set().status().readyReplicas() == 3 && set().status().currentReplicas() == 3);
        assertThat(order).containsExactly("+db-0", "+db-1", "+db-2");
        Pod pod = rig.admin().resource(Pod.RESOURCE).get("ns", "db-1");
        assertThat(pod.spec().hostname()).isEqualTo("db-1");
        assertThat(pod.spec().subdomain()).isEqualTo("db");
        assertThat(pod.metadata().labels())
                .containsEntry("statefulset.kubernetes.io/pod-name", "db-1")
                .containsEntry("apps.kubernetes.io/pod-index", "1");
        assertThat(pod.spec().volumes().getFirst().persistentVolumeClaim().claimName())
                .isEqualTo("data-db-1");
        assertThat(rig.all(PersistentVolumeClaim.RESOURCE))
                .extracting(c -> c.metadata().name())
                .containsExactlyInAnyOrder("data-db-0", "data-db-1", "data-db-2");
        assertThat(rig.all(PersistentVolumeClaim.RESOURCE).getFirst().metadata().labels())
                .containsEntry("app", "db");
        patch("{'replicas':1}");
        eventually(
                "one", () -> names().equals(List.of("db-0")) && set().status().replicas() == 1);
        assertThat(order.subList(3, 5)).containsExactly("-db-2", "-db-1");
        assertThat(rig.all(PersistentVolumeClaim.RESOURCE)).hasSize(3);
        eventually(
                "events",
                () -> rig.events("SuccessfulCreate").contains("create Pod db-0 in StatefulSet db successful")
                        && rig.events("SuccessfulCreate")
                                .contains("create Claim data-db-0 Pod db-0 in StatefulSet db success")
                        && rig.events("SuccessfulDelete").contains("delete Pod db-2 in StatefulSet db successful"));
    }

    @Test
    void updateGoesFromTheLastToTheFirst() {
        rig.withKubelet().run(new StatefulSetLoop());
        set(3, "");
        eventually(
                "ready",
                () -> set().status().readyReplicas() == 3 && set().status().updatedReplicas() == 3);
        List<String> order = follow();
        eventually("seen", () -> order.size() == 3);
        image("i:2");
        eventually(
                "rolled",
                () -> rig.all(Pod.RESOURCE).stream()
                                .allMatch(p ->
                                        p.spec().containers().getFirst().image().equals("i:2"))
                        && set().status()
                                .currentRevision()
                                .equals(set().status().updateRevision())
                        && set().status().updatedReplicas() == 3);
        assertThat(new ArrayList<>(order.subList(3, order.size())))
                .containsExactly("-db-2", "+db-2", "-db-1", "+db-1", "-db-0", "+db-0");
    }

    @Test
    void partitionHoldsLowerPodsBack() {
        rig.withKubelet().run(new StatefulSetLoop());
        set(3, "");
        eventually("ready", () -> set().status().readyReplicas() == 3);
        patch(
                "{'updateStrategy':{'rollingUpdate':{'partition':2}},'template':{'spec':{'containers':[{'name':'c','image':'i:2'}]}}}");
        eventually(
                "last rolled",
                () -> rig.admin()
                        .resource(Pod.RESOURCE)
                        .find("ns", "db-2")
                        .map(p -> p.spec().containers().getFirst().image().equals("i:2") && Pods.isReady(p))
                        .orElse(false));
        rig.admin().resource(Pod.RESOURCE).delete("ns", "db-0", dev.kite.api.client.DeleteRequest.NOW);
        eventually(
                "back with the old template",
                () -> rig.admin()
                        .resource(Pod.RESOURCE)
                        .find("ns", "db-0")
                        .map(Pods::isReady)
                        .orElse(false));
        assertThat(rig.admin()
                        .resource(Pod.RESOURCE)
                        .get("ns", "db-0")
                        .spec()
                        .containers()
                        .getFirst()
                        .image())
                .isEqualTo("i:1");
        eventually(
                "status",
                () -> set().status().updatedReplicas() == 1 && set().status().currentReplicas() == 2);
        assertThat(set().status().currentRevision()).isNotEqualTo(set().status().updateRevision());
    }

    @Test
    void parallelPodsComeTogether() {
        rig.run(new StatefulSetLoop());
        set(3, ",'podManagementPolicy':'Parallel'");
        eventually("all", () -> names().equals(List.of("db-0", "db-1", "db-2")));
    }

    @Test
    void nextPodWaitsUntilTheOneBeforeIsReady() throws Exception {
        rig.run(new StatefulSetLoop());
        set(2, "");
        eventually("first", () -> names().equals(List.of("db-0")));
        eventually("status", () -> set().status().replicas() == 1);
        assertThat(names()).containsExactly("db-0");
        rig.setReady(rig.all(Pod.RESOURCE).getFirst(), true);
        eventually("second", () -> names().equals(List.of("db-0", "db-1")));
    }

    @Test
    void failedPodIsMadeAnewUnderItsName() {
        rig.withKubelet().run(new StatefulSetLoop());
        set(1, "");
        eventually("ready", () -> set().status().readyReplicas() == 1);
        String uid = rig.all(Pod.RESOURCE).getFirst().metadata().uid();
        rig.finish(rig.all(Pod.RESOURCE).getFirst(), "Failed");
        eventually(
                "anew",
                () -> rig.admin()
                        .resource(Pod.RESOURCE)
                        .find("ns", "db-0")
                        .map(p -> !p.metadata().uid().equals(uid))
                        .orElse(false));
        eventually(
                "event",
                () -> rig.events("RecreatingFailedPod").contains("StatefulSet ns/db is recreating failed Pod db-0"));
    }

    @Test
    void ordinalsAreReadStrictly() {
        StatefulSet set = LoopRig.json(StatefulSet.TYPE, "{'metadata':{'name':'db'}}");
        for (String name : List.of("db-x", "db-01", "db-", "other-1", "db--1", "db-9999999999")) {
            assertThat(Identity.ordinal(set, LoopRig.json(Pod.TYPE, "{'metadata':{'name':'" + name + "'}}")))
                    .as(name)
                    .isEqualTo(-1);
        }
        assertThat(Identity.ordinal(set, LoopRig.json(Pod.TYPE, "{'metadata':{'name':'db-10'}}")))
                .isEqualTo(10);
    }

    @Test
    void sickPodIsUpdatedFirstAndOthersWait() {
        StatefulSet set = LoopRig.json(
                StatefulSet.TYPE,
                "{'metadata':{'name':'db'},'spec':{'replicas':2,'podManagementPolicy':'Parallel','updateStrategy':{'type':'RollingUpdate'}}}");
        String pod =
                "{'metadata':{'name':'db-%d','labels':{'controller-revision-hash':'old'}},'status':{'phase':'Running','conditions':[{'type':'Ready','status':'%s','lastTransitionTime':'2026-01-01T00:00:00Z'}]}}";
        Pod well = LoopRig.json(Pod.TYPE, pod.formatted(0, "True"));
        Pod sick = LoopRig.json(Pod.TYPE, pod.formatted(1, "False"));
        assertThat(StatefulPlan.of(set, "old", "new", List.of(well, sick), Instant.now())
                        .update())
                .containsExactly(sick);
    }
}
