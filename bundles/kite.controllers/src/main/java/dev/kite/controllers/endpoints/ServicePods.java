package dev.kite.controllers.endpoints;

import dev.kite.api.client.Informer;
import dev.kite.api.client.ObjectKey;
import dev.kite.api.controller.WorkQueue;
import dev.kite.controllers.base.Selectors;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds Services whose pods changed, and Services' pods.
 *
 * @param services the Services
 * @param pods the pods
 * @param batch how long a change waits for others that come together with it
 */
record ServicePods(Informer<Service> services, Informer<Pod> pods, Duration batch) {
    /** Changes that come together become one write: upstream's endpoint updates batch period is off by default, this is just long enough for a pod's burst of statuses. */
    static final Duration BATCH = Duration.ofMillis(20);

    /**
     * Queues Services when they or their pods change.
     *
     * @param queue the queue
     */
    void feed(WorkQueue<ObjectKey> queue) {
        services.onChange((before, after) -> {
            Service service = after == null ? before : after;
            if (service != null) {
                queue.add(new ObjectKey(
                        service.metadata().namespace(), service.metadata().name()));
            }
        });
        pods.onChange((before, after) -> {
            if (before == null || after == null || differs(before, after)) {
                wake(queue, before, after);
            }
        });
    }

    /** A pod's status is written often; only what endpoints show counts. */
    private static boolean differs(Pod before, Pod after) {
        return !before.status().podIP().equals(after.status().podIP())
                || !before.status().podIPs().equals(after.status().podIPs())
                || !before.status().phase().equals(after.status().phase())
                || !before.status().conditions().equals(after.status().conditions())
                || !before.spec().nodeName().equals(after.spec().nodeName())
                || before.metadata().hasDeletionTimestamp() != after.metadata().hasDeletionTimestamp()
                || !before.metadata().labels().equals(after.metadata().labels());
    }

    private void wake(WorkQueue<ObjectKey> queue, @Nullable Pod before, @Nullable Pod after) {
        Pod some = after == null ? before : after;
        if (some == null) {
            return;
        }
        for (Service service : services.list(some.metadata().namespace())) {
            if ((before != null && selects(service, before)) || (after != null && selects(service, after))) {
                queue.addAfter(
                        new ObjectKey(
                                service.metadata().namespace(),
                                service.metadata().name()),
                        batch);
            }
        }
    }

    static boolean selects(Service service, Pod pod) {
        return !service.spec().selector().isEmpty()
                && Selectors.matches(service.spec().selector(), pod.metadata().labels());
    }

    /**
     * Tells whether a Service's endpoints are this controller's to keep.
     *
     * @param service the Service
     * @return whether it selects pods
     */
    static boolean managed(Service service) {
        return !service.spec().selector().isEmpty() && !service.spec().type().equals("ExternalName");
    }

    /**
     * Lists a Service's pods.
     *
     * @param service the Service
     * @return the pods that it selects
     */
    List<Pod> of(Service service) {
        List<Pod> selected = new ArrayList<>();
        for (Pod pod : pods.list(service.metadata().namespace())) {
            if (selects(service, pod)) {
                selected.add(pod);
            }
        }
        return selected;
    }
}
