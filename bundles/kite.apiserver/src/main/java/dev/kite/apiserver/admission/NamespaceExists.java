package dev.kite.apiserver.admission;

import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.request.Errors;

/** Nothing is written in a namespace that is not there. */
final class NamespaceExists implements AdmissionRule {
    private final Lookups lookups;

    NamespaceExists(Lookups lookups) {
        this.lookups = lookups;
    }

    @Override
    public String name() {
        return "NamespaceExists";
    }

    @Override
    public void validate(Admitting write) {
        boolean inside = write.operation() != Operation.CONNECT
                && !write.namespace().isEmpty()
                && !write.resource().is("", "namespaces");
        if (inside && lookups.find("", "namespaces", "", write.namespace()) == null) {
            throw Errors.notFound("", "namespaces", write.namespace());
        }
    }
}
