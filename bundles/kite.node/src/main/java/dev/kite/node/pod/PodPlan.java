package dev.kite.node.pod;

import dev.kite.cri.Sandbox;
import dev.kite.model.core.v1.ContainerRestartRule;
import dev.kite.model.core.v1.ContainerStatus;
import dev.kite.model.core.v1.Pod;
import dev.kite.node.pod.Containers.Kind;
import dev.kite.node.pod.Containers.Ref;
import dev.kite.node.pod.PodView.Instance;
import dev.kite.node.pod.ProbeResults.Result;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What to do for a pod. Pure: from the pod, what there is in the runtime, what probes found, the back-offs and the time.
 *
 * @param steps what to do now, in order
 * @param held containers that are to be started again later, and when (CrashLoopBackOff)
 * @param finished whether nothing of the pod runs or will run again
 */
record PodPlan(List<Step> steps, Map<String, Instant> held, boolean finished) {
    PodPlan {
        steps = List.copyOf(steps);
        held = Map.copyOf(held);
    }

    /** The time of the earliest start that is held back, null for none. */
    @Nullable
    Instant nextStart() {
        return held.values().stream().min(Instant::compareTo).orElse(null);
    }

    /** A plan for a pod that is to end, whatever its containers are at. */
    static PodPlan end(PodView view) {
        boolean something =
                !view.running().isEmpty() || view.sandboxes().stream().anyMatch(Sandbox::ready);
        return new PodPlan(something ? List.of(new Step.EndAll()) : List.of(), Map.of(), !something);
    }

    /** A plan for a pod that is to run. */
    static PodPlan run(Pod pod, PodView view, ProbeResults probes, Backoffs backoffs, Resizes resizes, Instant now) {
        return new Maker(pod, view, probes, backoffs, resizes, now).make();
    }

    /** Whether a container is to be started again after an instance ended. */
    static boolean restarts(Pod pod, Ref container, Instance ended) {
        if (container.kind() == Kind.EPHEMERAL) {
            return false;
        }
        if (container.kind() == Kind.SIDECAR) {
            return true;
        }
        int code = ended.status().exitCode();
        for (ContainerRestartRule rule : container.spec().restartPolicyRules()) {
            boolean listed = rule.exitCodes().values().contains(code);
            if (rule.action().equals("Restart") && (rule.exitCodes().operator().equals("In") ? listed : !listed)) {
                return true;
            }
        }
        String policy = container.spec().hasRestartPolicy()
                ? container.spec().restartPolicy()
                : pod.spec().restartPolicy();
        return switch (policy) {
            case "Never" -> false;
            case "OnFailure" -> code != 0;
            default ->
                container.kind() != Kind.INIT
                        || code != 0; // an init container that succeeded is done, whatever the policy
        };
    }

    /** How often a container was started before its next start: by the runtime's instances, or the API's count where those are gone. */
    static int attempts(Pod pod, PodView view, String container) {
        Instance newest = view.newest(container);
        int known = newest == null ? 0 : newest.status().attempt() + 1;
        if (newest != null) {
            return known;
        }
        return Stream.of(
                        pod.status().containerStatuses(),
                        pod.status().initContainerStatuses(),
                        pod.status().ephemeralContainerStatuses())
                .flatMap(List::stream)
                .filter(one ->
                        one.name().equals(container) && !one.containerID().isEmpty())
                .mapToInt(ContainerStatus::restartCount)
                .map(count -> count + 1)
                .findFirst()
                .orElse(0);
    }

    /** The key of a container's crash back-off. */
    static String backoffKey(Ref container) {
        return container.name() + "/" + Labels.hash(container.spec());
    }

    /** Gathers the steps. */
    private static final class Maker {
        private final Pod pod;
        private final PodView view;
        private final ProbeResults probes;
        private final Backoffs backoffs;
        private final Resizes resizes;
        private final Instant now;
        private final List<Step> steps = new ArrayList<>();
        private final Map<String, Instant> held = new HashMap<>();

        Maker(Pod pod, PodView view, ProbeResults probes, Backoffs backoffs, Resizes resizes, Instant now) {
            this.pod = pod;
            this.view = view;
            this.probes = probes;
            this.backoffs = backoffs;
            this.resizes = resizes;
            this.now = now;
        }

        PodPlan make() {
            Sandbox sandbox = view.ready();
            if (sandbox == null) {
                return withoutSandbox();
            }
            boolean initialized =
                    Containers.app(pod).stream().anyMatch(one -> view.newest(one.name(), sandbox.id()) != null);
            Progress progress = init(sandbox, initialized);
            if (progress == Progress.FAILED) {
                return finish();
            }
            ephemeral(sandbox);
            if (progress == Progress.WAITING) {
                return new PodPlan(steps, held, false);
            }
            return app(sandbox) ? finish() : new PodPlan(steps, held, false);
        }

        private PodPlan withoutSandbox() {
            boolean first = view.sandboxes().isEmpty() && view.instances().isEmpty();
            boolean anyToRun = first
                    || Containers.app(pod).stream().anyMatch(one -> {
                        Instance newest = view.newest(one.name());
                        return newest == null || !newest.exited() || restarts(pod, one, newest);
                    });
            boolean initFailed = Containers.init(pod).stream().anyMatch(one -> {
                Instance newest = view.newest(one.name());
                return one.kind() == Kind.INIT
                        && newest != null
                        && newest.exited()
                        && newest.status().exitCode() != 0
                        && !restarts(pod, one, newest);
            });
            boolean neverAgain = pod.spec().restartPolicy().equals("Never")
                    && !view.instances().isEmpty();
            if (!anyToRun || initFailed || neverAgain) {
                return end(view);
            }
            if (!view.running().isEmpty()) {
                steps.add(new Step.EndAll());
            }
            int attempt = first ? 0 : newestAttempt() + 1;
            steps.add(new Step.MakeSandbox(attempt));
            List<Ref> init = Containers.init(pod);
            List<Ref> firsts = init.isEmpty() ? Containers.app(pod) : init.subList(0, 1);
            for (Ref container : firsts) {
                start(container);
            }
            return new PodPlan(steps, held, false);
        }

        private int newestAttempt() {
            return view.sandboxes().isEmpty()
                    ? -1
                    : view.sandboxes().getFirst().pod().attempt();
        }

        private PodPlan finish() {
            return end(view);
        }

        /** How far the init containers are. */
        private enum Progress {
            WAITING,
            DONE,
            FAILED
        }

        private Progress init(Sandbox sandbox, boolean initialized) {
            for (Ref container : Containers.init(pod)) {
                Instance newest = view.newest(container.name(), sandbox.id());
                Progress progress = container.kind() == Kind.SIDECAR
                        ? sidecar(container, newest)
                        : initialized ? Progress.DONE : initOnce(container, newest);
                if (progress != Progress.DONE && !(initialized && container.kind() == Kind.SIDECAR)) {
                    return progress;
                }
            }
            return Progress.DONE;
        }

        private Progress initOnce(Ref container, @Nullable Instance newest) {
            if (newest == null) {
                start(container);
                return Progress.WAITING;
            }
            return switch (newest.status().state()) {
                case RUNNING -> Progress.WAITING;
                case EXITED -> {
                    if (newest.status().exitCode() == 0) {
                        yield Progress.DONE;
                    }
                    if (!restarts(pod, container, newest)) {
                        yield Progress.FAILED;
                    }
                    again(container, newest);
                    yield Progress.WAITING;
                }
                case CREATED, UNKNOWN -> {
                    steps.add(new Step.Remove(newest));
                    start(container);
                    yield Progress.WAITING;
                }
            };
        }

        private Progress sidecar(Ref container, @Nullable Instance newest) {
            return keep(container, newest) && newest != null && started(container, newest)
                    ? Progress.DONE
                    : Progress.WAITING;
        }

        private boolean started(Ref container, Instance instance) {
            return !container.spec().hasStartupProbe()
                    || probes.get(instance.id(), ProbeResults.Kind.STARTUP) == Result.SUCCESS;
        }

        private void ephemeral(Sandbox sandbox) {
            for (Ref container : Containers.ephemeral(pod)) {
                if (view.newest(container.name(), sandbox.id()) == null) {
                    start(container);
                }
            }
        }

        /** Returns whether all have ended for good. */
        private boolean app(Sandbox sandbox) {
            boolean ended = true;
            for (Ref container : Containers.app(pod)) {
                Instance newest = view.newest(container.name(), sandbox.id());
                if (newest != null && newest.exited() && !restarts(pod, container, newest)) {
                    continue;
                }
                ended = false;
                keep(container, newest);
            }
            return ended;
        }

        /** Keeps a container running; returns whether it is. */
        private boolean keep(Ref container, @Nullable Instance newest) {
            if (newest == null) {
                start(container);
                return false;
            }
            return switch (newest.status().state()) {
                case RUNNING -> {
                    String why = whyKill(container, newest);
                    if (why != null) {
                        steps.add(new Step.Kill(newest, container, why));
                        if (!failedProbe(container, newest) && !policyNever(container)) {
                            start(container); // changed, not crashed: no back-off
                        }
                    } else if (resizes.differs(pod, container, newest)) {
                        steps.add(new Step.Resize(newest, container));
                    }
                    yield why == null;
                }
                case EXITED -> {
                    again(container, newest);
                    yield false;
                }
                case CREATED, UNKNOWN -> {
                    steps.add(new Step.Remove(newest));
                    start(container);
                    yield false;
                }
            };
        }

        private boolean policyNever(Ref container) {
            if (container.kind() == Kind.SIDECAR) {
                return false;
            }
            String policy = container.spec().hasRestartPolicy()
                    ? container.spec().restartPolicy()
                    : pod.spec().restartPolicy();
            return policy.equals("Never");
        }

        private boolean failedProbe(Ref container, Instance instance) {
            return !changed(container, instance)
                    && !(resizes.differs(pod, container, instance) && resizes.restarts(pod, container, instance));
        }

        private static boolean changed(Ref container, Instance instance) {
            String hash = instance.status().annotations().get(Labels.HASH);
            return hash != null && !hash.equals(Labels.hash(container.spec()));
        }

        private @Nullable String whyKill(Ref container, Instance instance) {
            if (changed(container, instance)) {
                return "Container " + container.name() + " definition changed, will be restarted";
            }
            if (resizes.differs(pod, container, instance) && resizes.restarts(pod, container, instance)) {
                return "Container " + container.name() + " resize requires restart";
            }
            if (probes.get(instance.id(), ProbeResults.Kind.LIVENESS) == Result.FAILURE) {
                return "Container " + container.name() + " failed liveness probe, will be restarted";
            }
            if (probes.get(instance.id(), ProbeResults.Kind.STARTUP) == Result.FAILURE) {
                return "Container " + container.name() + " failed startup probe, will be restarted";
            }
            return null;
        }

        private void again(Ref container, Instance ended) {
            Instant finished = ended.status().finishedAt();
            Instant until = backoffs.until(backoffKey(container), finished == null ? now : finished, now);
            if (until != null) {
                held.put(container.name(), until);
            } else {
                start(container);
            }
        }

        private void start(Ref container) {
            steps.add(new Step.Start(container, attempts(pod, view, container.name())));
        }
    }
}
