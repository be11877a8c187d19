package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.tree.Tree;
import java.util.Map;

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
        if (pod == null || write.operation() != Operation.CREATE || !write.isOf("", "pods")) {
            return;
        }
        ObjectNode spec = pod.withObject("/spec");
        String name = Tree.text(spec, "runtimeClassName");
        if (name.isEmpty()) {
            if (!Tree.at(spec, "overhead").isEmpty()) {
                throw write.resource()
                        .forbidden(
                                write.name(),
                                "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead");
            }
            return;
        }
        ObjectNode runtime = lookups.find("node.k8s.io", "runtimeclasses", "", name);
        if (runtime == null) {
            throw write.resource().forbidden(write.name(), "pod rejected: RuntimeClass \"" + name + "\" not found");
        }
        overhead(write, spec, runtime);
        place(write, spec, runtime);
    }

    private static void overhead(Admitting write, ObjectNode spec, ObjectNode runtime) {
        JsonNode fixed = Tree.at(runtime, "overhead", "podFixed");
        if (fixed.isEmpty()) {
            return;
        }
        JsonNode given = Tree.at(spec, "overhead");
        if (!given.isEmpty() && !given.equals(fixed)) {
            throw write.resource()
                    .forbidden(
                            write.name(), "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
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
        for (ObjectNode toleration : Tree.objects(runtime, "scheduling", "tolerations")) {
            if (!Tree.objects(spec, "tolerations").contains(toleration)) {
                ArrayNode tolerations =
                        spec.get("tolerations") instanceof ArrayNode there ? there : spec.putArray("tolerations");
                tolerations.add(toleration);
            }
        }
    }
}
