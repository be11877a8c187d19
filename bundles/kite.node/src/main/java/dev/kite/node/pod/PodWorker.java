package dev.kite.node.pod;

import dev.kite.api.client.ApiException;
import dev.kite.api.client.DeleteRequest;
import dev.kite.api.client.EventRecorder;
import dev.kite.cri.CriException;
import dev.kite.cri.Sandbox;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.PodStatus;
import dev.kite.node.pod.Containers.Ref;
import dev.kite.node.pod.PodView.Instance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pod's life on this node, on one virtual thread: looks at what there is, plans, does, tells the API, waits for the next change. Ends when the pod is gone from the API and
 * from the node. {@link #update}, {@link #gone}, {@link #wake} and the getters are for other threads.
 */
final class PodWorker {
    private static final Logger LOG = LoggerFactory.getLogger(PodWorker.class);
    private static final Duration RESYNC = Duration.ofSeconds(75);
    private static final Duration RETRY = Duration.ofSeconds(10);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration[] FOLLOW_UPS = {Duration.ofMillis(150), Duration.ofMillis(1500)};
    private static final Duration PROGRAM = Duration.ofMillis(200);

    private final Room room;
    private final String uid;
    private final Signal signal;
    private final Thread thread;
    private final Runnable onEnd;
    private final Views views;
    private final Backoffs backoffs = new Backoffs();
    private final AtomicInteger followUps = new AtomicInteger();
    private final Waits waits = new Waits();
    private final Verdicts verdicts;
    private final Resizes resizes;
    private final PodTeller teller;
    private final PodRemains remains;
    private final PodEnd end;
    private final PodStart start;
    private final Probes probes;

    private volatile Pod latest;
    private volatile boolean gone;
    private volatile boolean ending;
    private volatile PodView view = PodView.NOTHING;
    private volatile boolean interruptible;
    private volatile boolean stopping;
    private PodStatuses.@Nullable Verdict verdict;
    private boolean cgroupMade;
    private @Nullable Instant volumesAt;
    private Map<String, Path> volumes = Map.of();
    private boolean tornDown;
    private int sandboxFailures;

    PodWorker(Room room, Pod pod, Runnable onEnd) {
        this.room = room;
        this.uid = pod.metadata().uid();
        this.latest = pod;
        this.onEnd = onEnd;
        this.signal = new Signal(room.clock());
        this.views = new Views(room, uid);
        this.verdicts = new Verdicts(room, signal);
        this.teller = new PodTeller(room, uid, waits);
        this.remains = new PodRemains(room, uid, views, teller);
        this.resizes =
                new Resizes(room.containers().machineMemory(), room.containers().cpuQuota());
        this.end = new PodEnd(room, this::event);
        this.start = new PodStart(room, this::event, backoffs);
        this.probes = new Probes(room.checks(), new Probes.Host() {
            @Override
            public void event(Ref container, EventRecorder.Type type, String reason, String message) {
                PodWorker.this.event(container, type, reason, message);
            }

            @Override
            public void wake() {
                PodWorker.this.wake();
            }

            @Override
            public String address() {
                return PodWorker.this.address();
            }
        });
        this.thread = Thread.ofVirtual()
                .name("pod-" + pod.metadata().namespace() + "-" + pod.metadata().name())
                .unstarted(this::run);
    }

    void start() {
        signal.raise();
        thread.start();
    }

    /** The API has a newer version. */
    void update(Pod pod) {
        latest = pod;
        if (pod.metadata().hasDeletionTimestamp()) {
            interruptPull();
        }
        signal.raise();
    }

    /** The API has it no more. */
    void gone() {
        gone = true;
        interruptPull();
        signal.raise();
    }

    void wake() {
        signal.raise();
    }

    /** The node is short of something: the pod ends and fails. */
    void evict(PodStatuses.Verdict why) {
        verdicts.evict(why);
    }

    /** Wakes now, and twice again a little later: the runtime tells of an end a moment before it shows it. */
    void wakeRepeatedly() {
        followUps.set(FOLLOW_UPS.length);
        signal.raise();
    }

    /** Ends the thread and its probes soon; containers stay. */
    void stop() {
        stopping = true;
        thread.interrupt();
    }

    /** Waits for the end after {@link #stop}. */
    void awaitEnd(Duration patience) throws InterruptedException {
        thread.join(patience);
    }

    Pod pod() {
        PodStatus newest = teller.newest();
        return newest == null ? latest : latest.toBuilder().status(newest).build();
    }

    PodView view() {
        return view;
    }

    private void interruptPull() {
        if (interruptible) {
            thread.interrupt();
        }
    }

    private void run() {
        try {
            while (!stopping) {
                try {
                    signal.await();
                    if (sync()) {
                        return;
                    }
                } catch (InterruptedException e) {
                    signal.raise(); // to end a pull or a mount of a pod that is deleted, or to stop
                } catch (CriException | ApiException e) {
                    boolean interrupted = Thread.interrupted();
                    boolean runtimeAway = e instanceof CriException cri
                            && cri.code() == CriException.Code.UNAVAILABLE; // said once, by its supervisor
                    if (!interrupted && !runtimeAway) {
                        LOG.warn("Pod {}: {}", latest.key(), e.getMessage());
                    }
                    signal.raiseAt(room.clock().instant().plus(interrupted ? Duration.ZERO : SOON));
                } catch (RuntimeException e) {
                    LOG.error("Pod {} cannot be synced", latest.key(), e);
                    signal.raiseAt(room.clock().instant().plus(RETRY));
                }
            }
        } finally {
            probes.close();
            onEnd.run();
        }
    }

    /** Returns whether the worker's work is done. */
    private boolean sync() throws InterruptedException {
        Pod pod = latest;
        Instant now = room.clock().instant();
        view = views.look();
        verdict = verdicts.of(pod, view, now);
        boolean over = gone
                || pod.metadata().hasDeletionTimestamp()
                || verdict != null
                || PodStatuses.terminal(pod.status().phase());
        if (!over) {
            PodPlan plan = PodPlan.run(pod, view, probes.results(), backoffs, resizes, now);
            if (!plan.finished()) {
                if (plan.steps().stream().allMatch(Step.EndAll.class::isInstance)
                        && !plan.steps().isEmpty()) {
                    shutDown(pod);
                } else {
                    runPlan(pod, plan);
                }
                tell(false);
                scheduleNext(plan);
                return false;
            }
        }
        return finish(pod);
    }

    private void runPlan(Pod pod, PodPlan plan) throws InterruptedException {
        hold(pod, plan);
        if (!plan.steps().isEmpty() || refreshDue()) {
            if (!prepare(pod)) {
                return;
            }
        }
        Sandbox sandbox = view.ready();
        for (Step step : plan.steps()) {
            if (gone || latest.metadata().hasDeletionTimestamp()) {
                signal.raise();
                return;
            }
            switch (step) {
                case Step.EndAll() -> shutDown(pod);
                case Step.MakeSandbox(int attempt) -> {
                    sandbox = makeSandbox(pod, attempt);
                    if (sandbox == null) {
                        return;
                    }
                }
                case Step.Kill(Instance instance, Ref ref, String why) -> {
                    Duration grace = grace(pod, ref);
                    end.one(pod, ref, instance, view, () -> grace, why);
                    signal.raise(); // what comes next depends on how it ended
                }
                case Step.Resize(Instance instance, Ref ref) -> resize(pod, instance, ref);
                case Step.Remove(Instance instance) -> remains.remove(instance);
                case Step.Start(Ref ref, int attempt) -> {
                    if (sandbox != null) {
                        startContainer(pod, ref, attempt, sandbox);
                    }
                }
            }
        }
        if (!plan.steps().isEmpty()) {
            view = views.look();
            remains.collect(view);
        }
        probes.sync(Containers.all(pod), view, false);
    }

    private void resize(Pod pod, Instance instance, Ref ref) {
        try {
            room.cgroups().make(pod);
            room.runtime().updateResources(instance.id(), resizes.give(pod, ref, instance));
        } catch (IOException e) {
            room.events().warning(pod, "ResizeError", String.valueOf(e.getMessage()));
        }
    }

    private static Duration grace(Pod pod, Ref ref) {
        var probe = ref.spec().livenessProbe();
        return Duration.ofSeconds(
                probe.hasTerminationGracePeriodSeconds()
                        ? probe.terminationGracePeriodSeconds()
                        : pod.spec().terminationGracePeriodSeconds());
    }

    private boolean refreshDue() {
        Instant at = volumesAt;
        return at == null || room.clock().instant().isAfter(at.plus(RESYNC.minusSeconds(5)));
    }

    /** Notes the containers that are held back after crashes. */
    private void hold(Pod pod, PodPlan plan) {
        for (Ref ref : Containers.all(pod)) {
            Instant until = plan.held().get(ref.name());
            if (until == null) {
                continue;
            }
            String where = ref.name() + " in pod " + pod.metadata().name() + "_"
                    + pod.metadata().namespace() + "(" + uid + ")";
            String message = "back-off " + go(backoffs.pause(PodPlan.backoffKey(ref))) + " restarting failed container="
                    + ref.name() + " pod=" + pod.metadata().name() + "_"
                    + pod.metadata().namespace() + "(" + uid + ")";
            if (waits.put(ref.name(), new Waits.Wait("CrashLoopBackOff", message, until))) {
                event(ref, EventRecorder.Type.WARNING, "BackOff", "Back-off restarting failed container " + where);
            }
        }
    }

    /** A duration as Go prints it: 40s, 1m20s. */
    private static String go(Duration duration) {
        return (duration.toMinutes() > 0 ? duration.toMinutes() + "m" : "") + duration.toSecondsPart() + "s";
    }

    private boolean prepare(Pod pod) throws InterruptedException {
        interruptible = true;
        try {
            Files.createDirectories(room.node().paths().pod(uid));
            volumes = room.volumes().prepare(pod);
            volumesAt = room.clock().instant();
            if (!cgroupMade) {
                room.cgroups().make(pod);
                cgroupMade = true;
            }
            return true;
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            room.events().warning(pod, "FailedMount", String.valueOf(e.getMessage()));
            signal.raiseAt(room.clock().instant().plus(SOON.multipliedBy(2)));
            return false;
        } finally {
            interruptible = false;
        }
    }

    private @Nullable Sandbox makeSandbox(Pod pod, int attempt) {
        try {
            String id = start.sandbox(pod, attempt);
            sandboxFailures = 0;
            return room.runtime().sandbox(id).orElse(null);
        } catch (SyncException e) {
            room.events().warning(pod, "FailedCreatePodSandBox", String.valueOf(e.getMessage()));
            sandboxFailures = Math.min(sandboxFailures + 1, 4);
            signal.raiseAt(room.clock().instant().plusSeconds(1L << (sandboxFailures - 1)));
            return null;
        }
    }

    private void startContainer(Pod pod, Ref ref, int attempt, Sandbox sandbox) throws InterruptedException {
        Instance newest = view.newest(ref.name(), sandbox.id());
        boolean swapped = newest != null && Programs.isProgram(newest.id());
        try {
            interruptible = true;
            start.container(pod, ref, attempt, sandbox, volumes, view);
            waits.clear(ref.name());
        } catch (SyncException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            Instant again = e.retryAt() == null ? room.clock().instant().plus(RETRY) : e.retryAt();
            waits.put(ref.name(), new Waits.Wait(e.reason(), String.valueOf(e.getMessage()), again));
        } finally {
            interruptible = false;
            if (newest != null && !swapped) {
                Instant now = room.clock().instant();
                Instant failed = newest.status().finishedAt();
                backoffs.tried(PodPlan.backoffKey(ref), failed == null ? now : failed, now);
            }
        }
    }

    private void shutDown(Pod pod) throws InterruptedException {
        probes.sync(Containers.all(pod), view, true);
        end.all(pod, view, () -> endGrace(pod));
        view = views.look();
    }

    private Duration endGrace(Pod pod) {
        if (gone) {
            return Duration.ZERO;
        }
        Pod now = latest;
        if (now.metadata().hasDeletionTimestamp() && now.metadata().hasDeletionGracePeriodSeconds()) {
            return Duration.ofSeconds(now.metadata().deletionGracePeriodSeconds());
        }
        return Duration.ofSeconds(pod.spec().terminationGracePeriodSeconds());
    }

    /** The pod is at its end: stop what runs, give everything back, tell the API; returns whether it is gone from there too. */
    private boolean finish(Pod pod) throws InterruptedException {
        ending = true;
        if (!PodPlan.end(view).finished()) {
            if (!gone) {
                tell(false);
            }
            shutDown(pod);
        }
        probes.sync(Containers.all(pod), view, true);
        if (!gone) {
            tell(true);
        }
        if (!tornDown && !tearDown(pod)) {
            return false;
        }
        if (gone) {
            remains.clean(pod, view);
            return true;
        }
        if (latest.metadata().hasDeletionTimestamp()) {
            try {
                room.node()
                        .client()
                        .resource(Pod.RESOURCE)
                        .delete(pod.metadata().namespace(), pod.metadata().name(), DeleteRequest.NOW.only(uid));
            } catch (ApiException e) {
                if (!e.notFound() && e.code() != 409) {
                    throw e;
                }
            }
            signal.raiseAt(room.clock().instant().plus(RETRY)); // until the API says that it is gone
        }
        return false;
    }

    private boolean tearDown(Pod pod) {
        try {
            remains.tearDown(pod);
            tornDown = true;
            return true;
        } catch (IOException e) {
            LOG.warn("Pod {} cannot be taken away yet: {}", pod.key(), e.getMessage());
            signal.raiseAt(room.clock().instant().plus(SOON));
            return false;
        }
    }

    private void tell(boolean ended) {
        Pod base = latest;
        switch (teller.tell(base, view, probes.results(), ended, verdict)) {
            case PodTeller.Told.Stored(Pod stored) -> {
                if (base.metadata().resourceVersion().equals(latest.metadata().resourceVersion())) {
                    latest = stored;
                }
            }
            case PodTeller.Told.Nothing() -> {}
            case PodTeller.Told.Again() -> signal.raiseAt(room.clock().instant().plus(SOON));
        }
        boolean programStarts = view.instances().stream()
                .anyMatch(one -> Programs.isProgram(one.id())
                        && one.running()
                        && !room.programs().ready(one.id()));
        if (programStarts) {
            signal.raiseAt(room.clock().instant().plus(PROGRAM));
        }
    }

    private void scheduleNext(PodPlan plan) {
        Instant now = room.clock().instant();
        signal.raiseAt(now.plus(RESYNC));
        int left = followUps.getAndUpdate(count -> Math.max(0, count - 1));
        if (left > 0) {
            signal.raiseAt(now.plus(FOLLOW_UPS[FOLLOW_UPS.length - left]));
        }
        Instant start = plan.nextStart();
        if (start != null) {
            signal.raiseAt(start);
        }
        Instant retry = waits.next();
        if (retry != null) {
            signal.raiseAt(retry.isBefore(now) ? now.plus(RETRY) : retry);
        }
    }

    private String address() {
        Sandbox sandbox = view.ready();
        return sandbox == null || sandbox.addresses().isEmpty() || latest.spec().hostNetwork()
                ? room.node().addresses().getFirst().getHostAddress()
                : sandbox.addresses().getFirst();
    }

    private void event(Ref container, EventRecorder.Type type, String reason, String message) {
        room.events().record(References.of(latest, container), type, reason, message);
    }

    boolean isEnding() {
        return ending;
    }
}
