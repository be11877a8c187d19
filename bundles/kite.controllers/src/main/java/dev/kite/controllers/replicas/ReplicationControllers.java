package dev.kite.controllers.replicas;

import static dev.kite.controllers.base.Values.absent;

import dev.kite.controllers.base.Selectors;
import dev.kite.model.ResourceType;
import dev.kite.model.core.v1.PodTemplateSpec;
import dev.kite.model.core.v1.ReplicationController;
import dev.kite.model.core.v1.ReplicationControllerCondition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The core group's kind, whose selector is a plain set of labels. */
final class ReplicationControllers implements Replicas<ReplicationController> {
    private static final String FAILURE = "ReplicaFailure";

    @Override
    public ResourceType<ReplicationController> type() {
        return ReplicationController.RESOURCE;
    }

    @Override
    public int desired(ReplicationController object) {
        return object.spec().replicas();
    }

    @Override
    public int minReadySeconds(ReplicationController object) {
        return object.spec().minReadySeconds();
    }

    @Override
    public boolean selects(ReplicationController object, Map<String, String> labels) {
        return Selectors.matches(object.spec().selector(), labels);
    }

    @Override
    public boolean selectsAll(ReplicationController object) {
        return object.spec().selector().isEmpty();
    }

    @Override
    public PodTemplateSpec template(ReplicationController object) {
        return object.spec().template();
    }

    @Override
    public ReplicationController withStatus(ReplicationController object, Counts counts, Instant now) {
        List<ReplicationControllerCondition> conditions = conditions(object, counts.failure(), now);
        return object.toBuilder()
                .status(status -> status.replicas(counts.replicas())
                        .fullyLabeledReplicas(absent(counts.fullyLabeled()))
                        .readyReplicas(absent(counts.ready()))
                        .availableReplicas(absent(counts.available()))
                        .observedGeneration(absent(object.metadata().generation()))
                        .conditions(conditions.isEmpty() ? null : conditions))
                .build();
    }

    private static List<ReplicationControllerCondition> conditions(
            ReplicationController object, @Nullable Failure failure, Instant now) {
        List<ReplicationControllerCondition> conditions = new ArrayList<>();
        ReplicationControllerCondition known = null;
        for (ReplicationControllerCondition condition : object.status().conditions()) {
            if (condition.type().equals(FAILURE)) {
                known = condition;
            } else {
                conditions.add(condition);
            }
        }
        if (failure != null) {
            boolean same = known != null && known.reason().equals(failure.reason());
            conditions.add(
                    same
                            ? known
                            : ReplicationControllerCondition.builder()
                                    .type(FAILURE)
                                    .status("True")
                                    .lastTransitionTime(now)
                                    .reason(failure.reason())
                                    .message(failure.message())
                                    .build());
        }
        return conditions;
    }
}
