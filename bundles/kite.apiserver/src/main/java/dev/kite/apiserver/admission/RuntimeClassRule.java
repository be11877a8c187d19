package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.tree.Tree;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pods get the overhead and the placement of their runtime class. */
public final class RuntimeClassRule implements AdmissionRule {
    private final Lookups lookups;

    /**
     * The rule.
     *
     * @param lookups finds runtime classes
     */
    public RuntimeClassRule(Lookups lookups) {
        this.lookups = lookups;
    }

    @Override
    public String name() {
        return "RuntimeClass";
    }

    @Override
    public void admit(Admitting write) {
        ObjectNode pod = write.object();
        ObjectNode runtime = pod == null || !concerns(write) ? null : runtime(write, pod);
        if (pod != null && runtime != null) {
            ObjectNode spec = pod.withObject("/spec");
            overhead(write, spec, runtime);
            place(write, spec, runtime);
        }
    }

    @Override
    public void validate(Admitting write) {
        ObjectNode pod = write.object();
        if (pod == null || !concerns(write)) {
            return;
        }
        JsonNode fixed = Tree.at(runtime(write, pod), "overhead", "podFixed");
        JsonNode given = Tree.at(pod, "spec", "overhead");
        if (fixed.isEmpty() && !given.isEmpty()) {
            throw write.resource()
                    .forbidden(
                            write.name(),
                            "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead");
        }
        if (!fixed.isEmpty() && !given.equals(fixed)) {
            throw mismatch(write);
        }
    }

    private static boolean concerns(Admitting write) {
        return write.operation() == Operation.CREATE && write.isOf("", "pods");
    }

    private @Nullable ObjectNode runtime(Admitting write, ObjectNode pod) {
        String name = Tree.text(pod, "spec", "runtimeClassName");
        if (name.isEmpty()) {
            return null;
        }
        ObjectNode runtime = lookups.find("node.k8s.io", "runtimeclasses", "", name);
        if (runtime == null) {
            throw write.resource().forbidden(write.name(), "pod rejected: RuntimeClass \"" + name + "\" not found");
        }
        return runtime;
    }

    private static RuntimeException mismatch(Admitting write) {
        return write.resource()
                .forbidden(write.name(), "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
    }

    private static void overhead(Admitting write, ObjectNode spec, ObjectNode runtime) {
        JsonNode fixed = Tree.at(runtime, "overhead", "podFixed");
        if (fixed.isEmpty()) {
            return;
        }
        JsonNode given = Tree.at(spec, "overhead");
        if (!given.isEmpty() && !given.equals(fixed)) {
            throw mismatch(write);
        }
        spec.set("overhead", fixed);
    }

    private static void place(Admitting write, ObjectNode spec, ObjectNode runtime) {
        for (Map.Entry<String, JsonNode> label : Tree.fields(runtime, "scheduling", "nodeSelector")) {
            String given = Tree.text(spec, "nodeSelector", label.getKey());
            if (!given.isEmpty() && !given.equals(label.getValue().asText())) {
                throw write.resource()
                        .forbidden(
                                write.name(),
                                "conflict: runtimeClass.scheduling.nodeSelector[" + label.getKey() + "] = "
                                        + label.getValue().asText() + "; pod.spec.nodeSelector[" + label.getKey()
                                        + "] = " + given);
            }
            spec.withObject("/nodeSelector").set(label.getKey(), label.getValue());
        }
        List<ObjectNode> tolerations = Tree.objects(runtime, "scheduling", "tolerations");
        if (!tolerations.isEmpty()) {
            Tolerations.set(spec, Tolerations.merge(Tree.objects(spec, "tolerations"), tolerations));
        }
    }
}
