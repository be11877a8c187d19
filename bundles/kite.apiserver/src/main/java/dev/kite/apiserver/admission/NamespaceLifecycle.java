package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.request.StatusException.Cause;
import dev.kite.apiserver.request.StatusException.Details;
import dev.kite.apiserver.tree.Tree;
import java.util.List;
import java.util.Set;

/** Objects are created in namespaces that are there and stay; the cluster's own namespaces cannot be deleted. */
public final class NamespaceLifecycle implements AdmissionRule {
    private static final Set<String> IMMORTAL = Set.of("default", "kube-system", "kube-public");

    private final Lookups lookups;

    /**
     * The rule.
     *
     * @param lookups finds namespaces
     */
    public NamespaceLifecycle(Lookups lookups) {
        this.lookups = lookups;
    }

    @Override
    public String name() {
        return "NamespaceLifecycle";
    }

    @Override
    public void admit(Admitting write) {
        if (write.operation() == Operation.DELETE && write.isOf("", "namespaces") && IMMORTAL.contains(write.name())) {
            throw write.resource().forbidden(write.name(), "this namespace may not be deleted");
        }
        if (write.operation() != Operation.CREATE
                || write.namespace().isEmpty()
                || !write.resource().namespaced()) {
            return;
        }
        if (write.resource().is("authorization.k8s.io", "localsubjectaccessreviews")) {
            return;
        }
        ObjectNode namespace = lookups.find("", "namespaces", "", write.namespace());
        if (namespace == null) {
            throw Errors.notFound("", "namespaces", write.namespace());
        }
        if (Tree.has(namespace, "metadata", "deletionTimestamp")) {
            throw terminating(write);
        }
    }

    private static StatusException terminating(Admitting write) {
        StatusException forbidden = write.resource()
                .forbidden(
                        write.name(),
                        "unable to create new content in namespace " + write.namespace()
                                + " because it is being terminated");
        Details details = forbidden.details();
        Cause cause = new Cause(
                "NamespaceTerminating",
                "namespace " + write.namespace() + " is being terminated",
                "metadata.namespace");
        return new StatusException(
                403,
                "Forbidden",
                String.valueOf(forbidden.getMessage()),
                new Details(details.name(), details.group(), details.kind(), "", List.of(cause), 0));
    }
}
