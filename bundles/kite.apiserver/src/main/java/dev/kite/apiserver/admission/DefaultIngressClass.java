package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.tree.Tree;

/** Ingresses without an ingress class get the one that is marked as default. */
final class DefaultIngressClass implements AdmissionRule {
    private final Lookups lookups;

    DefaultIngressClass(Lookups lookups) {
        this.lookups = lookups;
    }

    @Override
    public String name() {
        return "DefaultIngressClass";
    }

    @Override
    public void admit(Admitting write) {
        ObjectNode ingress = write.object();
        if (ingress == null || write.operation() != Operation.CREATE || !write.isOf("networking.k8s.io", "ingresses")) {
            return;
        }
        boolean chosen = Tree.has(ingress, "spec", "ingressClassName")
                || Tree.has(ingress, "metadata", "annotations", "kubernetes.io/ingress.class");
        String found = chosen
                ? null
                : DefaultClasses.marked(
                        lookups.list("networking.k8s.io", "ingressclasses", ""),
                        "ingressclass.kubernetes.io/is-default-class");
        if (found != null) {
            ingress.withObject("/spec").put("ingressClassName", found);
        }
    }
}
