package dev.kite.controllers.base;

import dev.kite.model.core.v1.ContainerStatus;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.PodCondition;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a pod's status means to controllers. */
public final class Pods {
    private Pods() {}

    /**
     * Finds a condition.
     *
     * @param pod the pod
     * @param type the condition's type
     * @return the condition, or null
     */
    public static @Nullable PodCondition condition(Pod pod, String type) {
        for (PodCondition condition : pod.status().conditions()) {
            if (condition.type().equals(type)) {
                return condition;
            }
        }
        return null;
    }

    /**
     * Tells whether a pod is ready.
     *
     * @param pod the pod
     * @return whether its Ready condition is True
     */
    public static boolean isReady(Pod pod) {
        PodCondition ready = condition(pod, "Ready");
        return ready != null && ready.status().equals("True");
    }

    /**
     * Tells whether a pod has been ready for long enough.
     *
     * @param pod the pod
     * @param minReadySeconds how long
     * @param now the time
     * @return whether it has
     */
    public static boolean isAvailable(Pod pod, int minReadySeconds, Instant now) {
        if (!isReady(pod)) {
            return false;
        }
        Instant since = readySince(pod);
        return minReadySeconds == 0
                || (since != null && !since.plusSeconds(minReadySeconds).isAfter(now));
    }

    /**
     * Tells since when a pod is ready.
     *
     * @param pod the pod
     * @return the Ready condition's last transition, or null
     */
    public static @Nullable Instant readySince(Pod pod) {
        PodCondition ready = condition(pod, "Ready");
        return ready == null ? null : ready.lastTransitionTime();
    }

    /**
     * Tells whether a pod has ended.
     *
     * @param pod the pod
     * @return whether its phase is Succeeded or Failed
     */
    public static boolean isFinished(Pod pod) {
        return pod.status().phase().equals("Succeeded") || pod.status().phase().equals("Failed");
    }

    /**
     * Tells whether a pod counts.
     *
     * @param pod the pod
     * @return whether it has neither ended nor is being deleted
     */
    public static boolean isActive(Pod pod) {
        return !isFinished(pod) && !isTerminating(pod);
    }

    /**
     * Tells whether a pod is being deleted.
     *
     * @param pod the pod
     * @return whether it has a deletion timestamp
     */
    public static boolean isTerminating(Pod pod) {
        return pod.metadata().hasDeletionTimestamp();
    }

    /**
     * Tells how often the most restarted container has restarted.
     *
     * @param pod the pod
     * @return the count
     */
    public static int restarts(Pod pod) {
        int most = 0;
        for (ContainerStatus status : pod.status().containerStatuses()) {
            most = Math.max(most, status.restartCount());
        }
        return most;
    }

    /**
     * Tells when a pod that is ready becomes available.
     *
     * @param pod the pod
     * @param minReadySeconds how long it must have been ready
     * @param now the time
     * @return how long until then, or null where it is not ready or is available
     */
    public static @Nullable Duration untilAvailable(Pod pod, int minReadySeconds, Instant now) {
        Instant since = readySince(pod);
        if (!isReady(pod) || since == null || isAvailable(pod, minReadySeconds, now)) {
            return null;
        }
        return Duration.between(now, since.plusSeconds(minReadySeconds));
    }
}
