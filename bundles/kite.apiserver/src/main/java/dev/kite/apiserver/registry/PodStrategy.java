package dev.kite.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.request.Intent;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pods: deleted with a grace period that the kubelet ends. */
final class PodStrategy extends Strategies.Traits {
    private static final long DEFAULT_GRACE_SECONDS = 30;

    PodStrategy() {
        super("pods", false);
    }

    @Override
    public void prepareForStatusUpdate(Intent intent, ObjectNode object, ObjectNode old) {
        ObjectNode metadata = Trees.metadata(object);
        ObjectNode before = Trees.metadata(old);
        List.of("ownerReferences", "labels").forEach(field -> Metadata.copy(field, before, metadata));
        if (object.get("status") instanceof ObjectNode status && !status.has("qosClass")) {
            // The class is decided at creation and never changes.
            Metadata.copy("qosClass", old.withObject("/status"), status);
        }
    }

    /** Nothing runs yet on no node, and nothing any more in a pod that has ended: those go at once. */
    @Override
    public long gracePeriod(ObjectNode pod, @Nullable Long asked) {
        long period = asked != null
                ? asked
                : Tree.has(pod, "spec", "terminationGracePeriodSeconds")
                        ? Tree.number(pod, "spec", "terminationGracePeriodSeconds")
                        : DEFAULT_GRACE_SECONDS;
        String phase = Tree.text(pod, "status", "phase");
        boolean idle =
                Tree.text(pod, "spec", "nodeName").isEmpty() || phase.equals("Succeeded") || phase.equals("Failed");
        return idle ? 0 : period < 0 ? 1 : period;
    }
}
