package dev.kite.controllers.policy;

import dev.kite.controllers.base.Pods;
import dev.kite.model.IntOrString;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.meta.v1.Condition;
import dev.kite.model.policy.v1.PodDisruptionBudget;
import dev.kite.model.policy.v1.PodDisruptionBudgetStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A disruption budget's status. Pure. */
final class BudgetPlan {
    private static final String ALLOWED = "DisruptionAllowed";

    /** An evicted pod that is still there after this time was not evicted after all, as upstream. */
    private static final Duration DISRUPTED = Duration.ofMinutes(2);

    private BudgetPlan() {}

    /**
     * Computes a status.
     *
     * @param budget the budget
     * @param pods the pods that it selects
     * @param scale how many pods their controllers want together
     * @param now the time
     * @return the status
     */
    static PodDisruptionBudgetStatus of(PodDisruptionBudget budget, Collection<Pod> pods, int scale, Instant now) {
        IntOrString minimum = budget.spec().minAvailable();
        IntOrString maximum = budget.spec().maxUnavailable();
        int expected;
        int desired;
        if (maximum != null) {
            expected = scale;
            desired = Math.max(0, expected - maximum.scaled(expected, true));
        } else if (minimum != null && minimum.isString()) {
            expected = scale;
            desired = minimum.scaled(expected, true);
        } else {
            expected = pods.size();
            desired = minimum == null ? 0 : minimum.number();
        }
        Map<String, Instant> disrupted = disrupted(budget, pods, now);
        int healthy = 0;
        for (Pod pod : pods) {
            if (!Pods.isTerminating(pod)
                    && Pods.isReady(pod)
                    && !disrupted.containsKey(pod.metadata().name())) {
                healthy++;
            }
        }
        int allowed = expected <= 0 ? 0 : Math.max(0, healthy - desired);
        return PodDisruptionBudgetStatus.builder()
                .observedGeneration(
                        budget.metadata().hasGeneration() ? budget.metadata().generation() : null)
                .disruptedPods(disrupted.isEmpty() ? null : disrupted)
                .disruptionsAllowed(allowed)
                .currentHealthy(healthy)
                .desiredHealthy(desired)
                .expectedPods(expected)
                .conditions(conditions(
                        budget,
                        allowed > 0 ? "True" : "False",
                        allowed > 0 ? "SufficientPods" : "InsufficientPods",
                        "",
                        now))
                .build();
    }

    private static Map<String, Instant> disrupted(PodDisruptionBudget budget, Collection<Pod> pods, Instant now) {
        Map<String, Instant> left = new LinkedHashMap<>();
        budget.status().disruptedPods().forEach((name, since) -> {
            boolean there =
                    pods.stream().anyMatch(pod -> pod.metadata().name().equals(name) && !Pods.isTerminating(pod));
            if (there && since.plus(DISRUPTED).isAfter(now)) {
                left.put(name, since);
            }
        });
        return left;
    }

    /**
     * Sets the condition that says whether evictions are allowed.
     *
     * @param budget the budget
     * @param status True or False
     * @param reason the reason
     * @param message the message
     * @param now the time
     * @return the conditions
     */
    static List<Condition> conditions(
            PodDisruptionBudget budget, String status, String reason, String message, Instant now) {
        List<Condition> all = new ArrayList<>();
        @Nullable Instant since = null;
        for (Condition condition : budget.status().conditions()) {
            if (!condition.type().equals(ALLOWED)) {
                all.add(condition);
            } else if (condition.status().equals(status)) {
                since = condition.lastTransitionTime();
            }
        }
        all.add(Condition.builder()
                .type(ALLOWED)
                .status(status)
                .observedGeneration(
                        budget.metadata().hasGeneration() ? budget.metadata().generation() : null)
                .lastTransitionTime(since == null ? now : since)
                .reason(reason)
                .message(message)
                .build());
        return all;
    }

    /**
     * Tells when a disrupted pod must be looked at again.
     *
     * @param status the status
     * @param now the time
     * @return how long until then, or null
     */
    static @Nullable Duration again(PodDisruptionBudgetStatus status, Instant now) {
        return status.disruptedPods().values().stream()
                .map(since -> Duration.between(now, since.plus(DISRUPTED)).plusSeconds(1))
                .min(Duration::compareTo)
                .orElse(null);
    }
}
