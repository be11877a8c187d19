package dev.kite.node.pod;

import dev.kite.cri.Sandbox;
import dev.kite.model.core.v1.ContainerState;
import dev.kite.model.core.v1.ContainerStatus;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.PodCondition;
import dev.kite.model.core.v1.PodReadinessGate;
import dev.kite.model.core.v1.PodStatus;
import dev.kite.node.pod.Containers.Kind;
import dev.kite.node.pod.Containers.Ref;
import dev.kite.node.pod.PodView.Instance;
import dev.kite.node.pod.ProbeResults.Result;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A pod's status from what there is. Pure.
 *
 * @param pod the pod as the API has it
 * @param view what there is in the runtime
 * @param facts what else counts
 */
record PodStatuses(Pod pod, PodView view, Facts facts) {
    private static final Set<String> OWN =
            Set.of("PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled");

    /**
     * What counts besides.
     *
     * @param waits why containers wait
     * @param probes what probes found
     * @param programs readiness of containers that are bundles, by instance
     * @param messages termination messages by instance
     * @param hostIps the node's addresses
     * @param ended whether nothing of the pod runs or will run again
     * @param verdict why the node ended the pod, null for no such thing
     * @param now the time
     */
    record Facts(
            Waits waits,
            ProbeResults probes,
            Map<String, Boolean> programs,
            Map<String, String> messages,
            List<String> hostIps,
            boolean ended,
            @Nullable Verdict verdict,
            Instant now) {}

    /** Why the node ended a pod: DeadlineExceeded, Evicted, ... */
    record Verdict(String reason, String message) {}

    PodStatus make() {
        PodStatus before = pod.status();
        List<ContainerStatus> init = new ArrayList<>();
        boolean initialized = initialized();
        for (Ref one : Containers.init(pod)) {
            init.add(container(one, find(before.initContainerStatuses(), one.name()), initialized));
        }
        List<ContainerStatus> app = new ArrayList<>();
        for (Ref one : Containers.app(pod)) {
            app.add(container(one, find(before.containerStatuses(), one.name()), initialized));
        }
        List<ContainerStatus> ephemeral = new ArrayList<>();
        for (Ref one : Containers.ephemeral(pod)) {
            ephemeral.add(container(one, find(before.ephemeralContainerStatuses(), one.name()), true));
        }
        String phase = phase(before.phase(), app);
        PodStatus.Builder status = PodStatus.builder()
                .phase(phase)
                .qosClass(Qos.of(pod).word())
                .startTime(before.hasStartTime() ? before.startTime() : seconds(facts.now()))
                .initContainerStatuses(init)
                .containerStatuses(app)
                .ephemeralContainerStatuses(ephemeral);
        if (pod.metadata().hasGeneration()) {
            status.observedGeneration(pod.metadata().generation());
        }
        carryOver(before, status);
        addresses(before, status);
        conditions(before, status, phase, init, app, initialized);
        return status.build();
    }

    /** What others wrote into the status stays. */
    private void carryOver(PodStatus before, PodStatus.Builder status) {
        if (before.hasNominatedNodeName()) {
            status.nominatedNodeName(before.nominatedNodeName());
        }
        if (!before.resourceClaimStatuses().isEmpty()) {
            status.resourceClaimStatuses(before.resourceClaimStatuses());
        }
        Verdict verdict = facts.verdict();
        if (verdict != null) {
            status.reason(verdict.reason()).message(verdict.message());
        } else if (terminal(before.phase()) && before.hasReason()) {
            status.reason(before.reason()).message(before.message());
        }
    }

    private void addresses(PodStatus before, PodStatus.Builder status) {
        List<String> hosts = facts.hostIps();
        if (!hosts.isEmpty()) {
            status.hostIP(hosts.getFirst());
            hosts.forEach(ip -> status.addHostIPs(one -> one.ip(ip)));
        }
        Sandbox sandbox = view.ready();
        List<String> ips = pod.spec().hostNetwork()
                ? sandbox == null ? List.of() : hosts
                : sandbox == null ? List.of() : sandbox.addresses();
        if (ips.isEmpty() && before.hasPodIP()) { // it had one, until it gets another
            status.podIP(before.podIP()).podIPs(before.podIPs());
        } else if (!ips.isEmpty()) {
            status.podIP(ips.getFirst());
            ips.forEach(ip -> status.addPodIPs(one -> one.ip(ip)));
        }
    }

    /** Whether the init containers are done in the newest sandbox. */
    private boolean initialized() {
        Sandbox sandbox = view.sandboxes().isEmpty() ? null : view.sandboxes().getFirst();
        boolean appStarted = sandbox != null
                && Containers.app(pod).stream().anyMatch(one -> view.newest(one.name(), sandbox.id()) != null);
        if (appStarted || Containers.init(pod).isEmpty()) {
            return true;
        }
        return sandbox != null
                && Containers.init(pod).stream().allMatch(one -> {
                    Instance newest = view.newest(one.name(), sandbox.id());
                    return newest != null
                            && (one.kind() == Kind.SIDECAR
                                    ? newest.running() && started(one, newest)
                                    : newest.exited() && newest.status().exitCode() == 0);
                });
    }

    private ContainerStatus container(Ref ref, @Nullable ContainerStatus before, boolean initialized) {
        Instance newest = view.newest(ref.name());
        ContainerStatus.Builder status = ContainerStatus.builder()
                .name(ref.name())
                .image(ref.spec().image())
                .imageID("");
        Waits.Wait wait = facts.waits().get(ref.name());
        if (newest == null) {
            return absent(ref, before, status, wait, initialized);
        }
        Instance former = view.former(ref.name(), newest.id());
        boolean waiting = newest.exited() && wait != null && !facts.ended();
        ContainerState state = waiting && wait != null ? waiting(wait.reason(), wait.message()) : state(newest, wait);
        Instance last = waiting ? newest : former;
        boolean ready = ready(ref, newest);
        status.restartCount(newest.status().attempt())
                .ready(ready)
                .started(newest.running() && started(ref, newest))
                .state(state)
                .imageID(newest.status().imageRef())
                .containerID(id(newest.id()));
        if (last != null) {
            status.lastState(terminated(last));
        } else if (before != null
                && before.hasLastState()
                && before.restartCount() == newest.status().attempt()) {
            status.lastState(before.lastState());
        }
        if (newest.running() && ref.kind() != Kind.EPHEMERAL && ref.spec().hasResources()) {
            status.resources(ref.spec().resources());
            if (!ref.spec().resources().requests().isEmpty()) {
                status.allocatedResources(ref.spec().resources().requests());
            }
        }
        return status.build();
    }

    private ContainerStatus absent(
            Ref ref,
            @Nullable ContainerStatus before,
            ContainerStatus.Builder status,
            Waits.@Nullable Wait wait,
            boolean initialized) {
        if (before != null
                && before.state().hasTerminated()
                && (facts.ended() || terminal(pod.status().phase()))) {
            return before; // it is gone from the runtime, its end is known
        }
        String reason = ref.kind() == Kind.APP && !initialized ? "PodInitializing" : "ContainerCreating";
        if (ref.kind() != Kind.APP && !Containers.init(pod).isEmpty() && ref.kind() != Kind.EPHEMERAL) {
            boolean first = Containers.init(pod).getFirst().name().equals(ref.name());
            reason = first ? "ContainerCreating" : "PodInitializing";
        }
        status.state(wait != null ? waiting(wait.reason(), wait.message()) : waiting(reason, ""))
                .ready(false)
                .started(false)
                .restartCount(before == null ? 0 : before.restartCount());
        if (before != null && before.state().hasTerminated()) {
            status.lastState(before.state());
        } else if (before != null && before.hasLastState()) {
            status.lastState(before.lastState());
        }
        return status.build();
    }

    private ContainerState state(Instance instance, Waits.@Nullable Wait wait) {
        return switch (instance.status().state()) {
            case RUNNING -> {
                Instant started = instance.status().startedAt();
                yield ContainerState.builder()
                        .running(running -> running.startedAt(seconds(started == null ? facts.now() : started)))
                        .build();
            }
            case EXITED -> terminated(instance);
            case CREATED, UNKNOWN ->
                wait != null ? waiting(wait.reason(), wait.message()) : waiting("ContainerCreating", "");
        };
    }

    private ContainerState terminated(Instance instance) {
        dev.kite.cri.ContainerStatus ended = instance.status();
        String message = facts.messages().getOrDefault(instance.id(), "");
        String text = message.isEmpty() ? ended.message() : message;
        Instant started = ended.startedAt();
        Instant finished = ended.finishedAt();
        return ContainerState.builder()
                .terminated(one -> {
                    one.exitCode(ended.exitCode())
                            .reason(
                                    ended.reason().isEmpty()
                                            ? (ended.exitCode() == 0 ? "Completed" : "Error")
                                            : ended.reason())
                            .startedAt(started == null ? null : seconds(started))
                            .finishedAt(finished == null ? null : seconds(finished))
                            .containerID(id(ended.id()));
                    if (!text.isEmpty()) {
                        one.message(text);
                    }
                })
                .build();
    }

    private static ContainerState waiting(String reason, String message) {
        return ContainerState.builder()
                .waiting(one -> {
                    one.reason(reason);
                    if (!message.isEmpty()) {
                        one.message(message);
                    }
                })
                .build();
    }

    private boolean started(Ref ref, Instance instance) {
        return !ref.spec().hasStartupProbe()
                || facts.probes().get(instance.id(), ProbeResults.Kind.STARTUP) == Result.SUCCESS;
    }

    private boolean ready(Ref ref, Instance instance) {
        if (ref.kind() == Kind.INIT) {
            return instance.exited() && instance.status().exitCode() == 0;
        }
        if (!instance.running() || !started(ref, instance) || ref.kind() == Kind.EPHEMERAL) {
            return false;
        }
        if (ref.spec().hasReadinessProbe()) {
            return facts.probes().get(instance.id(), ProbeResults.Kind.READINESS) == Result.SUCCESS;
        }
        return facts.programs().getOrDefault(instance.id(), true);
    }

    private String phase(String before, List<ContainerStatus> app) {
        if (terminal(before)) {
            return before;
        }
        if (facts.verdict() != null && facts.ended()) {
            return "Failed";
        }
        if (facts.ended()) {
            boolean all = app.stream()
                    .allMatch(one -> one.state().hasTerminated()
                            && one.state().terminated().exitCode() == 0);
            return all ? "Succeeded" : "Failed";
        }
        boolean waiting = app.stream()
                .anyMatch(one -> one.state().hasWaiting() && !one.lastState().hasTerminated());
        return waiting || app.isEmpty() ? "Pending" : "Running";
    }

    static boolean terminal(String phase) {
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    private void conditions(
            PodStatus before,
            PodStatus.Builder status,
            String phase,
            List<ContainerStatus> init,
            List<ContainerStatus> app,
            boolean initialized) {
        boolean done = phase.equals("Succeeded");
        Sandbox sandbox = view.ready();
        boolean network = sandbox != null
                && (pod.spec().hostNetwork() || !sandbox.addresses().isEmpty());
        List<PodCondition> all = new ArrayList<>();
        all.add(condition(before, "PodReadyToStartContainers", network, "", ""));
        List<String> unfinished = init.stream()
                .filter(one -> !one.ready())
                .map(ContainerStatus::name)
                .toList();
        if (done) {
            all.add(condition(before, "Initialized", true, "PodCompleted", ""));
            all.add(condition(before, "Ready", false, "PodCompleted", ""));
            all.add(condition(before, "ContainersReady", false, "PodCompleted", ""));
        } else {
            all.add(
                    initialized
                            ? condition(before, "Initialized", true, "", "")
                            : condition(
                                    before,
                                    "Initialized",
                                    false,
                                    "ContainersNotInitialized",
                                    "containers with incomplete status: " + list(unfinished)));
            readiness(before, all, phase, init, app);
        }
        all.add(condition(before, "PodScheduled", true, "", ""));
        for (PodCondition other : before.conditions()) {
            if (!OWN.contains(other.type())) {
                all.add(other);
            }
        }
        status.conditions(all);
    }

    private void readiness(
            PodStatus before,
            List<PodCondition> all,
            String phase,
            List<ContainerStatus> init,
            List<ContainerStatus> app) {
        List<String> unready = new ArrayList<>();
        List<Ref> refs = Containers.init(pod);
        for (int i = 0; i < init.size(); i++) {
            if (refs.get(i).kind() == Kind.SIDECAR && !init.get(i).ready()) {
                unready.add(init.get(i).name());
            }
        }
        app.stream().filter(one -> !one.ready()).map(ContainerStatus::name).forEach(unready::add);
        boolean failed = phase.equals("Failed");
        String reason = failed ? "PodFailed" : "ContainersNotReady";
        String message = failed ? "" : "containers with unready status: " + list(unready);
        boolean containers = unready.isEmpty() && !failed;
        List<String> gates = new ArrayList<>();
        for (PodReadinessGate gate : pod.spec().readinessGates()) {
            PodCondition found = find(before, gate.conditionType());
            if (found == null || !found.status().equals("True")) {
                gates.add(gate.conditionType());
            }
        }
        if (!containers) {
            all.add(condition(before, "Ready", false, reason, message));
            all.add(condition(before, "ContainersReady", false, reason, message));
        } else {
            all.add(
                    gates.isEmpty()
                            ? condition(before, "Ready", true, "", "")
                            : condition(
                                    before,
                                    "Ready",
                                    false,
                                    "ReadinessGatesNotReady",
                                    "corresponding condition of pod readiness gate \"" + gates.getFirst()
                                            + "\" does not exist or is not True."));
            all.add(condition(before, "ContainersReady", true, "", ""));
        }
    }

    private PodCondition condition(PodStatus before, String type, boolean holds, String reason, String message) {
        PodCondition old = find(before, type);
        String word = holds ? "True" : "False";
        Instant since = old != null && old.status().equals(word) ? old.lastTransitionTime() : null;
        PodCondition.Builder condition = PodCondition.builder()
                .type(type)
                .status(word)
                .lastTransitionTime(since == null ? seconds(facts.now()) : since);
        if (!reason.isEmpty()) {
            condition.reason(reason);
        }
        if (!message.isEmpty()) {
            condition.message(message);
        }
        if (pod.metadata().hasGeneration()) {
            condition.observedGeneration(pod.metadata().generation());
        }
        return condition.build();
    }

    private static @Nullable PodCondition find(PodStatus status, String type) {
        return status.conditions().stream()
                .filter(one -> one.type().equals(type))
                .findFirst()
                .orElse(null);
    }

    private static @Nullable ContainerStatus find(List<ContainerStatus> statuses, String name) {
        return statuses.stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static String list(List<String> names) {
        return "[" + String.join(" ", names) + "]";
    }

    private static String id(String id) {
        return id.contains("://") ? id : "containerd://" + id;
    }

    /** The API keeps whole seconds. */
    private static Instant seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }
}
