package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.tree.Tree;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Pods of a namespace run on the nodes that its annotation {@code scheduler.alpha.kubernetes.io/node-selector} names, or the cluster's default; and on
 * none that the plugin's configuration does not allow the namespace.
 */
final class PodNodeSelector implements AdmissionRule {
    private static final String ANNOTATION = "scheduler.alpha.kubernetes.io/node-selector";

    private final Lookups lookups;
    private final @Nullable ObjectNode selectors;

    PodNodeSelector(Lookups lookups, @Nullable ObjectNode configuration) {
        this.lookups = lookups;
        this.selectors = Tree.object(configuration, "podNodeSelectorPluginConfig");
        // What can't be read is said at start rather than at a pod's creation.
        Tree.fields(selectors).forEach(entry -> labels(entry.getValue().asText()));
    }

    @Override
    public String name() {
        return "PodNodeSelector";
    }

    @Override
    public void admit(Admitting write) {
        ObjectNode pod = pod(write);
        if (pod == null) {
            return;
        }
        Map<String, String> wanted = wanted(write);
        refuseConflicts(write, pod, wanted);
        wanted.forEach((key, value) -> {
            ObjectNode spec = pod.withObject("/spec");
            ObjectNode selector =
                    spec.get("nodeSelector") instanceof ObjectNode there ? there : spec.putObject("nodeSelector");
            selector.put(key, value);
        });
    }

    @Override
    public void validate(Admitting write) {
        ObjectNode pod = pod(write);
        if (pod == null) {
            return;
        }
        refuseConflicts(write, pod, wanted(write));
        Map<String, String> allowed = labels(Tree.text(selectors, write.namespace()));
        if (allowed.isEmpty()) {
            return;
        }
        for (var label : Tree.fields(pod, "spec", "nodeSelector")) {
            if (!label.getValue().asText().equals(allowed.get(label.getKey()))) {
                throw write.resource()
                        .forbidden(
                                write.name(), "pod node label selector labels conflict with its namespace whitelist");
            }
        }
    }

    private static @Nullable ObjectNode pod(Admitting write) {
        return write.operation() == Operation.CREATE && write.isOf("", "pods") ? write.object() : null;
    }

    private Map<String, String> wanted(Admitting write) {
        ObjectNode namespace = lookups.find("", "namespaces", "", write.namespace());
        if (Tree.has(namespace, "metadata", "annotations", ANNOTATION)) {
            try {
                return labels(Tree.text(namespace, "metadata", "annotations", ANNOTATION));
            } catch (IllegalArgumentException e) {
                throw Errors.internal(String.valueOf(e.getMessage()));
            }
        }
        return labels(Tree.text(selectors, "clusterDefaultNodeSelector"));
    }

    private static void refuseConflicts(Admitting write, ObjectNode pod, Map<String, String> wanted) {
        wanted.forEach((key, value) -> {
            if (Tree.has(pod, "spec", "nodeSelector", key)
                    && !Tree.text(pod, "spec", "nodeSelector", key).equals(value)) {
                throw write.resource()
                        .forbidden(
                                write.name(),
                                "pod node label selector conflicts with its namespace node label selector");
            }
        });
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (String part : text.split(",", -1)) {
            if (part.isBlank()) {
                continue;
            }
            int equals = part.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("invalid selector: [" + part + "]");
            }
            labels.put(
                    part.substring(0, equals).strip(),
                    part.substring(equals + 1).strip());
        }
        return labels;
    }
}
