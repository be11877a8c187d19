package dev.kite.controllers.replicas;

import dev.kite.model.KubernetesObject;
import dev.kite.model.ResourceType;
import dev.kite.model.core.v1.PodTemplateSpec;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What ReplicaSets and ReplicationControllers have in common.
 *
 * @param <T> the kind
 */
interface Replicas<T extends KubernetesObject> {
    /**
     * A condition that says why replicas can't be made or removed.
     *
     * @param reason FailedCreate or FailedDelete
     * @param message what failed
     */
    record Failure(String reason, String message) {}

    /**
     * A status in numbers.
     *
     * @param replicas active pods
     * @param fullyLabeled those whose labels hold all of the template's
     * @param ready those that are ready
     * @param available those that have been ready for long enough
     * @param terminating pods that are being deleted
     * @param failure what failed, or null
     */
    record Counts(
            int replicas,
            int fullyLabeled,
            int ready,
            int available,
            int terminating,
            @Nullable Failure failure) {}

    /** @return the kind */
    ResourceType<T> type();

    /**
     * Tells how many pods are wanted.
     *
     * @param object the object
     * @return how many
     */
    int desired(T object);

    /**
     * Tells how long a pod must be ready to be available.
     *
     * @param object the object
     * @return seconds
     */
    int minReadySeconds(T object);

    /**
     * Applies the selector.
     *
     * @param object the object
     * @param labels a pod's labels
     * @return whether the pod is wanted
     */
    boolean selects(T object, Map<String, String> labels);

    /**
     * Tells whether the selector selects all pods, as none should.
     *
     * @param object the object
     * @return whether it does
     */
    boolean selectsAll(T object);

    /**
     * Returns the template.
     *
     * @param object the object
     * @return the pods' template
     */
    PodTemplateSpec template(T object);

    /**
     * Puts a status into an object.
     *
     * @param object the object
     * @param counts the status in numbers
     * @param now when a condition that is new came
     * @return the object; equal to the old one where nothing changed
     */
    T withStatus(T object, Counts counts, Instant now);
}
