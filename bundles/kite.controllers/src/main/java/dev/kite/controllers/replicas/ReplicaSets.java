package dev.kite.controllers.replicas;

import static dev.kite.controllers.base.Values.absent;

import dev.kite.controllers.base.Selectors;
import dev.kite.model.ResourceType;
import dev.kite.model.apps.v1.ReplicaSet;
import dev.kite.model.apps.v1.ReplicaSetCondition;
import dev.kite.model.core.v1.PodTemplateSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The apps group's kind. */
final class ReplicaSets implements Replicas<ReplicaSet> {
    private static final String FAILURE = "ReplicaFailure";

    @Override
    public ResourceType<ReplicaSet> type() {
        return ReplicaSet.RESOURCE;
    }

    @Override
    public int desired(ReplicaSet object) {
        return object.spec().replicas();
    }

    @Override
    public int minReadySeconds(ReplicaSet object) {
        return object.spec().minReadySeconds();
    }

    @Override
    public boolean selects(ReplicaSet object, Map<String, String> labels) {
        return Selectors.matches(object.spec().selector(), labels);
    }

    @Override
    public boolean selectsAll(ReplicaSet object) {
        return Selectors.isEmpty(object.spec().selector());
    }

    @Override
    public PodTemplateSpec template(ReplicaSet object) {
        return object.spec().template();
    }

    @Override
    public ReplicaSet withStatus(ReplicaSet object, Counts counts, Instant now) {
        List<ReplicaSetCondition> conditions = conditions(object, counts.failure(), now);
        return object.toBuilder()
                .status(status -> status.replicas(counts.replicas())
                        .fullyLabeledReplicas(absent(counts.fullyLabeled()))
                        .readyReplicas(absent(counts.ready()))
                        .availableReplicas(absent(counts.available()))
                        .terminatingReplicas(counts.terminating())
                        .observedGeneration(absent(object.metadata().generation()))
                        .conditions(conditions.isEmpty() ? null : conditions))
                .build();
    }

    private static List<ReplicaSetCondition> conditions(ReplicaSet object, @Nullable Failure failure, Instant now) {
        List<ReplicaSetCondition> conditions = new ArrayList<>();
        ReplicaSetCondition known = null;
        for (ReplicaSetCondition condition : object.status().conditions()) {
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
                            : ReplicaSetCondition.builder()
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
