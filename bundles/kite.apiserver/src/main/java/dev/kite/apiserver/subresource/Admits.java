package dev.kite.apiserver.subresource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admission;
import dev.kite.apiserver.admission.Admitting;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.request.Call;
import dev.kite.apiserver.request.Intent;

/** Shows admission what is asked for below objects and is not stored as it is: bindings, evictions, tokens, scales, reviews. Thread-safe. */
public final class Admits {
    private final Admission admission;

    /**
     * Shows it to admission.
     *
     * @param admission all rules
     */
    public Admits(Admission admission) {
        this.admission = admission;
    }

    /**
     * Lets admission change and refuse what is created.
     *
     * @param call the request
     * @param resource its resource
     * @param name the name of what it is created for, empty for none
     * @param object what is created, changed in place
     */
    void created(Call call, ApiResource resource, String name, ObjectNode object) {
        admission.pass(new Admitting(
                Intent.of(call),
                Operation.CREATE,
                resource,
                call.info().subresource(),
                call.info().namespace(),
                name,
                object,
                null));
    }

    /**
     * Lets admission change and refuse what is updated.
     *
     * @param call the request
     * @param resource its resource
     * @param object the subresource as it shall be, changed in place
     * @param old as it is
     */
    void updated(Call call, ApiResource resource, ObjectNode object, ObjectNode old) {
        admission.pass(new Admitting(
                Intent.of(call),
                Operation.UPDATE,
                resource,
                call.info().subresource(),
                call.info().namespace(),
                call.info().name(),
                object,
                old));
    }
}
