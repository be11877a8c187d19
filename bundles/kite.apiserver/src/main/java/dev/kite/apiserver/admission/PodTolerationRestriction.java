package dev.kite.apiserver.admission;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pods get their namespace's default tolerations, and tolerate no more than it allows. */
final class PodTolerationRestriction implements AdmissionRule {
    private static final String DEFAULTS = "scheduler.alpha.kubernetes.io/defaultTolerations";
    private static final String ALLOWED = "scheduler.alpha.kubernetes.io/tolerationsWhitelist";

    private final Lookups lookups;
    private final @Nullable ObjectNode configuration;

    PodTolerationRestriction(Lookups lookups, @Nullable ObjectNode configuration) {
        this.lookups = lookups;
        this.configuration = configuration;
    }

    @Override
    public String name() {
        return "PodTolerationRestriction";
    }

    @Override
    public void admit(Admitting write) {
        ObjectNode pod = pod(write);
        if (pod == null) {
            return;
        }
        List<ObjectNode> more = new ArrayList<>();
        if (write.operation() == Operation.CREATE) {
            List<ObjectNode> own = ofNamespace(write, DEFAULTS);
            more.addAll(own == null ? Tree.objects(configuration, "default") : own);
        }
        if (!Amounts.bestEffort(pod)) {
            more.add(pod.objectNode()
                    .put("key", "node.kubernetes.io/memory-pressure")
                    .put("operator", "Exists")
                    .put("effect", "NoSchedule"));
        }
        if (!more.isEmpty()) {
            ObjectNode spec = pod.withObject("/spec");
            Tolerations.set(spec, Tolerations.merge(Tree.objects(spec, "tolerations"), more));
        }
    }

    @Override
    public void validate(Admitting write) {
        ObjectNode pod = pod(write);
        if (pod == null) {
            return;
        }
        List<ObjectNode> own = ofNamespace(write, ALLOWED);
        List<ObjectNode> allowed = own == null ? Tree.objects(configuration, "whitelist") : own;
        if (!allowed.isEmpty() && !Tolerations.allowed(Tree.objects(pod, "spec", "tolerations"), allowed)) {
            throw Errors.internal(
                    "pod tolerations (possibly merged with namespace default tolerations) conflict with its "
                            + (own == null ? "cluster" : "namespace") + " whitelist");
        }
    }

    private static @Nullable ObjectNode pod(Admitting write) {
        boolean written = write.operation() == Operation.CREATE || write.operation() == Operation.UPDATE;
        return written && write.isOf("", "pods") ? write.object() : null;
    }

    private @Nullable List<ObjectNode> ofNamespace(Admitting write, String annotation) {
        ObjectNode namespace = lookups.find("", "namespaces", "", write.namespace());
        if (!Tree.has(namespace, "metadata", "annotations", annotation)) {
            return null;
        }
        String text = Tree.text(namespace, "metadata", "annotations", annotation);
        if (text.isEmpty()) {
            return List.of();
        }
        try {
            JsonNode read = Trees.mapper().readTree(text);
            return Tree.objects(read);
        } catch (JsonProcessingException e) {
            throw Errors.internal(annotation + " of namespace " + write.namespace() + ": " + e.getOriginalMessage());
        }
    }
}
