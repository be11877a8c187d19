package dev.kite.controllers.daemon;

import static dev.kite.client.testing.FakeCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.api.client.Patch;
import dev.kite.behaviour.Behaviour;
import dev.kite.controllers.base.LoopRig;
import dev.kite.controllers.base.Pods;
import dev.kite.model.apps.v1.ControllerRevision;
import dev.kite.model.apps.v1.DaemonSet;
import dev.kite.model.core.v1.Node;
import dev.kite.model.core.v1.Pod;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DaemonSetLoopTest {
    private final LoopRig rig = new LoopRig();

    @AfterEach
    void end() throws Exception {
        rig.close();
    }

    private void node(String name, String labels, String spec) {
        rig.put(
                Node.RESOURCE,
                "{'apiVersion':'v1','kind':'Node','metadata':{'name':'%s','labels':{%s}},'spec':{%s}}"
                        .formatted(name, labels, spec));
    }

    private void set(String update, String spec) {
        rig.put(
                DaemonSet.RESOURCE,
                "{'apiVersion':'apps/v1','kind':'DaemonSet','metadata':{'name':'d','namespace':'ns'},'spec':{'revisionHistoryLimit':1,'selector':{'matchLabels':{'app':'d'}},'updateStrategy':%s,'template':{'metadata':{'labels':{'app':'d'}},'spec':{'containers':[{'name':'c','image':'i:1'}]%s}}}}"
                        .formatted(update, spec));
    }

    private static final String ROLLING = "{'type':'RollingUpdate','rollingUpdate':{'maxUnavailable':1,'maxSurge':0}}";

    private DaemonSet set() {
        return rig.admin().resource(DaemonSet.RESOURCE).get("ns", "d");
    }

    private void image(String image) {
        rig.admin()
                .resource(DaemonSet.RESOURCE)
                .patch(
                        "ns",
                        "d",
                        new Patch.Merge(
                                "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\""
                                        + image + "\"}]}}}}"),
                        "");
    }

    private boolean rolled(String image, int count) {
        List<Pod> pods = rig.all(Pod.RESOURCE);
        return pods.size() == count
                && pods.stream()
                        .allMatch(p -> p.spec().containers().getFirst().image().equals(image) && Pods.isReady(p))
                && set().status().numberAvailable() == count
                && set().status().updatedNumberScheduled() == count;
    }

    @Test
    @Behaviour("Controllers: DaemonSet")
    void eachNodeThatIsSelectedGetsOnePod() {
        node("a", "'kind':'edge'", "");
        node(
                "b",
                "'kind':'edge'",
                "'unschedulable':true,'taints':[{'key':'node.kubernetes.io/unschedulable','effect':'NoSchedule'}]");
        node("c", "", "");
        node("d", "'kind':'edge'", "'taints':[{'key':'mine','effect':'NoSchedule'}]");
        rig.withKubelet().run(new DaemonSetLoop());
        set(ROLLING, ",'nodeSelector':{'kind':'edge'}");
        eventually("two ready", () -> set().status().numberReady() == 2);
        assertThat(rig.all(Pod.RESOURCE)).extracting(DaemonPods::node).containsExactlyInAnyOrder("a", "b");
        Pod pod = rig.all(Pod.RESOURCE).getFirst();
        assertThat(pod.metadata().labels()).containsKey("controller-revision-hash");
        assertThat(pod.spec().tolerations())
                .extracting(t -> t.key())
                .contains("node.kubernetes.io/not-ready", "node.kubernetes.io/unschedulable");
        assertThat(set().status().desiredNumberScheduled()).isEqualTo(2);
        node("e", "'kind':'edge'", "");
        eventually("third", () -> set().status().numberReady() == 3);
        rig.admin()
                .resource(Node.RESOURCE)
                .patch("", "e", new Patch.Merge("{\"metadata\":{\"labels\":{\"kind\":\"core\"}}}"), "");
        eventually("gone again", () -> rig.all(Pod.RESOURCE).size() == 2);
    }

    @Test
    void rollingUpdateReplacesPodsAndKeepsRevisions() {
        node("a", "", "");
        node("b", "", "");
        node("c", "", "");
        rig.withKubelet().run(new DaemonSetLoop());
        set(ROLLING, "");
        eventually("ready", () -> rolled("i:1", 3));
        image("i:2");
        eventually("rolled", () -> rolled("i:2", 3));
        image("i:3");
        eventually("rolled", () -> rolled("i:3", 3));
        eventually("history", () -> rig.all(ControllerRevision.RESOURCE).size() == 2);
        image("i:2");
        eventually("back", () -> rolled("i:2", 3));
        assertThat(rig.all(ControllerRevision.RESOURCE))
                .extracting(ControllerRevision::revision)
                .containsExactlyInAnyOrder(3L, 4L);
        assertThat(rig.all(ControllerRevision.RESOURCE)
                        .getFirst()
                        .data()
                        .tree()
                        .path("spec")
                        .path("template")
                        .path("$patch")
                        .asText())
                .isEqualTo("replace");
    }

    @Test
    void surgeStartsTheNewBeforeTheOldGoes() {
        node("a", "", "");
        node("b", "", "");
        rig.withKubelet().run(new DaemonSetLoop());
        set("{'type':'RollingUpdate','rollingUpdate':{'maxUnavailable':0,'maxSurge':1}}", "");
        eventually("ready", () -> rolled("i:1", 2));
        image("i:2");
        eventually("rolled", () -> rolled("i:2", 2));
    }

    @Test
    void deletedByHandOnlyWhenSoAsked() {
        node("a", "", "");
        rig.withKubelet().run(new DaemonSetLoop());
        set("{'type':'OnDelete'}", "");
        eventually("ready", () -> rolled("i:1", 1));
        image("i:2");
        eventually(
                "seen",
                () -> set().status().observedGeneration() == set().metadata().generation());
        assertThat(rig.all(Pod.RESOURCE)
                        .getFirst()
                        .spec()
                        .containers()
                        .getFirst()
                        .image())
                .isEqualTo("i:1");
        rig.admin()
                .resource(Pod.RESOURCE)
                .delete(
                        "ns",
                        rig.all(Pod.RESOURCE).getFirst().metadata().name(),
                        dev.kite.api.client.DeleteRequest.NOW);
        eventually("new", () -> rolled("i:2", 1));
    }

    @Test
    void endedPodIsReplaced() {
        node("a", "", "");
        rig.withKubelet().run(new DaemonSetLoop());
        set(ROLLING, "");
        eventually("ready", () -> rolled("i:1", 1));
        String first = rig.all(Pod.RESOURCE).getFirst().metadata().uid();
        rig.finish(rig.all(Pod.RESOURCE).getFirst(), "Failed");
        eventually(
                "replaced",
                () -> rolled("i:1", 1)
                        && rig.all(Pod.RESOURCE).stream()
                                .noneMatch(p -> p.metadata().uid().equals(first)));
        eventually("event", () -> rig.events("FailedDaemonPod").size() == 1);
    }

    @Test
    void unavailableBoundHoldsTheRollout() {
        DaemonSet set = LoopRig.json(
                DaemonSet.TYPE,
                "{'metadata':{'name':'d'},'spec':{'updateStrategy':{'type':'RollingUpdate','rollingUpdate':{'maxUnavailable':1}},'template':{}}}");
        Node a = LoopRig.json(Node.TYPE, "{'metadata':{'name':'a'}}");
        Node b = LoopRig.json(Node.TYPE, "{'metadata':{'name':'b'}}");
        String pod =
                "{'metadata':{'name':'%s','labels':{'controller-revision-hash':'%s'}},'spec':{'nodeName':'%s'},'status':{'phase':'Running','conditions':[{'type':'Ready','status':'%s','lastTransitionTime':'2026-01-01T00:00:00Z'}]}}";
        Pod fresh = LoopRig.json(Pod.TYPE, pod.formatted("x", "new", "a", "False"));
        Pod old = LoopRig.json(Pod.TYPE, pod.formatted("y", "old", "b", "True"));
        assertThat(DaemonPlan.of(set, "new", List.of(a, b), List.of(fresh, old), Instant.now())
                        .delete())
                .isEmpty();
        Pod ready = LoopRig.json(Pod.TYPE, pod.formatted("x", "new", "a", "True"));
        assertThat(DaemonPlan.of(set, "new", List.of(a, b), List.of(ready, old), Instant.now())
                        .delete())
                .containsExactly(old);
    }
}
