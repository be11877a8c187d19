package dev.kite.scheduler;

import dev.kite.api.client.ApiException;
import dev.kite.api.client.DeleteRequest;
import dev.kite.api.client.EventRecorder;
import dev.kite.api.client.Informer;
import dev.kite.api.client.KubernetesClient;
import dev.kite.api.client.ResourceClient;
import dev.kite.model.core.v1.Binding;
import dev.kite.model.core.v1.Namespace;
import dev.kite.model.core.v1.Node;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.PodCondition;
import dev.kite.model.meta.v1.Status;
import dev.kite.model.policy.v1.PodDisruptionBudget;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives pods their nodes. One thread decides, one pod at a time; bindings run on virtual threads. */
final class Scheduler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);

    private final KubernetesClient client;
    private final Map<String, Profile> profiles;
    private final Map<String, EventRecorder> recorders = new HashMap<>();
    private final Clock clock;
    private final ResourceClient<Pod> pods;
    private final ClusterView view = new ClusterView();
    private final SchedulingQueue queue;
    private final Informer<Node> nodes;
    private final Informer<Pod> allPods;
    private final Informer<Namespace> namespaces;
    private final Informer<PodDisruptionBudget> budgets;
    private final Volumes volumes;
    private final Thread thread;

    /**
     * Starts.
     *
     * @param client {@code system:kube-scheduler}'s client
     * @param clock tells the time
     * @param configuration its profiles, and how long pods wait that could not be scheduled
     */
    Scheduler(KubernetesClient client, Clock clock, Configuration configuration) {
        this.client = client;
        this.clock = clock;
        this.queue = new SchedulingQueue(configuration.times(), System::nanoTime);
        this.profiles = configuration.profiles();
        profiles.keySet().forEach(name -> recorders.put(name, client.events(name, "")));
        this.pods = client.resource(Pod.RESOURCE);
        this.nodes = client.informers().informer(Node.RESOURCE);
        this.allPods = client.informers().informer(Pod.RESOURCE);
        this.namespaces = client.informers().informer(Namespace.RESOURCE);
        this.budgets = client.informers().informer(PodDisruptionBudget.RESOURCE);
        this.volumes = new Volumes(client, queue::clusterChanged);
        nodes.onChange(this::nodeChanged);
        allPods.onChange(this::podChanged);
        this.thread = Thread.ofVirtual().name("kite-scheduler").start(this::run);
    }

    private void nodeChanged(@Nullable Node before, @Nullable Node after) {
        view.nodeChanged(before, after);
        boolean matters = before == null
                || after == null
                || !before.spec().equals(after.spec())
                || !before.metadata().labels().equals(after.metadata().labels())
                || !before.status().allocatable().equals(after.status().allocatable());
        if (matters) {
            queue.clusterChanged();
        }
    }

    private void podChanged(@Nullable Pod before, @Nullable Pod after) {
        if (after == null || isFinished(after)) {
            Pod gone = after == null ? before : after;
            if (gone != null) {
                view.remove(gone.metadata().uid());
                queue.remove(gone.metadata().uid());
                if (!gone.spec().nodeName().isEmpty()) {
                    queue.clusterChanged();
                }
            }
            return;
        }
        if (!after.spec().nodeName().isEmpty()) {
            view.place(PodInfo.of(after), after.spec().nodeName());
            queue.remove(after.metadata().uid());
            if (before == null
                    || before.spec().nodeName().isEmpty()
                    || !before.metadata().labels().equals(after.metadata().labels())) {
                // Affinity to it may be satisfied now.
                queue.clusterChanged();
            }
            return;
        }
        view.nominate(after);
        if (mine(after)) {
            queue.offer(after);
        } else {
            queue.remove(after.metadata().uid());
        }
    }

    private static boolean isFinished(Pod pod) {
        return pod.status().phase().equals("Succeeded") || pod.status().phase().equals("Failed");
    }

    private boolean mine(Pod pod) {
        Profile profile = profiles.get(schedulerName(pod));
        return profile != null
                && !pod.metadata().hasDeletionTimestamp()
                && (!profile.gates() || pod.spec().schedulingGates().isEmpty());
    }

    private static String schedulerName(Pod pod) {
        String wanted = pod.spec().schedulerName();
        return wanted.isEmpty() ? Profile.DEFAULT_NAME : wanted;
    }

    /** Only pods of its profiles are in the queue. */
    private Profile profile(Pod pod) {
        return Objects.requireNonNull(profiles.get(schedulerName(pod)));
    }

    private EventRecorder events(Pod pod) {
        return Objects.requireNonNull(recorders.get(schedulerName(pod)));
    }

    private void run() {
        try {
            List<Informer<?>> needed = new ArrayList<>(volumes.informers());
            needed.addAll(List.of(nodes, allPods, namespaces, budgets));
            for (Informer<?> informer : needed) {
                while (!informer.awaitSync(Duration.ofMinutes(1))) {
                    LOG.warn("scheduler: still waiting for the API to list its objects");
                }
            }
            for (Pod pod = queue.take(); pod != null; pod = queue.take()) {
                try {
                    schedule(pod);
                } catch (RuntimeException e) {
                    LOG.warn("scheduling {} failed: {}", pod.key(), e.getMessage(), e);
                    queue.failed(pod.metadata().uid(), true);
                }
            }
        } catch (InterruptedException e) {
            // Only close() interrupts.
            Thread.currentThread().interrupt();
        }
    }

    private void schedule(Pod pod) {
        PodInfo info = PodInfo.of(pod);
        Profile profile = profile(pod);
        VolumeNeeds needs = profile.filters().contains("VolumeBinding") ? volumes.needs(pod) : VolumeNeeds.NONE;
        String uid = info.uid();
        // Decided and assumed under one lock, so that no change comes between.
        record Pass(Verdict verdict, Cycle cycle, VolumeNeeds.@Nullable Choice choice) {}
        Pass pass = view.with(all -> {
            Cycle cycle = new Cycle(profile, info, all, this::labels, needs);
            Verdict verdict = Verdict.decide(cycle, node -> view.nominated(node, info));
            if (verdict instanceof Verdict.Chosen(String node)) {
                VolumeNeeds.Choice choice = all.stream()
                        .filter(each -> each.name().equals(node))
                        .map(each -> needs.choose(each.node()))
                        .findFirst()
                        .orElse(null);
                view.place(info, node);
                return new Pass(verdict, cycle, choice);
            }
            return new Pass(verdict, cycle, null);
        });
        switch (pass.verdict()) {
            case Verdict.Chosen(String node) ->
                Thread.ofVirtual()
                        .name("kite-bind-" + pod.metadata().name())
                        .start(() -> bind(pod, node, pass.choice()));
            case Verdict.Rejected rejected -> {
                Preemption preemption = !profile.preempts()
                        ? Preemption.NONE
                        : view.with(all -> Preemption.decide(
                                new Cycle(profile, info, all, this::labels, needs), rejected, budgets.list()));
                reject(pod, rejected, preemption);
                queue.failed(uid, !preemption.node().isEmpty());
            }
        }
    }

    private Map<String, String> labels(String namespace) {
        Namespace found = namespaces.get("", namespace);
        return found == null ? Map.of() : found.metadata().labels();
    }

    private void bind(Pod pod, String node, VolumeNeeds.@Nullable Choice choice) {
        String namespace = pod.metadata().namespace();
        String name = pod.metadata().name();
        try {
            if (choice != null) {
                volumes.bind(choice, node);
            }
            Binding binding = Binding.builder()
                    .metadata(meta -> meta.namespace(namespace)
                            .name(name)
                            .uid(pod.metadata().uid()))
                    .target(target -> target.apiVersion("v1").kind("Node").name(node))
                    .build();
            pods.subresource("POST", namespace, name, "binding", binding, Status.TYPE);
            events(pod).normal(pod, "Scheduled", "Successfully assigned " + namespace + "/" + name + " to " + node);
        } catch (ApiException e) {
            undo(pod, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warn("binding {} failed", pod.key(), e);
            undo(pod, e);
        }
    }

    private void undo(Pod pod, RuntimeException failure) {
        view.remove(pod.metadata().uid());
        boolean gone = failure instanceof ApiException api && api.notFound();
        if (!gone) {
            LOG.debug("binding {} failed: {}", pod.key(), failure.getMessage());
            events(pod).warning(pod, "FailedScheduling", String.valueOf(failure.getMessage()));
        }
        queue.failed(pod.metadata().uid(), true);
    }

    private void reject(Pod pod, Verdict.Rejected rejected, Preemption preemption) {
        String message = rejected.message();
        if (rejected.nodes() > 0 && !preemption.message().isEmpty()) {
            message += " preemption: " + preemption.message();
        }
        try {
            if (!preemption.node().isEmpty()) {
                preempt(pod, preemption);
            }
            note(pod, message, preemption.node());
        } catch (ApiException e) {
            if (!e.notFound() && !e.conflict()) {
                throw e;
            }
            LOG.debug("{} changed while it was looked at: {}", pod.key(), e.getMessage());
        }
    }

    private void preempt(Pod pod, Preemption preemption) {
        for (Pod victim : preemption.victims()) {
            String by = "Preempted by pod " + pod.metadata().uid() + " on node " + preemption.node();
            try {
                disrupt(victim, schedulerName(pod));
                pods.delete(
                        victim.metadata().namespace(),
                        victim.metadata().name(),
                        DeleteRequest.DEFAULT.only(victim.metadata().uid()));
                events(pod).normal(victim, "Preempted", by);
            } catch (ApiException e) {
                if (!e.notFound() && !e.conflict()) {
                    throw e;
                }
            }
        }
    }

    private void disrupt(Pod victim, String by) {
        PodCondition condition = PodCondition.builder()
                .type("DisruptionTarget")
                .status("True")
                .lastTransitionTime(now())
                .reason("PreemptionByScheduler")
                .message(by + ": preempting to accommodate a higher priority pod")
                .build();
        if (victim.status().conditions().stream().noneMatch(c -> c.type().equals("DisruptionTarget"))) {
            pods.updateStatus(with(victim, condition));
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    private void note(Pod pod, String message, String nominated) {
        events(pod).warning(pod, "FailedScheduling", message);
        PodCondition known = pod.status().conditions().stream()
                .filter(condition -> condition.type().equals("PodScheduled"))
                .findFirst()
                .orElse(PodCondition.TYPE.empty());
        boolean same = known.status().equals("False")
                && known.reason().equals("Unschedulable")
                && known.message().equals(message);
        if (same && nominated.equals(pod.status().nominatedNodeName())) {
            return;
        }
        PodCondition condition = PodCondition.builder()
                .type("PodScheduled")
                .status("False")
                .reason("Unschedulable")
                .message(message)
                .lastTransitionTime(known.status().equals("False") ? known.lastTransitionTime() : now())
                .observedGeneration(
                        pod.metadata().hasGeneration() ? pod.metadata().generation() : null)
                .build();
        Pod changed = with(pod, condition);
        String wanted = nominated.isEmpty() ? pod.status().nominatedNodeName() : nominated;
        pods.updateStatus(changed.toBuilder()
                .status(status -> status.nominatedNodeName(wanted.isEmpty() ? null : wanted))
                .build());
    }

    private static Pod with(Pod pod, PodCondition condition) {
        List<PodCondition> conditions = new ArrayList<>();
        for (PodCondition each : pod.status().conditions()) {
            if (!each.type().equals(condition.type())) {
                conditions.add(each);
            }
        }
        conditions.add(condition);
        return pod.toBuilder().status(status -> status.conditions(conditions)).build();
    }

    @Override
    public void close() {
        queue.close();
        thread.interrupt();
        volumes.close();
        nodes.close();
        allPods.close();
        namespaces.close();
        budgets.close();
        client.close();
    }
}
