package dev.kite.controllers.batch;

import dev.kite.api.client.ApiException;
import dev.kite.api.client.DeleteRequest;
import dev.kite.api.client.Informer;
import dev.kite.api.client.ObjectKey;
import dev.kite.api.controller.WorkQueue;
import dev.kite.controllers.base.Loop;
import dev.kite.controllers.base.Owners;
import dev.kite.controllers.base.Scope;
import dev.kite.model.batch.v1.Job;
import dev.kite.model.batch.v1.JobCondition;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Deletes Jobs some time after they ended, where they say so. */
public final class TtlLoop implements Loop {
    /** Makes the loop. */
    public TtlLoop() {}

    @Override
    public String name() {
        return "ttl-after-finished-controller";
    }

    @Override
    public void start(Scope scope) {
        Informer<Job> jobs = scope.informer(Job.RESOURCE);
        WorkQueue<ObjectKey> queue = scope.queue();
        jobs.onChange((before, after) -> {
            if (after != null && after.spec().hasTtlSecondsAfterFinished() && JobConditions.end(after) != null) {
                queue.add(Owners.key(after));
            }
        });
        scope.run(scope.workers("concurrent-ttl-after-finished-syncs", 5), queue, key -> {
            Job job = jobs.get(key.namespace(), key.name());
            Duration left = job == null ? null : left(job, scope.now());
            if (job == null || left == null || job.metadata().hasDeletionTimestamp()) {
                return null;
            }
            if (!left.isNegative() && !left.isZero()) {
                return left;
            }
            delete(scope, job);
            return null;
        });
    }

    /**
     * Tells how long a Job is kept.
     *
     * @param job the Job
     * @param now the time
     * @return how long yet, negative where it should be gone; null where it stays
     */
    static @Nullable Duration left(Job job, Instant now) {
        JobCondition end = JobConditions.end(job);
        if (end == null || !job.spec().hasTtlSecondsAfterFinished() || end.lastTransitionTime() == null) {
            return null;
        }
        return Duration.between(
                now, end.lastTransitionTime().plusSeconds(job.spec().ttlSecondsAfterFinished()));
    }

    private static void delete(Scope scope, Job job) {
        try {
            scope.resource(Job.RESOURCE)
                    .delete(
                            job.metadata().namespace(),
                            job.metadata().name(),
                            new DeleteRequest(
                                    null,
                                    "Foreground",
                                    job.metadata().uid(),
                                    job.metadata().resourceVersion()));
        } catch (ApiException e) {
            if (!e.notFound()) {
                throw e;
            }
        }
    }
}
