package dev.kite.controllers.batch;

import dev.kite.api.client.ApiException;
import dev.kite.api.client.DeleteRequest;
import dev.kite.api.client.Informer;
import dev.kite.api.client.ObjectKey;
import dev.kite.api.client.ResourceClient;
import dev.kite.api.controller.WorkQueue;
import dev.kite.controllers.base.Loop;
import dev.kite.controllers.base.Owners;
import dev.kite.controllers.base.Scope;
import dev.kite.model.batch.v1.CronJob;
import dev.kite.model.batch.v1.CronJobStatus;
import dev.kite.model.batch.v1.Job;
import dev.kite.model.batch.v1.JobCondition;
import dev.kite.model.core.v1.ObjectReference;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Starts Jobs on schedules. */
public final class CronJobLoop implements Loop {
    private static final String SCHEDULED = "batch.kubernetes.io/cronjob-scheduled-timestamp";

    /** Makes the loop. */
    public CronJobLoop() {}

    @Override
    public String name() {
        return "cronjob-controller";
    }

    @Override
    public void start(Scope scope) {
        Informer<CronJob> crons = scope.informer(CronJob.RESOURCE);
        Informer<Job> jobs = scope.informer(Job.RESOURCE);
        Owners.index(jobs);
        WorkQueue<ObjectKey> queue = scope.queue();
        crons.onChange((before, after) -> {
            if (after != null) {
                queue.add(Owners.key(after));
            }
        });
        jobs.onChange((before, after) -> {
            Job job = after == null ? before : after;
            ObjectKey owner = job == null ? null : Owners.controllerKey(job.metadata(), "batch/v1", "CronJob");
            if (owner != null) {
                queue.add(owner);
            }
        });
        scope.run(scope.workers("concurrent-cron-job-syncs", 5), queue, key -> {
            CronJob cron = crons.get(key.namespace(), key.name());
            return cron == null
                    ? null
                    : new Pass(
                                    scope,
                                    cron,
                                    Owners.controlledBy(jobs, cron.metadata().uid()))
                            .run();
        });
    }

    /** One look at one CronJob. */
    private static final class Pass {
        private final Scope scope;
        private final CronJob cron;
        private final Collection<Job> jobs;
        private final ResourceClient<Job> client;
        private final List<ObjectReference> active = new ArrayList<>();
        private @Nullable Instant lastSchedule;
        private @Nullable Instant lastSuccess;

        Pass(Scope scope, CronJob cron, Collection<Job> jobs) {
            this.scope = scope;
            this.cron = cron;
            this.jobs = jobs;
            this.client = scope.resource(Job.RESOURCE);
            this.lastSchedule = cron.status().lastScheduleTime();
            this.lastSuccess = cron.status().lastSuccessfulTime();
        }

        @Nullable
        Duration run() {
            review();
            cleanUp();
            Duration again = null;
            if (!cron.metadata().hasDeletionTimestamp() && !cron.spec().suspend()) {
                again = schedule();
            }
            CronJobStatus status = CronJobStatus.builder()
                    .active(active.isEmpty() ? null : active)
                    .lastScheduleTime(lastSchedule)
                    .lastSuccessfulTime(lastSuccess)
                    .build();
            if (!status.equals(cron.status())) {
                scope.resource(CronJob.RESOURCE)
                        .updateStatus(cron.toBuilder().status(status).build());
            }
            return again;
        }

        /** Brings the list of active Jobs up to date with those that there are. */
        private void review() {
            for (Job job : jobs) {
                boolean listed = cron.status().active().stream()
                        .anyMatch(ref -> ref.uid().equals(job.metadata().uid()));
                JobCondition end = JobConditions.end(job);
                if (end == null) {
                    active.add(reference(job));
                    if (!listed && unexpected(job)) {
                        scope.events()
                                .warning(
                                        cron,
                                        "UnexpectedJob",
                                        "Saw a job that the controller did not create or forgot: "
                                                + job.metadata().name());
                    }
                    continue;
                }
                if (listed) {
                    scope.events()
                            .normal(
                                    cron,
                                    "SawCompletedJob",
                                    "Saw completed job: " + job.metadata().name() + ", condition: " + end.type());
                }
                Instant done = job.status().completionTime();
                if (end.type().equals(JobConditions.COMPLETE)
                        && done != null
                        && (lastSuccess == null || done.isAfter(lastSuccess))) {
                    lastSuccess = done;
                }
            }
            for (ObjectReference ref : cron.status().active()) {
                if (jobs.stream().noneMatch(job -> job.metadata().uid().equals(ref.uid()))
                        && client.find(ref.namespace(), ref.name()).isEmpty()) {
                    scope.events().normal(cron, "MissingJob", "Active job went missing: " + ref.name());
                }
            }
            active.sort(Comparator.comparing(ObjectReference::name));
        }

        /** A Job that this loop made carries the time it was made for. */
        private static boolean unexpected(Job job) {
            return !job.metadata().annotations().containsKey(SCHEDULED);
        }

        private static ObjectReference reference(Job job) {
            return ObjectReference.builder()
                    .kind("Job")
                    .apiVersion("batch/v1")
                    .name(job.metadata().name())
                    .namespace(job.metadata().namespace())
                    .uid(job.metadata().uid())
                    .resourceVersion(job.metadata().resourceVersion())
                    .build();
        }

        private void cleanUp() {
            if (cron.spec().hasSuccessfulJobsHistoryLimit()) {
                trim(JobConditions.COMPLETE, cron.spec().successfulJobsHistoryLimit());
            }
            if (cron.spec().hasFailedJobsHistoryLimit()) {
                trim(JobConditions.FAILED, cron.spec().failedJobsHistoryLimit());
            }
        }

        private void trim(String end, int limit) {
            List<Job> ended = jobs.stream()
                    .filter(job -> {
                        JobCondition condition = JobConditions.end(job);
                        return condition != null
                                && condition.type().equals(end)
                                && !job.metadata().hasDeletionTimestamp();
                    })
                    .sorted(Comparator.comparing(
                                    (Job job) -> job.status().startTime(),
                                    Comparator.nullsLast(Comparator.naturalOrder()))
                            .thenComparing(job -> job.metadata().name()))
                    .toList();
            for (Job job : ended.subList(0, Math.max(0, ended.size() - limit))) {
                delete(job);
            }
        }

        private void delete(Job job) {
            try {
                client.delete(
                        job.metadata().namespace(),
                        job.metadata().name(),
                        DeleteRequest.BACKGROUND.only(job.metadata().uid()));
                scope.events()
                        .normal(
                                cron,
                                "SuccessfulDelete",
                                "Deleted job " + job.metadata().name());
            } catch (ApiException e) {
                if (!e.notFound() && !e.conflict()) {
                    scope.events().warning(cron, "FailedDelete", "Deleted job: " + e.getMessage());
                    throw e;
                }
            }
        }

        private @Nullable Duration schedule() {
            CronSchedule schedule;
            ZoneId zone;
            try {
                zone = CronSchedule.zone(cron.spec().timeZone());
                schedule = CronSchedule.parse(cron.spec().schedule());
            } catch (IllegalArgumentException e) {
                scope.events()
                        .warning(
                                cron,
                                "UnparseableSchedule",
                                "unparseable schedule: \"" + cron.spec().schedule() + "\" : " + e.getMessage());
                return null;
            }
            Instant now = scope.now();
            CronPlan plan = CronPlan.of(cron, schedule, zone, now);
            if (plan.many()) {
                scope.events()
                        .warning(
                                cron,
                                "TooManyMissedTimes",
                                "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew");
            }
            Instant due = plan.due();
            if (due != null && plan.tooLate()) {
                scope.events().warning(cron, "MissSchedule", "Missed scheduled time to start a job: " + due);
            } else if (due != null) {
                start(due);
            }
            return plan.next();
        }

        private void start(Instant due) {
            String name = cron.metadata().name() + "-" + due.getEpochSecond() / 60;
            String stamp = due.truncatedTo(ChronoUnit.SECONDS)
                    .atZone(CronSchedule.zone(cron.spec().timeZone()))
                    .format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
            // Started by an earlier look, whose status this one does not see yet.
            if (jobs.stream()
                    .anyMatch(job -> stamp.equals(job.metadata().annotations().get(SCHEDULED)))) {
                lastSchedule = due;
                return;
            }
            switch (cron.spec().concurrencyPolicy()) {
                case "Forbid" -> {
                    if (!active.isEmpty()) {
                        scope.events()
                                .normal(
                                        cron,
                                        "JobAlreadyActive",
                                        "Not starting job because prior execution is running and concurrency policy is Forbid");
                        return;
                    }
                }
                case "Replace" -> {
                    for (Job job : jobs) {
                        if (JobConditions.end(job) == null) {
                            delete(job);
                        }
                    }
                    active.clear();
                }
                default -> {
                    // Allow: others may run.
                }
            }
            create(name, stamp, due);
        }

        private void create(String name, String stamp, Instant due) {
            var template = cron.spec().jobTemplate();
            Job wanted = Job.builder()
                    .metadata(meta -> meta.name(name)
                            .namespace(cron.metadata().namespace())
                            .labels(template.metadata().labels())
                            .annotations(template.metadata().annotations())
                            .putAnnotations(SCHEDULED, stamp)
                            .addOwnerReferences(Owners.reference(cron)))
                    .spec(template.spec())
                    .build();
            try {
                Job created = client.create(wanted);
                scope.events().normal(cron, "SuccessfulCreate", "Created job " + name);
                active.add(reference(created));
            } catch (ApiException e) {
                if (!e.alreadyExists()) {
                    if (!(e.code() == 403 && String.valueOf(e.getMessage()).contains("terminat"))) {
                        scope.events().warning(cron, "FailedCreate", "Error creating job: " + e.getMessage());
                    }
                    throw e;
                }
            }
            lastSchedule = due;
        }
    }
}
