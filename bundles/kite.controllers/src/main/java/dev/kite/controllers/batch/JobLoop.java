package dev.kite.controllers.batch;

import dev.kite.api.client.ApiException;
import dev.kite.api.client.Informer;
import dev.kite.api.client.ObjectKey;
import dev.kite.api.client.Patch;
import dev.kite.api.client.ResourceClient;
import dev.kite.api.controller.WorkQueue;
import dev.kite.controllers.base.Expectations;
import dev.kite.controllers.base.Loop;
import dev.kite.controllers.base.Owners;
import dev.kite.controllers.base.PodControl;
import dev.kite.controllers.base.Scope;
import dev.kite.controllers.base.SlowStart;
import dev.kite.model.KubernetesObject;
import dev.kite.model.batch.v1.Job;
import dev.kite.model.batch.v1.JobCondition;
import dev.kite.model.core.v1.Container;
import dev.kite.model.core.v1.Pod;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Runs Jobs' pods until enough of them have succeeded. */
public final class JobLoop implements Loop {

    /** Makes the loop. */
    public JobLoop() {}

    @Override
    public String name() {
        return "job-controller";
    }

    @Override
    public void start(Scope scope) {
        new Running(scope).start();
    }

    private static final class Running {
        private final Scope scope;
        private final Informer<Job> jobs;
        private final Informer<Pod> pods;
        private final ResourceClient<Pod> podClient;
        private final PodControl control;
        private final Expectations<Pod> expectations;
        private final WorkQueue<ObjectKey> queue;

        Running(Scope scope) {
            this.scope = scope;
            this.jobs = scope.informer(Job.RESOURCE);
            this.pods = scope.informer(Pod.RESOURCE);
            this.podClient = scope.resource(Pod.RESOURCE);
            this.control = new PodControl(scope);
            this.expectations = new Expectations<>(pods, scope.clock());
            this.queue = scope.queue();
        }

        void start() {
            Owners.index(pods);
            jobs.onChange((before, after) -> {
                Job job = after == null ? before : after;
                if (job != null) {
                    queue.add(Owners.key(job));
                }
            });
            pods.onChange((before, after) -> {
                Pod pod = after == null ? before : after;
                ObjectKey owner = pod == null ? null : Owners.controllerKey(pod.metadata(), "batch/v1", "Job");
                if (owner != null && pod != null) {
                    if (after == null) {
                        expectations.gone(owner, pod);
                    }
                    queue.add(owner);
                }
            });
            scope.run(scope.workers("concurrent-job-syncs", 5), queue, this::reconcile);
        }

        /** Pods whose Job is gone must not be held by the Job's finalizer. */
        private void release(ObjectKey job) {
            List<Pod> held = pods.list(job.namespace()).stream()
                    .filter(pod -> pod.metadata().hasDeletionTimestamp()
                            && pod.metadata().finalizers().contains(JobCount.FINALIZER)
                            && job.equals(Owners.controllerKey(pod.metadata(), "batch/v1", "Job")))
                    .toList();
            if (!held.isEmpty()
                    && scope.resource(Job.RESOURCE)
                            .find(job.namespace(), job.name())
                            .isEmpty()) {
                held.forEach(this::removeFinalizer);
            }
        }

        private @Nullable Duration reconcile(ObjectKey key) throws InterruptedException {
            Job job = jobs.get(key.namespace(), key.name());
            if (job == null) {
                expectations.forget(key);
                release(key);
                return null;
            }
            boolean elsewhere =
                    !job.spec().managedBy().isEmpty() && !job.spec().managedBy().equals("kubernetes.io/job-controller");
            if (elsewhere || !expectations.satisfied(key)) {
                return null;
            }
            Collection<Pod> own = Owners.controlledBy(pods, job.metadata().uid());
            if (JobConditions.end(job) != null) {
                own.stream()
                        .filter(pod -> pod.metadata().finalizers().contains(JobCount.FINALIZER))
                        .forEach(this::removeFinalizer);
                return null;
            }
            if (job.metadata().hasDeletionTimestamp()) {
                own.stream()
                        .filter(pod -> pod.metadata().hasDeletionTimestamp()
                                && pod.metadata().finalizers().contains(JobCount.FINALIZER))
                        .forEach(this::removeFinalizer);
                return null;
            }
            JobPlan plan = JobPlan.of(job, own, scope.now().truncatedTo(ChronoUnit.SECONDS));
            if (!plan.status().equals(job.status())) {
                scope.resource(Job.RESOURCE)
                        .updateStatus(job.toBuilder().status(plan.status()).build());
                tell(job, plan);
            }
            plan.accounted().forEach(this::removeFinalizer);
            for (Pod pod : plan.delete()) {
                if (plan.uncounted()) {
                    removeFinalizer(pod);
                }
                if (control.delete(job, pod)) {
                    expectations.deleted(key, pod);
                }
            }
            create(key, job, own, plan.create());
            return plan.again();
        }

        private void tell(Job job, JobPlan plan) {
            for (JobCondition condition : plan.status().conditions()) {
                boolean known = job.status().conditions().stream()
                        .anyMatch(old -> old.type().equals(condition.type())
                                && old.status().equals(condition.status()));
                if (known) {
                    continue;
                }
                switch (condition.type()) {
                    case JobConditions.COMPLETE -> scope.events().normal(job, "Completed", "Job completed");
                    case JobConditions.FAILED -> scope.events().warning(job, condition.reason(), condition.message());
                    case JobConditions.SUSPENDED ->
                        scope.events()
                                .normal(
                                        job,
                                        condition.status().equals("True") ? "Suspended" : "Resumed",
                                        condition.message());
                    default -> {
                        // Interim conditions are told of when they have come to their end.
                    }
                }
            }
        }

        private void create(ObjectKey key, Job job, Collection<Pod> own, List<Integer> indexes)
                throws InterruptedException {
            if (indexes.isEmpty()) {
                return;
            }
            Queue<Integer> left = new ConcurrentLinkedQueue<>(indexes);
            SlowStart.Outcome outcome = SlowStart.run(indexes.size(), () -> {
                Integer index = left.remove();
                Pod created = control.create(job, pod(job, own, index));
                expectations.created(key, created);
                return created;
            });
            if (outcome.failure() instanceof ApiException e) {
                if (!PodControl.namespaceTerminating(e)) {
                    throw e;
                }
            } else if (outcome.failure() != null) {
                throw new IllegalStateException(outcome.failure());
            }
        }

        private static Pod pod(Job job, Collection<Pod> own, int index) {
            Pod pod = PodControl.fromTemplate(job, job.spec().template());
            if (index < 0) {
                return KubernetesObject.withMetadata(pod, meta -> meta.addFinalizers(JobCount.FINALIZER));
            }
            String number = Integer.toString(index);
            String name = job.metadata().name() + "-" + number;
            int failures = own.stream()
                    .filter(other -> JobCount.index(other) == index
                            && other.status().phase().equals("Failed"))
                    .mapToInt(other -> JobCount.failures(other) + 1)
                    .max()
                    .orElse(0);
            List<Container> containers = new ArrayList<>();
            for (Container container : pod.spec().containers()) {
                containers.add(withIndex(container));
            }
            List<Container> init = new ArrayList<>();
            for (Container container : pod.spec().initContainers()) {
                init.add(withIndex(container));
            }
            return pod.toBuilder()
                    .metadata(meta -> {
                        meta.generateName(name + "-")
                                .addFinalizers(JobCount.FINALIZER)
                                .putLabels(JobCount.INDEX, number)
                                .putAnnotations(JobCount.INDEX, number);
                        if (job.spec().hasBackoffLimitPerIndex()) {
                            meta.putAnnotations(JobCount.INDEX_FAILURES, Integer.toString(failures));
                        }
                    })
                    .spec(spec -> {
                        spec.containers(containers)
                                .initContainers(init.isEmpty() ? null : init)
                                .hostname(name);
                    })
                    .build();
        }

        private static Container withIndex(Container container) {
            if (container.env().stream().anyMatch(e -> e.name().equals("JOB_COMPLETION_INDEX"))) {
                return container;
            }
            return container.toBuilder()
                    .addEnv(env -> env.name("JOB_COMPLETION_INDEX")
                            .valueFrom(from -> from.fieldRef(field ->
                                    field.apiVersion("v1").fieldPath("metadata.labels['" + JobCount.INDEX + "']"))))
                    .build();
        }

        private void removeFinalizer(Pod pod) {
            List<String> left = pod.metadata().finalizers().stream()
                    .filter(finalizer -> !finalizer.equals(JobCount.FINALIZER))
                    .toList();
            if (left.size() == pod.metadata().finalizers().size()) {
                return;
            }
            String patch = "{\"metadata\":{\"uid\":\"" + pod.metadata().uid()
                    + "\",\"$deleteFromPrimitiveList/finalizers\":[\"" + JobCount.FINALIZER + "\"]}}";
            try {
                podClient.patch(pod.metadata().namespace(), pod.metadata().name(), new Patch.StrategicMerge(patch), "");
            } catch (ApiException e) {
                if (!e.notFound() && !e.conflict()) {
                    throw e;
                }
            }
        }
    }
}
