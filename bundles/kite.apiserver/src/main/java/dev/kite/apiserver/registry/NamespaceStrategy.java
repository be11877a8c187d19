package dev.kite.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.request.Intent;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;

/** Namespaces: they stay until the namespace controller has emptied them and taken its finalizer from their spec. */
final class NamespaceStrategy extends Strategies.Traits {
    NamespaceStrategy() {
        super("namespaces", false);
    }

    /** Every namespace can be selected by its name (kubernetes.io/metadata.name). */
    static void label(ObjectNode namespace) {
        String name = Tree.text(namespace, "metadata", "name");
        if (!name.isEmpty()) {
            Trees.metadata(namespace).withObject("/labels").put("kubernetes.io/metadata.name", name);
        }
    }

    @Override
    public void prepareForCreate(Intent intent, ObjectNode object) {
        label(object);
    }

    @Override
    public void prepareForUpdate(Intent intent, ObjectNode object, ObjectNode old) {
        label(object);
        Metadata.copy("finalizers", old.withObject("/spec"), object.withObject("/spec"));
    }

    @Override
    public boolean mayGo(ObjectNode object) {
        return Tree.at(object, "spec", "finalizers").isEmpty();
    }

    @Override
    public void markDeleting(ObjectNode object) {
        object.withObject("/status").put("phase", "Terminating");
        Trees.metadata(object).remove("deletionGracePeriodSeconds");
    }
}
