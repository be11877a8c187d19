package dev.kite.controllers.base;

import dev.kite.api.client.ApiException;
import dev.kite.api.client.DeleteRequest;
import dev.kite.api.client.EventRecorder;
import dev.kite.api.client.ResourceClient;
import dev.kite.model.KubernetesObject;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.PodTemplateSpec;
import java.util.function.UnaryOperator;

/** Creates and deletes pods for controllers, and records it as upstream's controllers do. Thread-safe. */
public final class PodControl {
    private final ResourceClient<Pod> pods;
    private final EventRecorder events;

    /**
     * Works for one loop.
     *
     * @param scope the loop
     */
    public PodControl(Scope scope) {
        this.pods = scope.resource(Pod.RESOURCE);
        this.events = scope.events();
    }

    /**
     * Makes a pod of a template: a generated name, the template's labels, annotations and finalizers, the owner as controller.
     *
     * @param owner the owner
     * @param template the template
     * @return the pod, not yet created
     */
    public static Pod fromTemplate(KubernetesObject owner, PodTemplateSpec template) {
        return Pod.builder()
                .metadata(meta -> meta.generateName(owner.metadata().name() + "-")
                        .namespace(owner.metadata().namespace())
                        .labels(template.metadata().labels())
                        .annotations(template.metadata().annotations())
                        .finalizers(template.metadata().finalizers())
                        .addOwnerReferences(Owners.reference(owner)))
                .spec(template.spec())
                .build();
    }

    /**
     * Creates a pod of a template.
     *
     * @param owner the owner
     * @param template the template
     * @param finish the last changes to the pod
     * @return the pod
     * @throws ApiException if it can't be created
     */
    public Pod create(KubernetesObject owner, PodTemplateSpec template, UnaryOperator<Pod> finish) {
        return create(owner, finish.apply(fromTemplate(owner, template)));
    }

    /**
     * Creates a pod.
     *
     * @param owner whose events tell of it
     * @param pod the pod
     * @return the pod as stored
     * @throws ApiException if it can't be created
     */
    public Pod create(KubernetesObject owner, Pod pod) {
        try {
            Pod created = pods.create(pod);
            events.normal(
                    owner,
                    "SuccessfulCreate",
                    "Created pod: " + created.metadata().name());
            return created;
        } catch (ApiException e) {
            // Nobody can help it while a namespace goes.
            if (!namespaceTerminating(e)) {
                events.warning(owner, "FailedCreate", "Error creating: " + e.getMessage());
            }
            throw e;
        }
    }

    /**
     * Tells whether a creation failed because its namespace is being deleted.
     *
     * @param failure the failure
     * @return whether it is
     */
    public static boolean namespaceTerminating(ApiException failure) {
        return failure.code() == 403
                && failure.getMessage() != null
                && failure.getMessage().contains("because it is being terminated");
    }

    /**
     * Deletes a pod that may be gone.
     *
     * @param owner whose events tell of it
     * @param pod the pod
     * @return whether it was there
     * @throws ApiException if it can't be deleted
     */
    public boolean delete(KubernetesObject owner, Pod pod) {
        String name = pod.metadata().name();
        try {
            pods.delete(
                    pod.metadata().namespace(),
                    name,
                    DeleteRequest.DEFAULT.only(pod.metadata().uid()));
            events.normal(owner, "SuccessfulDelete", "Deleted pod: " + name);
            return true;
        } catch (ApiException e) {
            if (e.notFound() || e.conflict()) {
                return false;
            }
            events.warning(owner, "FailedDelete", "Error deleting: " + e.getMessage());
            throw e;
        }
    }
}
