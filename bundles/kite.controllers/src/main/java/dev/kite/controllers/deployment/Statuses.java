package dev.kite.controllers.deployment;

import static dev.kite.controllers.base.Values.absent;

import dev.kite.model.apps.v1.Deployment;
import dev.kite.model.apps.v1.DeploymentCondition;
import dev.kite.model.apps.v1.DeploymentStatus;
import dev.kite.model.apps.v1.ReplicaSet;
import dev.kite.model.apps.v1.ReplicaSetCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a Deployment's ReplicaSets make of its status. Pure. */
final class Statuses {
    private static final String AVAILABLE_REASON = "NewReplicaSetAvailable";
    private static final String TIMED_OUT = "ProgressDeadlineExceeded";

    private Statuses() {}

    static boolean hasDeadline(Deployment deployment) {
        // The largest number means never, as upstream has it.
        return deployment.spec().hasProgressDeadlineSeconds()
                && deployment.spec().progressDeadlineSeconds() != Integer.MAX_VALUE;
    }

    /**
     * Counts.
     *
     * @param deployment the Deployment
     * @param current its new ReplicaSet, or null
     * @param old its old ones
     * @param now the time
     * @return its status with the Available condition; the other conditions as they are
     */
    static DeploymentStatus count(
            Deployment deployment, @Nullable ReplicaSet current, List<ReplicaSet> old, Instant now) {
        List<ReplicaSet> all = Sizes.all(current, old);
        int available = Sizes.available(all);
        int ready = all.stream().mapToInt(set -> set.status().readyReplicas()).sum();
        int terminating =
                all.stream().mapToInt(set -> set.status().terminatingReplicas()).sum();
        int minimum = deployment.spec().replicas() - Strategy.of(deployment).maxUnavailable();
        DeploymentCondition availability = available >= minimum
                ? Conditions.make(
                        Conditions.AVAILABLE,
                        "True",
                        "MinimumReplicasAvailable",
                        "Deployment has minimum availability.",
                        now)
                : Conditions.make(
                        Conditions.AVAILABLE,
                        "False",
                        "MinimumReplicasUnavailable",
                        "Deployment does not have minimum availability.",
                        now);
        List<DeploymentCondition> conditions =
                Conditions.with(deployment.status().conditions(), availability);
        return DeploymentStatus.builder()
                .observedGeneration(absent(deployment.metadata().generation()))
                .replicas(absent(Sizes.actual(all)))
                .updatedReplicas(absent(current == null ? 0 : current.status().replicas()))
                .readyReplicas(absent(ready))
                .availableReplicas(absent(available))
                .unavailableReplicas(absent(Math.max(0, Sizes.desired(all) - available)))
                .terminatingReplicas(terminating)
                .collisionCount(
                        deployment.status().hasCollisionCount()
                                ? deployment.status().collisionCount()
                                : null)
                .conditions(conditions)
                .build();
    }

    /**
     * Computes the status of a rollout, with progress against its deadline.
     *
     * @param deployment the Deployment
     * @param current its new ReplicaSet, or null
     * @param old its old ones
     * @param now the time
     * @return its status
     */
    static DeploymentStatus rollout(
            Deployment deployment, @Nullable ReplicaSet current, List<ReplicaSet> old, Instant now) {
        DeploymentStatus counted = count(deployment, current, old, now);
        List<DeploymentCondition> conditions = counted.conditions();
        DeploymentCondition known = Conditions.find(deployment.status().conditions(), Conditions.PROGRESSING);
        if (!hasDeadline(deployment)) {
            conditions = Conditions.without(conditions, Conditions.PROGRESSING);
        } else if (known == null
                || counted.replicas() != counted.updatedReplicas()
                || !known.reason().equals(AVAILABLE_REASON)) {
            conditions = progress(deployment, counted, current, known, now);
        }
        conditions = failures(conditions, current, old, now);
        return counted.toBuilder().conditions(conditions).build();
    }

    private static List<DeploymentCondition> progress(
            Deployment deployment,
            DeploymentStatus status,
            @Nullable ReplicaSet current,
            @Nullable DeploymentCondition known,
            Instant now) {
        String subject = current == null
                ? "Deployment \"" + deployment.metadata().name() + "\""
                : "ReplicaSet \"" + current.metadata().name() + "\"";
        if (complete(deployment, status)) {
            return Conditions.with(
                    status.conditions(),
                    Conditions.make(
                            Conditions.PROGRESSING,
                            "True",
                            AVAILABLE_REASON,
                            subject + " has successfully progressed.",
                            now));
        }
        if (progressing(deployment.status(), status)) {
            DeploymentCondition fresh = Conditions.make(
                    Conditions.PROGRESSING, "True", "ReplicaSetUpdated", subject + " is progressing.", now);
            if (known != null && known.status().equals("True")) {
                fresh = fresh.toBuilder()
                        .lastTransitionTime(known.lastTransitionTime())
                        .build();
            }
            // Replaced even where nothing but the time differs: the deadline counts from the latest progress.
            List<DeploymentCondition> all =
                    new ArrayList<>(Conditions.without(status.conditions(), Conditions.PROGRESSING));
            all.add(fresh);
            return all;
        }
        if (timedOut(deployment, status, known, now)) {
            return Conditions.with(
                    status.conditions(),
                    Conditions.make(
                            Conditions.PROGRESSING, "False", TIMED_OUT, subject + " has timed out progressing.", now));
        }
        return status.conditions();
    }

    /**
     * Tells whether a rollout is over.
     *
     * @param deployment the Deployment
     * @param status its status
     * @return whether all its pods are new and available
     */
    static boolean complete(Deployment deployment, DeploymentStatus status) {
        int wanted = deployment.spec().replicas();
        return status.updatedReplicas() == wanted
                && status.replicas() == wanted
                && status.availableReplicas() == wanted
                && status.observedGeneration() >= deployment.metadata().generation();
    }

    private static boolean progressing(DeploymentStatus before, DeploymentStatus after) {
        return after.updatedReplicas() > before.updatedReplicas()
                || after.replicas() - after.updatedReplicas() < before.replicas() - before.updatedReplicas()
                || after.readyReplicas() > before.readyReplicas()
                || after.availableReplicas() > before.availableReplicas();
    }

    private static boolean timedOut(
            Deployment deployment, DeploymentStatus status, @Nullable DeploymentCondition known, Instant now) {
        if (known == null || known.reason().equals(AVAILABLE_REASON) || complete(deployment, status)) {
            return false;
        }
        if (known.reason().equals(TIMED_OUT)) {
            return true;
        }
        Instant since = known.lastUpdateTime();
        return since != null && now.isAfter(since.plusSeconds(deployment.spec().progressDeadlineSeconds()));
    }

    /**
     * Tells when a rollout that does not move must be looked at again.
     *
     * @param deployment the Deployment
     * @param status its newest status
     * @param now the time
     * @return how long until its deadline, or null where none is near
     */
    static @Nullable Duration untilDeadline(Deployment deployment, DeploymentStatus status, Instant now) {
        DeploymentCondition known = Conditions.find(status.conditions(), Conditions.PROGRESSING);
        if (!hasDeadline(deployment)
                || known == null
                || known.reason().equals(TIMED_OUT)
                || known.lastUpdateTime() == null
                || complete(deployment, status)) {
            return null;
        }
        Instant deadline = known.lastUpdateTime().plusSeconds(deployment.spec().progressDeadlineSeconds());
        Duration left = Duration.between(now, deadline);
        return left.isNegative() ? Duration.ofSeconds(1) : left.plusSeconds(1);
    }

    private static List<DeploymentCondition> failures(
            List<DeploymentCondition> conditions, @Nullable ReplicaSet current, List<ReplicaSet> old, Instant now) {
        // The new ReplicaSet's failure says more than an old one's.
        List<ReplicaSet> newestFirst = new ArrayList<>(Sizes.all(current, old)).reversed();
        for (ReplicaSet set : newestFirst) {
            for (ReplicaSetCondition condition : set.status().conditions()) {
                if (condition.type().equals(Conditions.FAILURE)) {
                    return Conditions.with(
                            conditions,
                            Conditions.make(
                                    Conditions.FAILURE,
                                    condition.status(),
                                    condition.reason(),
                                    condition.message(),
                                    now));
                }
            }
        }
        return Conditions.without(conditions, Conditions.FAILURE);
    }
}
