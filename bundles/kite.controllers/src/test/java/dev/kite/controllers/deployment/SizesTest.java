package dev.kite.controllers.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.controllers.base.LoopRig;
import dev.kite.model.apps.v1.Deployment;
import dev.kite.model.apps.v1.DeploymentCondition;
import dev.kite.model.apps.v1.DeploymentStatus;
import dev.kite.model.apps.v1.ReplicaSet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizesTest {
    private static final Instant NOW = Instant.parse("2026-01-01T01:00:00Z");

    private static Deployment deployment(int replicas, String surge, String unavailable) {
        return LoopRig.json(
                Deployment.TYPE,
                "{'metadata':{'name':'d','generation':1},'spec':{'replicas':%d,'progressDeadlineSeconds':600,'strategy':{'type':'RollingUpdate','rollingUpdate':{'maxSurge':%s,'maxUnavailable':%s}}}}"
                        .formatted(replicas, surge, unavailable));
    }

    private static ReplicaSet set(String name, int replicas, int available, int max) {
        return LoopRig.json(
                ReplicaSet.TYPE,
                "{'metadata':{'name':'%s','uid':'%s','creationTimestamp':'2026-01-01T00:00:00Z','annotations':{'deployment.kubernetes.io/desired-replicas':'%d','deployment.kubernetes.io/max-replicas':'%d'}},'spec':{'replicas':%d},'status':{'replicas':%d,'readyReplicas':%d,'availableReplicas':%d}}"
                        .formatted(name, name, max, max, replicas, replicas, available, available));
    }

    @ParameterizedTest
    @CsvSource({
        "10,'25%','25%',3,2",
        "1,'25%','25%',1,0",
        "4,1,0,1,0",
        "4,0,0,0,1",
        "3,'0%','10%',0,1",
        "2,0,'100%',0,2",
        "5,2,9,2,5"
    })
    void surgeRoundsUpAndUnavailableDown(
            int replicas, String surge, String unavailable, int maxSurge, int maxUnavailable) {
        Strategy strategy = Strategy.of(deployment(
                replicas,
                surge.contains("%") ? "'" + surge + "'" : surge,
                unavailable.contains("%") ? "'" + unavailable + "'" : unavailable));
        assertThat(strategy.maxSurge()).isEqualTo(maxSurge);
        assertThat(strategy.maxUnavailable()).isEqualTo(maxUnavailable);
    }

    @Test
    void newSetGrowsIntoTheSurge() {
        Deployment d = deployment(10, "3", "2");
        assertThat(Sizes.rollNew(d, set("new", 0, 0, 10), List.of(set("old", 10, 10, 10))))
                .isEqualTo(3);
        assertThat(Sizes.rollNew(d, set("new", 3, 3, 10), List.of(set("old", 8, 8, 10))))
                .isEqualTo(5);
        assertThat(Sizes.rollNew(d, set("new", 12, 3, 10), List.of())).isEqualTo(10);
    }

    @Test
    void oldSetsShrinkAsAvailabilityAllows() {
        Deployment d = deployment(10, "3", "2");
        assertThat(Sizes.rollOld(d, set("new", 3, 0, 10), List.of(set("old", 10, 10, 10))))
                .isEqualTo(Map.of("old", 8));
        assertThat(Sizes.rollOld(d, set("new", 3, 0, 10), List.of(set("old", 8, 8, 10))))
                .isEmpty();
        assertThat(Sizes.rollOld(d, set("new", 5, 5, 10), List.of(set("old", 8, 8, 10))))
                .isEqualTo(Map.of("old", 3));
        assertThat(Sizes.rollOld(d, set("new", 10, 10, 10), List.of())).isEmpty();
    }

    @Test
    void podsThatAreAboutToGoDoNotCountAsAvailable() {
        ReplicaSet shrinking = LoopRig.json(
                ReplicaSet.TYPE,
                "{'metadata':{'name':'old'},'spec':{'replicas':3},'status':{'replicas':4,'availableReplicas':4}}");
        assertThat(Sizes.rollOld(deployment(4, "1", "1"), set("new", 2, 1, 4), List.of(shrinking)))
                .isEqualTo(Map.of("old", 2));
    }

    @Test
    void sickOldPodsGoFirst() {
        Deployment d = deployment(10, "3", "2");
        assertThat(Sizes.rollOld(d, set("new", 3, 0, 10), List.of(set("sick", 8, 0, 10), set("well", 2, 2, 10)))
                        .get("sick"))
                .isLessThan(8);
        assertThat(Sizes.rollOld(d, set("new", 3, 0, 10), List.of(set("sick", 8, 0, 10), set("well", 2, 2, 10))))
                .doesNotContainKey("well");
    }

    @Test
    void scalingDuringARolloutIsProportional() {
        Deployment d = deployment(20, "0", "5");
        Map<String, Integer> sizes = Sizes.scale(d, set("new", 4, 1, 10), List.of(set("old", 6, 6, 10)));
        assertThat(sizes).containsEntry("new", 8).containsEntry("old", 12);
        assertThat(
                        Sizes.scale(deployment(5, "0", "1"), set("new", 4, 1, 10), List.of(set("old", 6, 6, 10)))
                                .values()
                                .stream()
                                .mapToInt(i -> i)
                                .sum())
                .isEqualTo(5);
    }

    @Test
    void singleActiveSetTakesTheWholeSize() {
        assertThat(Sizes.scale(deployment(7, "1", "1"), set("new", 3, 3, 3), List.of(set("old", 0, 0, 3))))
                .isEqualTo(Map.of("new", 7));
        assertThat(Sizes.scale(deployment(7, "1", "1"), null, List.of(set("old", 0, 0, 3))))
                .isEqualTo(Map.of("old", 7));
    }

    private static DeploymentStatus rollout(
            String reason, String status, Instant updated, ReplicaSet current, List<ReplicaSet> old) {
        Deployment base = deployment(3, "1", "0");
        Deployment d = base.toBuilder()
                .status(s -> s.observedGeneration(1L)
                        .replicas(3)
                        .updatedReplicas(current.status().replicas())
                        .availableReplicas(Sizes.available(Sizes.all(current, old)))
                        .readyReplicas(Sizes.available(Sizes.all(current, old)))
                        .addConditions(c -> c.type("Progressing")
                                .status(status)
                                .reason(reason)
                                .lastUpdateTime(updated)
                                .lastTransitionTime(updated)))
                .build();
        return Statuses.rollout(d, current, old, NOW);
    }

    private static String progressing(DeploymentStatus status) {
        DeploymentCondition condition = Conditions.find(status.conditions(), "Progressing");
        return condition == null ? "" : condition.reason();
    }

    @Test
    void rolloutThatDoesNotMoveTimesOut() {
        ReplicaSet stuck = set("new", 3, 1, 3);
        assertThat(progressing(rollout("ReplicaSetUpdated", "True", NOW.minusSeconds(599), stuck, List.of())))
                .isEqualTo("ReplicaSetUpdated");
        DeploymentStatus late = rollout("ReplicaSetUpdated", "True", NOW.minusSeconds(601), stuck, List.of());
        assertThat(progressing(late)).isEqualTo("ProgressDeadlineExceeded");
        assertThat(Conditions.find(late.conditions(), "Progressing").message())
                .isEqualTo("ReplicaSet \"new\" has timed out progressing.");
        assertThat(progressing(
                        rollout("ReplicaSetUpdated", "True", NOW.minusSeconds(601), set("new", 3, 3, 3), List.of())))
                .isEqualTo("NewReplicaSetAvailable");
    }

    @Test
    void completedRolloutNeverTimesOut() {
        assertThat(progressing(rollout(
                        "NewReplicaSetAvailable", "True", NOW.minusSeconds(9999), set("new", 3, 2, 3), List.of())))
                .isEqualTo("NewReplicaSetAvailable");
    }

    @Test
    void deadlineIsLookedAtAgain() {
        Deployment d = deployment(3, "1", "0");
        DeploymentStatus status =
                rollout("ReplicaSetUpdated", "True", NOW.minusSeconds(100), set("new", 3, 1, 3), List.of());
        assertThat(Statuses.untilDeadline(d, status, NOW)).isEqualTo(Duration.ofSeconds(501));
    }

    @Test
    void failureOfAReplicaSetIsTheDeployments() {
        ReplicaSet failing = set("new", 3, 0, 3).toBuilder()
                .status(s -> s.addConditions(c -> c.type("ReplicaFailure")
                        .status("True")
                        .reason("FailedCreate")
                        .message("quota")))
                .build();
        DeploymentStatus status = rollout("ReplicaSetUpdated", "True", NOW, failing, List.of());
        assertThat(Conditions.find(status.conditions(), "ReplicaFailure").message())
                .isEqualTo("quota");
        assertThat(Conditions.find(status.conditions(), "Available").reason()).isEqualTo("MinimumReplicasUnavailable");
    }

    @Test
    void hashesAreStableAndSpellNoWords() {
        var template =
                LoopRig.json(dev.kite.model.core.v1.PodTemplateSpec.TYPE, "{'spec':{'containers':[{'name':'c'}]}}");
        assertThat(TemplateHash.of(template, 0))
                .isEqualTo(TemplateHash.of(template, 0))
                .matches("[bcdfghjklmnpqrstvwxz2456789]{1,10}");
        assertThat(TemplateHash.of(template, 1)).isNotEqualTo(TemplateHash.of(template, 0));
        assertThat(TemplateHash.fnv("")).isEqualTo(0x811c9dc5L);
        assertThat(TemplateHash.fnv("a")).isEqualTo(0xe40c292cL);
    }
}
