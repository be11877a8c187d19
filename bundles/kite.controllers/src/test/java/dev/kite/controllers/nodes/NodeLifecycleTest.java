package dev.kite.controllers.nodes;

import static dev.kite.client.testing.FakeCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.behaviour.Behaviour;
import dev.kite.controllers.base.LoopRig;
import dev.kite.controllers.base.Pods;
import dev.kite.model.core.v1.Node;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.Taint;
import dev.kite.model.core.v1.Toleration;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeLifecycleTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static Node node(String ready, String taints) {
        return LoopRig.json(
                Node.TYPE,
                "{'metadata':{'name':'n1'},'spec':{'taints':[%s]},'status':{'conditions':[{'type':'Ready','status':'%s'},{'type':'DiskPressure','status':'False'}]}}"
                        .formatted(taints, ready));
    }

    private static List<String> keys(Node node) {
        return NodeHealth.taints(node, NOW).stream()
                .map(t -> t.key() + ":" + t.effect())
                .toList();
    }

    @Test
    void taintsFollowConditions() {
        assertThat(keys(node("True", ""))).isEmpty();
        assertThat(keys(node("False", "")))
                .containsExactly("node.kubernetes.io/not-ready:NoSchedule", "node.kubernetes.io/not-ready:NoExecute");
        assertThat(keys(node("Unknown", "")))
                .containsExactly(
                        "node.kubernetes.io/unreachable:NoSchedule", "node.kubernetes.io/unreachable:NoExecute");
        assertThat(
                        keys(
                                node(
                                        "True",
                                        "{'key':'node.kubernetes.io/not-ready','effect':'NoSchedule'},{'key':'mine','effect':'NoExecute'}")))
                .containsExactly("mine:NoExecute");
        Node cordoned =
                node("True", "").toBuilder().spec(s -> s.unschedulable(true)).build();
        assertThat(keys(cordoned)).containsExactly("node.kubernetes.io/unschedulable:NoSchedule");
    }

    @Test
    void taintsThatStandKeepTheirTime() {
        Node before = node("False", "");
        Node tainted = before.toBuilder()
                .spec(s -> s.taints(NodeHealth.taints(before, NOW)))
                .build();
        assertThat(NodeHealth.taints(tainted, NOW.plusSeconds(60)))
                .isEqualTo(tainted.spec().taints());
    }

    @Test
    void silenceMakesEverythingUnknownOnce() {
        Node silent = node("True", "").toBuilder()
                .status(s -> s.conditions(NodeHealth.silent(node("True", ""), NOW)))
                .build();
        assertThat(silent.status().conditions())
                .hasSize(4)
                .allMatch(c -> c.status().equals("Unknown"));
        assertThat(silent.status().conditions().getFirst().message()).isEqualTo("Kubelet stopped posting node status.");
        assertThat(NodeHealth.silent(silent, NOW.plusSeconds(60)))
                .isEqualTo(silent.status().conditions());
    }

    @Test
    @Behaviour("A node that stops reporting is tainted and its pods are evicted")
    void silentNodeIsTaintedItsPodsNotReadyThenEvicted() throws Exception {
        try (LoopRig rig = new LoopRig()) {
            rig.put(
                    Node.RESOURCE,
                    "{'apiVersion':'v1','kind':'Node','metadata':{'name':'n1'},'spec':{'taints':[{'key':'node.kubernetes.io/not-ready','effect':'NoSchedule'}]},'status':{'conditions':[{'type':'Ready','status':'True'}]}}");
            rig.put(
                    Pod.RESOURCE,
                    "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p','namespace':'ns'},'spec':{'nodeName':'n1'},'status':{'phase':'Running','conditions':[{'type':'Ready','status':'True'}]}}");
            rig.put(
                    Pod.RESOURCE,
                    "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'q','namespace':'ns'},'spec':{'nodeName':'n1','tolerations':[{'operator':'Exists'}]},'status':{'phase':'Running'}}");
            rig.with("node-monitor-grace-period=600ms", "node-startup-grace-period=600ms")
                    .run(new NodeLifecycleLoop(), new TaintEvictionLoop());
            eventually(
                    "ready node loses its taint",
                    () -> rig.all(Node.RESOURCE).getFirst().spec().taints().isEmpty());
            eventually(
                    "silent",
                    () -> rig.all(Node.RESOURCE).getFirst().spec().taints().stream()
                            .anyMatch(t -> t.key().equals("node.kubernetes.io/unreachable")
                                    && t.effect().equals("NoExecute")));
            eventually(
                    "evicted",
                    () -> rig.all(Pod.RESOURCE).stream()
                            .filter(p -> p.metadata().name().equals("p"))
                            .allMatch(Pods::isTerminating));
            assertThat(rig.admin()
                            .resource(Pod.RESOURCE)
                            .get("ns", "q")
                            .metadata()
                            .hasDeletionTimestamp())
                    .isFalse();
            eventually("event", () -> rig.events("TaintManagerEviction").contains("Marking for deletion Pod ns/p"));
        }
    }

    @Test
    void shortestTolerationDecides() {
        Taint taint = LoopRig.json(Taint.TYPE, "{'key':'k','effect':'NoExecute','timeAdded':'2026-01-01T00:00:00Z'}");
        Toleration forever = LoopRig.json(Toleration.TYPE, "{'key':'k','operator':'Exists'}");
        Toleration shortly = LoopRig.json(Toleration.TYPE, "{'key':'k','operator':'Exists','tolerationSeconds':300}");
        assertThat(TaintEvictionLoop.deadline(List.of(), List.of(taint), NOW)).isEqualTo(NOW);
        assertThat(TaintEvictionLoop.deadline(List.of(forever), List.of(taint), NOW))
                .isNull();
        assertThat(TaintEvictionLoop.deadline(List.of(forever, shortly), List.of(taint), NOW))
                .isEqualTo(NOW.plusSeconds(300));
        assertThat(TaintEvictionLoop.deadline(List.of(), List.of(), NOW)).isNull();
    }

    @Test
    void podsWithoutNodeThatWereDeletedGo() throws Exception {
        try (LoopRig rig = new LoopRig()) {
            rig.put(
                    Pod.RESOURCE,
                    "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p','namespace':'ns','deletionTimestamp':'2026-01-01T00:00:00Z'},'spec':{}}");
            rig.put(
                    Pod.RESOURCE,
                    "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'q','namespace':'ns'},'spec':{}}");
            rig.run(new PodGcLoop());
            eventually("gone", () -> rig.all(Pod.RESOURCE).size() == 1);
        }
    }

    @Test
    @Behaviour("Controllers: pod GC")
    void podsOfNodesThatAreGoneFailAndGo() throws Exception {
        try (LoopRig rig = new LoopRig()) {
            rig.put(Node.RESOURCE, "{'apiVersion':'v1','kind':'Node','metadata':{'name':'n1'},'spec':{}}");
            rig.put(
                    Pod.RESOURCE,
                    "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p','namespace':'ns'},'spec':{'nodeName':'lost'},'status':{'phase':'Running'}}");
            rig.put(
                    Pod.RESOURCE,
                    "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'q','namespace':'ns'},'spec':{'nodeName':'n1'},'status':{'phase':'Running'}}");
            rig.run(new PodGcLoop(Duration.ofMillis(50), Duration.ofMillis(100)));
            eventually("gone", () -> rig.all(Pod.RESOURCE).size() == 1);
            assertThat(rig.all(Pod.RESOURCE).getFirst().metadata().name()).isEqualTo("q");
            assertThat(rig.api().seen())
                    .anyMatch(r -> r.method().equals("PATCH")
                            && r.body().contains("DeletionByPodGC")
                            && r.body().contains("Failed"));
        }
    }

    @Test
    void aNodeThatNeverSaidHowItIsHasItsOwnTime() throws Exception {
        try (LoopRig rig = new LoopRig()) {
            rig.put(Node.RESOURCE, "{'apiVersion':'v1','kind':'Node','metadata':{'name':'new'},'spec':{}}");
            rig.put(
                    Node.RESOURCE,
                    "{'apiVersion':'v1','kind':'Node','metadata':{'name':'old'},'spec':{},'status':{'conditions':[{'type':'Ready','status':'True'}]}}");
            rig.with("node-monitor-grace-period=1h", "node-startup-grace-period=300ms")
                    .run(new NodeLifecycleLoop());
            eventually(
                    "the new one is unknown",
                    () -> rig.admin().resource(Node.RESOURCE).get("", "new").status().conditions().stream()
                            .anyMatch(c -> c.reason().equals("NodeStatusNeverUpdated")));
            assertThat(rig.admin()
                            .resource(Node.RESOURCE)
                            .get("", "old")
                            .status()
                            .conditions())
                    .extracting(c -> c.status())
                    .containsExactly("True");
        }
    }

    @Test
    void endedPodsBeyondTheThresholdGoOldestFirst() throws Exception {
        try (LoopRig rig = new LoopRig()) {
            rig.put(Node.RESOURCE, "{'apiVersion':'v1','kind':'Node','metadata':{'name':'n1'},'spec':{}}");
            for (int i = 1; i < 6; i++) {
                rig.put(
                        Pod.RESOURCE,
                        "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p%d','namespace':'ns','creationTimestamp':'2026-01-0%dT00:00:00Z'},'spec':{'nodeName':'n1'},'status':{'phase':'Succeeded'}}"
                                .formatted(i, i));
            }
            rig.with("terminated-pod-gc-threshold=2").run(new PodGcLoop());
            eventually("two are left", () -> rig.all(Pod.RESOURCE).size() == 2);
            assertThat(rig.all(Pod.RESOURCE))
                    .extracting(pod -> pod.metadata().name())
                    .containsExactlyInAnyOrder("p4", "p5");
        }
    }
}
