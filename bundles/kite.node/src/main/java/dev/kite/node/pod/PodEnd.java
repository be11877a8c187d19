package dev.kite.node.pod;

import dev.kite.api.client.EventRecorder;
import dev.kite.cri.CriException;
import dev.kite.cri.Sandbox;
import dev.kite.model.core.v1.Pod;
import dev.kite.node.pod.Containers.Kind;
import dev.kite.node.pod.Containers.Ref;
import dev.kite.node.pod.PodView.Instance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops containers: hook, stop signal, kill. Containers of a pod are stopped side by side, sidecars after the others, the last one first. A grace that gets shorter meanwhile
 * counts from then on.
 */
final class PodEnd {
    private static final Logger LOG = LoggerFactory.getLogger(PodEnd.class);
    private static final Duration LEAST = Duration.ofSeconds(2);
    private static final Duration OVERDUE = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMillis(250);

    private final Room room;
    private final Events events;

    /** Records events about containers. */
    interface Events {
        void event(Ref container, EventRecorder.Type type, String reason, String message);
    }

    PodEnd(Room room, Events events) {
        this.room = room;
        this.events = events;
    }

    /** Stops all that runs, then the sandboxes. The grace is asked for again and again. */
    void all(Pod pod, PodView view, Supplier<Duration> grace) throws InterruptedException {
        List<Ref> refs = Containers.all(pod);
        List<Instance> sidecars = new ArrayList<>();
        List<Instance> others = new ArrayList<>();
        for (Instance instance : view.running()) {
            (ref(refs, instance).kind() == Kind.SIDECAR ? sidecars : others).add(instance);
        }
        long began = System.nanoTime();
        Supplier<Duration> rest = () -> grace.get().minusNanos(System.nanoTime() - began);
        together(pod, refs, others, view, rest);
        for (Ref sidecar : Containers.init(pod).reversed()) {
            List<Instance> one = sidecars.stream()
                    .filter(each -> each.name().equals(sidecar.name()))
                    .toList();
            together(pod, refs, one, view, rest);
        }
        for (Sandbox sandbox : view.sandboxes()) {
            if (sandbox.ready()) {
                room.runtime().stopSandbox(sandbox.id());
            }
        }
    }

    private static Ref ref(List<Ref> refs, Instance instance) {
        return refs.stream()
                .filter(one -> one.name().equals(instance.name()))
                .findFirst()
                .orElseGet(() -> new Ref(
                        Kind.APP,
                        dev.kite.model.core.v1.Container.builder()
                                .name(instance.name())
                                .build()));
    }

    private void together(Pod pod, List<Ref> refs, List<Instance> instances, PodView view, Supplier<Duration> grace)
            throws InterruptedException {
        CountDownLatch latch = new CountDownLatch(instances.size());
        for (Instance instance : instances) {
            Thread.ofVirtual().name("kill-" + instance.name()).start(() -> {
                try {
                    one(pod, ref(refs, instance), instance, view, grace, "Stopping container " + instance.name());
                } catch (CriException e) {
                    LOG.warn("Cannot stop container {} of {}: {}", instance.name(), pod.key(), e.getMessage());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } finally {
                    latch.countDown();
                }
            });
        }
        boolean hurried = false;
        while (!latch.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
            if (!hurried && grace.get().plus(OVERDUE).isNegative()) {
                hurried = true;
                for (Instance instance : instances) {
                    hurry(instance);
                }
            }
        }
    }

    /** A second stop with no grace overtakes the first. */
    private void hurry(Instance instance) {
        if (!Programs.isProgram(instance.id())) {
            try {
                room.runtime().stopContainer(instance.id(), LEAST);
            } catch (CriException e) {
                LOG.warn("Cannot kill container {}: {}", instance.name(), e.getMessage());
            }
        }
    }

    /** Stops one container. */
    void one(Pod pod, Ref ref, Instance instance, PodView view, Supplier<Duration> grace, String why)
            throws InterruptedException {
        events.event(ref, EventRecorder.Type.NORMAL, "Killing", why);
        if (Programs.isProgram(instance.id())) {
            room.programs().stop(instance.id());
            return;
        }
        Duration first = grace.get();
        if (ref.spec().lifecycle().hasPreStop() && first.isPositive()) {
            hook(ref, instance, view, first);
        }
        Duration rest = grace.get();
        room.runtime().stopContainer(instance.id(), rest.compareTo(LEAST) < 0 ? LEAST : rest);
    }

    private void hook(Ref ref, Instance instance, PodView view, Duration limit) throws InterruptedException {
        Sandbox sandbox = view.ready();
        String address = sandbox == null || sandbox.addresses().isEmpty()
                ? room.node().addresses().getFirst().getHostAddress()
                : sandbox.addresses().getFirst();
        Checks.Outcome outcome =
                room.checks().hook(ref.spec().lifecycle().preStop(), ref.spec(), instance.id(), address, limit);
        if (!outcome.success()) {
            events.event(
                    ref, EventRecorder.Type.WARNING, "FailedPreStopHook", "PreStopHook failed: " + outcome.message());
        }
    }
}
