package dev.kite.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Between the version in which an object of a built-in kind is served and that in which it is stored and worked on. Objects of other kinds are worked on in the
 * version that is asked for. Thread-safe; changes trees in place.
 */
final class Conversion {
    private Conversion() {}

    /** Makes a stored object one of the resource's version. */
    static ObjectNode serve(ApiResource resource, ObjectNode stored) {
        if (resource.servesStoredForm()) {
            return stored;
        }
        stored.put("apiVersion", resource.apiVersion());
        if (resource.is("events.k8s.io", "events")) {
            EventForms.serve(stored);
        } else if (resource.is("autoscaling", "horizontalpodautoscalers")) {
            AutoscalerForms.toV1(stored);
        }
        return stored;
    }

    /** Makes an object of the resource's version one as it is stored. */
    static ObjectNode store(ApiResource resource, ObjectNode served) {
        if (resource.servesStoredForm()) {
            return served;
        }
        served.put("apiVersion", resource.stored().apiVersion());
        if (resource.is("events.k8s.io", "events")) {
            EventForms.store(served);
        } else if (resource.is("autoscaling", "horizontalpodautoscalers")) {
            AutoscalerForms.toV2(served);
        }
        return served;
    }
}
