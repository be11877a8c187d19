package dev.kite.controllers.deployment;

import static dev.kite.client.testing.FakeCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.api.client.Patch;
import dev.kite.behaviour.Behaviour;
import dev.kite.controllers.base.LoopRig;
import dev.kite.controllers.base.Owners;
import dev.kite.controllers.replicas.ReplicaLoop;
import dev.kite.model.apps.v1.Deployment;
import dev.kite.model.apps.v1.DeploymentCondition;
import dev.kite.model.apps.v1.ReplicaSet;
import dev.kite.model.core.v1.Pod;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeploymentLoopTest {
    private final LoopRig rig = new LoopRig();

    @AfterEach
    void end() throws Exception {
        rig.close();
    }

    private void create(int replicas, String strategy) {
        rig.put(Deployment.RESOURCE, """
                {'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'web','namespace':'ns','annotations':{'team':'x'}},
                 'spec':{'replicas':%d,'revisionHistoryLimit':2,'progressDeadlineSeconds':600,'selector':{'matchLabels':{'app':'web'}},
                 'strategy':%s,'template':{'metadata':{'labels':{'app':'web'}},'spec':{'containers':[{'name':'c','image':'i:1'}]}}}}
                """.formatted(replicas, strategy));
    }

    private static final String ROLLING =
            "{'type':'RollingUpdate','rollingUpdate':{'maxSurge':'25%','maxUnavailable':'25%'}}";

    private Deployment deployment() {
        return rig.admin().resource(Deployment.RESOURCE).get("ns", "web");
    }

    private void image(String image) {
        rig.admin()
                .resource(Deployment.RESOURCE)
                .patch(
                        "ns",
                        "web",
                        new Patch.Merge(
                                "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\""
                                        + image + "\"}]}}}}"),
                        "");
    }

    private boolean complete() {
        Deployment d = deployment();
        return Statuses.complete(d, d.status())
                && d.status().conditions().stream().anyMatch(c -> c.reason().equals("NewReplicaSetAvailable"));
    }

    private List<ReplicaSet> sets() {
        return rig.all(ReplicaSet.RESOURCE).stream()
                .sorted(Comparator.comparingLong(s -> Revisions.of(s.metadata())))
                .toList();
    }

    @Test
    @Behaviour("Controllers: Deployment")
    void podsComeThroughAReplicaSetAndStatusFollows() {
        rig.withKubelet().run(ReplicaLoop.replicaSets(), new DeploymentLoop());
        create(3, ROLLING);
        eventually("complete", this::complete);
        ReplicaSet set = sets().getFirst();
        assertThat(set.metadata().name()).matches("web-[bcdfghjklmnpqrstvwxz2456789]{1,10}");
        assertThat(set.spec().selector().matchLabels()).containsKeys("app", "pod-template-hash");
        assertThat(set.metadata().annotations())
                .containsEntry("deployment.kubernetes.io/revision", "1")
                .containsEntry("deployment.kubernetes.io/desired-replicas", "3")
                .containsEntry("deployment.kubernetes.io/max-replicas", "4")
                .containsEntry("team", "x");
        assertThat(rig.all(Pod.RESOURCE))
                .hasSize(3)
                .allMatch(p -> Owners.controls(set, p)
                        && p.metadata().name().startsWith(set.metadata().name() + "-"));
        assertThat(deployment().metadata().annotations()).containsEntry("deployment.kubernetes.io/revision", "1");
        assertThat(deployment().status().conditions())
                .extracting(DeploymentCondition::type, DeploymentCondition::status)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("Available", "True"),
                        org.assertj.core.groups.Tuple.tuple("Progressing", "True"));
        eventually("events", () -> rig.events("SuccessfulCreate").size() == 3);
        assertThat(rig.events("ScalingReplicaSet"))
                .containsExactly("Scaled up replica set " + set.metadata().name() + " from 0 to 3");
    }

    @Test
    @Behaviour("Controllers: Deployment")
    void rollingUpdateNeverLosesAvailabilityAndKeepsHistory() {
        rig.withKubelet().run(ReplicaLoop.replicaSets(), new DeploymentLoop());
        create(4, ROLLING);
        eventually("complete", this::complete);
        var least = new AtomicInteger(4);
        var most = new AtomicInteger();
        var pods = rig.admin().informers().informer(Pod.RESOURCE);
        pods.onChange((a, b) -> {
            int ready = (int) pods.list().stream()
                    .filter(dev.kite.controllers.base.Pods::isReady)
                    .filter(dev.kite.controllers.base.Pods::isActive)
                    .count();
            least.accumulateAndGet(ready, Math::min);
            most.accumulateAndGet(
                    (int) pods.list().stream()
                            .filter(dev.kite.controllers.base.Pods::isActive)
                            .count(),
                    Math::max);
        });
        eventually("seen", () -> pods.list().size() == 4);
        least.set(4);
        image("i:2");
        eventually(
                "rolled",
                () -> complete()
                        && sets().size() == 2
                        && sets().getFirst().spec().replicas() == 0);
        pods.close();
        assertThat(least.get()).isGreaterThanOrEqualTo(3);
        assertThat(most.get()).isLessThanOrEqualTo(5);
        for (int i = 3; i <= 5; i++) {
            image("i:" + i);
            String wanted = Integer.toString(i);
            eventually(
                    "revision " + i,
                    () -> complete()
                            && wanted.equals(
                                    deployment().metadata().annotations().get("deployment.kubernetes.io/revision")));
        }
        eventually("history limit", () -> sets().size() == 3);
    }

    @Test
    @Behaviour("Controllers: Deployment")
    void undoReusesTheOldReplicaSetUnderANewRevision() {
        rig.withKubelet().run(ReplicaLoop.replicaSets(), new DeploymentLoop());
        create(2, ROLLING);
        eventually("complete", this::complete);
        String first = sets().getFirst().metadata().name();
        image("i:2");
        eventually("rolled", () -> complete() && sets().size() == 2);
        image("i:1");
        eventually(
                "undone", () -> complete() && sets().getLast().metadata().name().equals(first));
        assertThat(sets()).hasSize(2);
        assertThat(sets().getLast().metadata().annotations())
                .containsEntry("deployment.kubernetes.io/revision", "3")
                .containsEntry("deployment.kubernetes.io/revision-history", "1");
    }

    @Test
    @Behaviour("Controllers: Deployment")
    void scalingChangesTheSizeWithoutARevision() {
        rig.withKubelet().run(ReplicaLoop.replicaSets(), new DeploymentLoop());
        create(1, ROLLING);
        eventually("complete", this::complete);
        rig.admin()
                .resource(Deployment.RESOURCE)
                .patch("ns", "web", new Patch.Merge("{\"spec\":{\"replicas\":4}}"), "");
        eventually("scaled", () -> complete() && deployment().status().availableReplicas() == 4);
        rig.admin()
                .resource(Deployment.RESOURCE)
                .patch("ns", "web", new Patch.Merge("{\"spec\":{\"replicas\":0}}"), "");
        eventually(
                "scaled to none",
                () -> rig.all(Pod.RESOURCE).isEmpty() && deployment().status().replicas() == 0);
        assertThat(sets()).hasSize(1);
        eventually(
                "event",
                () -> rig.events("ScalingReplicaSet").stream()
                        .anyMatch(m -> m.endsWith("from 4 to 0") && m.startsWith("Scaled down")));
    }

    @Test
    void recreateEndsAllOldPodsBeforeItStartsNewOnes() {
        rig.withKubelet().run(ReplicaLoop.replicaSets(), new DeploymentLoop());
        create(3, "{'type':'Recreate'}");
        eventually("complete", this::complete);
        var mixed = new AtomicInteger();
        var pods = rig.admin().informers().informer(Pod.RESOURCE);
        pods.onChange((a, b) -> {
            long images = pods.list().stream()
                    .map(p -> p.spec().containers().getFirst().image())
                    .distinct()
                    .count();
            mixed.accumulateAndGet((int) images, Math::max);
        });
        image("i:2");
        eventually(
                "rolled",
                () -> complete()
                        && pods.list().stream()
                                .allMatch(p ->
                                        p.spec().containers().getFirst().image().equals("i:2")));
        pods.close();
        assertThat(mixed).hasValue(1);
    }

    @Test
    void pausedDeploymentScalesButDoesNotRoll() throws Exception {
        rig.withKubelet().run(ReplicaLoop.replicaSets(), new DeploymentLoop());
        create(1, ROLLING);
        eventually("complete", this::complete);
        rig.admin()
                .resource(Deployment.RESOURCE)
                .patch("ns", "web", new Patch.Merge("{\"spec\":{\"paused\":true}}"), "");
        eventually(
                "noted",
                () -> deployment().status().conditions().stream()
                        .anyMatch(c -> c.reason().equals("DeploymentPaused")));
        image("i:2");
        rig.admin()
                .resource(Deployment.RESOURCE)
                .patch("ns", "web", new Patch.Merge("{\"spec\":{\"replicas\":2}}"), "");
        eventually(
                "scaled",
                () -> rig.all(Pod.RESOURCE).size() == 2
                        && deployment().status().observedGeneration()
                                == deployment().metadata().generation());
        assertThat(sets()).hasSize(1);
        rig.admin()
                .resource(Deployment.RESOURCE)
                .patch("ns", "web", new Patch.Merge("{\"spec\":{\"paused\":false}}"), "");
        eventually("rolled", () -> complete() && sets().size() == 2);
    }
}
