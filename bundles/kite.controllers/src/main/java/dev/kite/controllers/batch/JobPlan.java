package dev.kite.controllers.batch;

import static dev.kite.controllers.base.Values.absent;

import dev.kite.controllers.base.Pods;
import dev.kite.model.batch.v1.Job;
import dev.kite.model.batch.v1.JobCondition;
import dev.kite.model.batch.v1.JobStatus;
import dev.kite.model.batch.v1.SuccessPolicyRule;
import dev.kite.model.batch.v1.UncountedTerminatedPods;
import dev.kite.model.core.v1.ContainerStatus;
import dev.kite.model.core.v1.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What brings a Job forward. Pure.
 *
 * @param status its status, to be written first
 * @param accounted pods that lose their finalizer once the status is written
 * @param create pods to create: an index each, or -1 where the Job has none
 * @param delete pods to delete
 * @param uncounted whether the pods to delete shall not count as failed
 * @param again when to look again, or null
 */
record JobPlan(
        JobStatus status,
        List<Pod> accounted,
        List<Integer> create,
        List<Pod> delete,
        boolean uncounted,
        @Nullable Duration again) {
    /** Upstream's bounds of the delay after a failed pod. */
    private static final Duration FIRST_DELAY = Duration.ofSeconds(10);

    private static final Duration LONGEST_DELAY = Duration.ofMinutes(10);

    /** At most so many pods are created at once, as upstream. */
    private static final int BURST = 500;

    /**
     * Decides.
     *
     * @param job the Job, which has not ended
     * @param pods its pods
     * @param now the time
     * @return what to do
     */
    static JobPlan of(Job job, Collection<Pod> pods, Instant now) {
        return new Maker(job, pods, now).make();
    }

    private static final class Maker {
        private final Job job;
        private final Collection<Pod> pods;
        private final Instant now;
        private final JobCount count;
        private List<JobCondition> conditions;
        private @Nullable Instant start;
        private @Nullable Instant completion;
        private final List<Integer> create = new ArrayList<>();
        private final List<Pod> delete = new ArrayList<>();
        private boolean uncounted;
        private @Nullable Duration again;

        Maker(Job job, Collection<Pod> pods, Instant now) {
            this.job = job;
            this.pods = pods;
            this.now = now;
            this.count = new JobCount(job, pods);
            this.conditions = job.status().conditions();
            this.start = job.status().startTime();
        }

        JobPlan make() {
            boolean suspended = job.spec().suspend();
            if (!suspended && start == null) {
                start = now;
            }
            judge();
            JobCondition success = JobConditions.find(conditions, JobConditions.SUCCESS);
            JobCondition failure = JobConditions.find(conditions, JobConditions.FAILURE_TARGET);
            if (success != null || failure != null) {
                delete.addAll(count.active);
                uncounted = success != null;
                if (count.active.isEmpty() && count.terminating == 0 && count.settled()) {
                    end(success, failure);
                }
            } else if (suspended) {
                suspend();
            } else {
                resume();
                act();
            }
            return new JobPlan(status(), count.accounted, create, delete, uncounted, again);
        }

        /** Notes whether the Job is about to end. */
        private void judge() {
            if (JobConditions.find(conditions, JobConditions.SUCCESS) != null
                    || JobConditions.find(conditions, JobConditions.FAILURE_TARGET) != null) {
                return;
            }
            if (!count.failJob.isEmpty()) {
                fail("PodFailurePolicy", count.failJob);
            } else if (tooManyFailures()) {
                fail("BackoffLimitExceeded", "Job has reached the specified backoff limit");
            } else if (pastDeadline()) {
                fail("DeadlineExceeded", "Job was active longer than specified deadline");
            } else if (job.spec().hasMaxFailedIndexes()
                    && count.failedIndexes.cardinality() > job.spec().maxFailedIndexes()) {
                fail("MaxFailedIndexesExceeded", "Job has exceeded the specified maximal number of failed indexes");
            } else if (job.spec().hasBackoffLimitPerIndex()
                    && !count.failedIndexes.isEmpty()
                    && count.failedIndexes.cardinality() + count.completed.cardinality()
                            >= job.spec().completions()) {
                fail("FailedIndexes", "Job has failed indexes");
            } else {
                judgeSuccess();
            }
        }

        private void judgeSuccess() {
            int rule = 0;
            for (SuccessPolicyRule each : job.spec().successPolicy().rules()) {
                if (matches(each)) {
                    succeed("SuccessPolicy", "Matched rules at index " + rule);
                    return;
                }
                rule++;
            }
            int succeeded = count.allSucceeded();
            boolean complete = job.spec().hasCompletions()
                    ? succeeded >= job.spec().completions()
                    : succeeded > 0 && count.active.isEmpty();
            if (complete && (!job.spec().suspend() || succeeded > 0)) {
                succeed("CompletionsReached", "Reached expected number of succeeded pods");
            }
        }

        private boolean matches(SuccessPolicyRule rule) {
            BitSet counted = (BitSet) count.completed.clone();
            int wanted = rule.succeededCount();
            if (rule.hasSucceededIndexes()) {
                BitSet named = Indexes.parse(rule.succeededIndexes(), job.spec().completions());
                counted.and(named);
                wanted = rule.hasSucceededCount() ? wanted : named.cardinality();
            }
            return wanted > 0 && counted.cardinality() >= wanted;
        }

        private boolean tooManyFailures() {
            int limit = job.spec().backoffLimit();
            if (job.spec().hasBackoffLimitPerIndex() && limit == Integer.MAX_VALUE) {
                return false;
            }
            if (count.allFailed() > limit) {
                return true;
            }
            if (!job.spec().template().spec().restartPolicy().equals("OnFailure")) {
                return false;
            }
            int restarts = 0;
            for (Pod pod : count.active) {
                for (ContainerStatus status : pod.status().initContainerStatuses()) {
                    restarts += status.restartCount();
                }
                for (ContainerStatus status : pod.status().containerStatuses()) {
                    restarts += status.restartCount();
                }
            }
            return limit == 0 ? restarts > 0 : restarts >= limit;
        }

        private boolean pastDeadline() {
            if (!job.spec().hasActiveDeadlineSeconds() || job.spec().suspend() || start == null) {
                return false;
            }
            Duration left = Duration.between(now, start.plusSeconds(job.spec().activeDeadlineSeconds()));
            if (left.isNegative() || left.isZero()) {
                return true;
            }
            again = left;
            return false;
        }

        private void fail(String reason, String message) {
            conditions = JobConditions.with(conditions, JobConditions.FAILURE_TARGET, "True", reason, message, now);
        }

        private void succeed(String reason, String message) {
            conditions = JobConditions.with(conditions, JobConditions.SUCCESS, "True", reason, message, now);
        }

        private void end(@Nullable JobCondition success, @Nullable JobCondition failure) {
            again = null;
            if (failure != null) {
                conditions = JobConditions.with(
                        conditions, JobConditions.FAILED, "True", failure.reason(), failure.message(), now);
            } else if (success != null) {
                conditions = JobConditions.with(
                        conditions, JobConditions.COMPLETE, "True", success.reason(), success.message(), now);
                completion = now;
            }
        }

        private void suspend() {
            start = null;
            delete.addAll(count.active);
            uncounted = true;
            conditions = JobConditions.with(
                    conditions, JobConditions.SUSPENDED, "True", "JobSuspended", "Job suspended", now);
        }

        private void resume() {
            if (JobConditions.find(conditions, JobConditions.SUSPENDED) != null) {
                conditions = JobConditions.with(
                        conditions, JobConditions.SUSPENDED, "False", "JobResumed", "Job resumed", now);
                start = now;
            }
        }

        private void act() {
            int parallelism = job.spec().parallelism();
            int running = count.active.size();
            int wanted;
            if (job.spec().hasCompletions()) {
                int left = job.spec().completions() - count.allSucceeded() - count.failedIndexes.cardinality();
                wanted = Math.max(0, Math.min(left, parallelism));
            } else {
                // A work queue starts no more pods once one has said that all is done.
                wanted = count.allSucceeded() > 0 ? Math.min(running, parallelism) : parallelism;
            }
            // Until terminating pods have failed, they hold their place where the Job says so.
            int holding = job.spec().podReplacementPolicy().equals("Failed") ? count.terminating : 0;
            if (running > wanted) {
                shrink(running - wanted);
            } else if (running + holding < wanted) {
                grow(Math.min(wanted - running - holding, BURST));
            }
        }

        private void shrink(int surplus) {
            uncounted = true;
            count.active.stream()
                    .sorted(Comparator.comparing(
                                    (Pod pod) -> !pod.spec().nodeName().isEmpty())
                            .thenComparing(Pods::isReady)
                            .thenComparing(
                                    (Pod pod) -> pod.metadata().creationTimestamp(),
                                    Comparator.nullsLast(Comparator.reverseOrder())))
                    .limit(surplus)
                    .forEach(delete::add);
        }

        private void grow(int missing) {
            Duration wait = delay();
            if (!wait.isZero()) {
                again = again == null || wait.compareTo(again) < 0 ? wait : again;
                return;
            }
            if (!count.indexed) {
                for (int i = 0; i < missing; i++) {
                    create.add(-1);
                }
                return;
            }
            BitSet taken = (BitSet) count.completed.clone();
            taken.or(count.failedIndexes);
            for (Pod pod : count.active) {
                int index = JobCount.index(pod);
                if (index >= 0) {
                    taken.set(index);
                }
            }
            int index = taken.nextClearBit(0);
            while (create.size() < missing && index < job.spec().completions()) {
                create.add(index);
                index = taken.nextClearBit(index + 1);
            }
        }

        /** How long after the latest failures no new pod is started: 10 s, doubled for each failure since the latest success. */
        private Duration delay() {
            Instant lastSuccess = Instant.EPOCH;
            Instant lastFailure = Instant.EPOCH;
            Map<String, Instant> failures = new HashMap<>();
            for (Pod pod : pods) {
                Instant ended = ended(pod);
                if (pod.status().phase().equals("Succeeded")) {
                    lastSuccess = ended.isAfter(lastSuccess) ? ended : lastSuccess;
                } else if (pod.status().phase().equals("Failed")) {
                    failures.put(pod.metadata().uid(), ended);
                    lastFailure = ended.isAfter(lastFailure) ? ended : lastFailure;
                }
            }
            Instant since = lastSuccess;
            long consecutive =
                    failures.values().stream().filter(t -> t.isAfter(since)).count();
            if (consecutive == 0) {
                return Duration.ZERO;
            }
            Duration delay = FIRST_DELAY.multipliedBy(1L << Math.min(consecutive - 1, 10));
            delay = delay.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : delay;
            Duration left = Duration.between(now, lastFailure.plus(delay));
            return left.isNegative() ? Duration.ZERO : left;
        }

        private Instant ended(Pod pod) {
            Instant latest = pod.status().containerStatuses().stream()
                    .map(status -> status.state().terminated().finishedAt())
                    .filter(Objects::nonNull)
                    .max(Comparator.naturalOrder())
                    .orElse(pod.metadata().deletionTimestamp());
            if (latest != null) {
                return latest;
            }
            return pod.metadata().creationTimestamp() == null
                    ? now
                    : pod.metadata().creationTimestamp();
        }

        private JobStatus status() {
            boolean ended = conditions.stream()
                    .anyMatch(c ->
                            (c.type().equals(JobConditions.COMPLETE) || c.type().equals(JobConditions.FAILED))
                                    && c.status().equals("True"));
            UncountedTerminatedPods left = UncountedTerminatedPods.builder()
                    .succeeded(List.copyOf(count.uncountedSucceeded))
                    .failed(List.copyOf(count.uncountedFailed))
                    .build();
            return job.status().toBuilder()
                    .conditions(conditions.isEmpty() ? null : conditions)
                    .startTime(start)
                    .completionTime(completion)
                    .active(absent(ended ? 0 : count.active.size()))
                    .succeeded(absent(count.succeeded))
                    .failed(absent(count.failed))
                    .ready(ended ? 0 : count.ready)
                    .terminating(count.terminating)
                    .completedIndexes(count.indexed ? absent(Indexes.format(count.completed)) : null)
                    .failedIndexes(job.spec().hasBackoffLimitPerIndex() ? Indexes.format(count.failedIndexes) : null)
                    .uncountedTerminatedPods(count.settled() ? UncountedTerminatedPods.TYPE.empty() : left)
                    .build();
        }
    }
}
