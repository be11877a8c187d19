package dev.kite.controllers.batch;

import dev.kite.model.batch.v1.Job;
import dev.kite.model.batch.v1.JobCondition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A Job's conditions. Pure. */
final class JobConditions {
    static final String COMPLETE = "Complete";
    static final String FAILED = "Failed";
    static final String SUSPENDED = "Suspended";
    /** The Job will be Failed when its pods have ended. */
    static final String FAILURE_TARGET = "FailureTarget";
    /** The Job will be Complete when its pods have ended. */
    static final String SUCCESS = "SuccessCriteriaMet";

    private JobConditions() {}

    static @Nullable JobCondition find(List<JobCondition> conditions, String type) {
        for (JobCondition condition : conditions) {
            if (condition.type().equals(type) && condition.status().equals("True")) {
                return condition;
            }
        }
        return null;
    }

    /**
     * Tells how a Job ended.
     *
     * @param job the Job
     * @return its Complete or Failed condition, or null while it has not ended
     */
    static @Nullable JobCondition end(Job job) {
        JobCondition complete = find(job.status().conditions(), COMPLETE);
        return complete != null ? complete : find(job.status().conditions(), FAILED);
    }

    /**
     * Adds a condition, or changes the one of its type.
     *
     * @param conditions the conditions
     * @param type the type
     * @param status True or False
     * @param reason the reason
     * @param message the message
     * @param now the time
     * @return the conditions with it; the same where nothing but the time would change
     */
    static List<JobCondition> with(
            List<JobCondition> conditions, String type, String status, String reason, String message, Instant now) {
        List<JobCondition> all = new ArrayList<>();
        for (JobCondition condition : conditions) {
            if (!condition.type().equals(type)) {
                all.add(condition);
            } else if (condition.status().equals(status) && condition.reason().equals(reason)) {
                return conditions;
            }
        }
        all.add(JobCondition.builder()
                .type(type)
                .status(status)
                .lastProbeTime(now)
                .lastTransitionTime(now)
                .reason(reason)
                .message(message)
                .build());
        return all;
    }
}
