package dev.kite.controllers.deployment;

import dev.kite.model.apps.v1.DeploymentCondition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A Deployment's conditions. Pure. */
final class Conditions {
    static final String PROGRESSING = "Progressing";
    static final String AVAILABLE = "Available";
    static final String FAILURE = "ReplicaFailure";

    private Conditions() {}

    static @Nullable DeploymentCondition find(List<DeploymentCondition> conditions, String type) {
        for (DeploymentCondition condition : conditions) {
            if (condition.type().equals(type)) {
                return condition;
            }
        }
        return null;
    }

    static List<DeploymentCondition> without(List<DeploymentCondition> conditions, String type) {
        return conditions.stream().filter(c -> !c.type().equals(type)).toList();
    }

    /**
     * Sets a condition; one of the same status and reason is kept as it is, one of the same status keeps its transition time.
     *
     * @param conditions the conditions
     * @param condition the condition
     * @return the conditions with it
     */
    static List<DeploymentCondition> with(List<DeploymentCondition> conditions, DeploymentCondition condition) {
        DeploymentCondition known = find(conditions, condition.type());
        if (known != null
                && known.status().equals(condition.status())
                && known.reason().equals(condition.reason())) {
            return conditions;
        }
        List<DeploymentCondition> all = new ArrayList<>(without(conditions, condition.type()));
        all.add(
                known != null && known.status().equals(condition.status())
                        ? condition.toBuilder()
                                .lastTransitionTime(known.lastTransitionTime())
                                .build()
                        : condition);
        return all;
    }

    static DeploymentCondition make(String type, String status, String reason, String message, Instant now) {
        return DeploymentCondition.builder()
                .type(type)
                .status(status)
                .lastUpdateTime(now)
                .lastTransitionTime(now)
                .reason(reason)
                .message(message)
                .build();
    }
}
