package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.tree.Tree;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pods get the number that their priority class stands for. */
public final class PriorityRule implements AdmissionRule {
    private final Lookups lookups;

    /**
     * The rule.
     *
     * @param lookups finds priority classes
     */
    public PriorityRule(Lookups lookups) {
        this.lookups = lookups;
    }

    @Override
    public String name() {
        return "Priority";
    }

    @Override
    public void admit(Admitting write) {
        ObjectNode pod = write.object();
        if (pod == null || !write.isOf("", "pods")) {
            return;
        }
        ObjectNode spec = pod.withObject("/spec");
        if (write.operation() == Operation.UPDATE) {
            // What clients of before leave out stays.
            for (String field : List.of("priority", "preemptionPolicy")) {
                if (!Tree.has(spec, field) && Tree.has(write.old(), "spec", field)) {
                    spec.set(field, Tree.at(write.old(), "spec", field));
                }
            }
            return;
        }
        if (write.operation() != Operation.CREATE) {
            return;
        }
        ObjectNode priorityClass = classOf(write, spec);
        long priority = priorityClass == null ? 0 : Tree.number(priorityClass, "value");
        String policy = priorityClass == null ? "" : Tree.text(priorityClass, "preemptionPolicy");
        if (Tree.has(spec, "priority") && Tree.number(spec, "priority") != priority) {
            throw write.resource()
                    .forbidden(
                            write.name(),
                            "the integer value of priority (" + Tree.number(spec, "priority")
                                    + ") must not be provided in pod spec; priority admission controller computed "
                                    + priority + " from the given PriorityClass name");
        }
        if (priorityClass != null) {
            spec.put("priorityClassName", Tree.text(priorityClass, "metadata", "name"));
        }
        spec.put("priority", priority);
        String computed = policy.isEmpty() ? "PreemptLowerPriority" : policy;
        String given = Tree.text(spec, "preemptionPolicy");
        if (!given.isEmpty() && !given.equals(computed)) {
            throw write.resource()
                    .forbidden(
                            write.name(),
                            "the string value of PreemptionPolicy (" + given
                                    + ") must not be provided in pod spec; priority admission controller computed "
                                    + computed + " from the given PriorityClass name");
        }
        spec.put("preemptionPolicy", computed);
    }

    private @Nullable ObjectNode classOf(Admitting write, ObjectNode spec) {
        String name = Tree.text(spec, "priorityClassName");
        if (name.isEmpty()) {
            return lookups.list("scheduling.k8s.io", "priorityclasses", "").stream()
                    .filter(one -> Tree.flag(one, "globalDefault"))
                    .min(Comparator.comparingLong(one -> Tree.number(one, "value")))
                    .orElse(null);
        }
        ObjectNode found = lookups.find("scheduling.k8s.io", "priorityclasses", "", name);
        if (found == null) {
            throw write.resource().forbidden(write.name(), "no PriorityClass with name " + name + " was found");
        }
        return found;
    }

    @Override
    public void validate(Admitting write) {
        ObjectNode object = write.object();
        if (object == null
                || !write.isOf("scheduling.k8s.io", "priorityclasses")
                || !Tree.flag(object, "globalDefault")) {
            return;
        }
        for (ObjectNode other : lookups.list("scheduling.k8s.io", "priorityclasses", "")) {
            String name = Tree.text(other, "metadata", "name");
            if (Tree.flag(other, "globalDefault") && !name.equals(write.name())) {
                throw write.resource()
                        .forbidden(
                                write.name(),
                                "PriorityClass " + name + " is already marked as default. Only one default can exist");
            }
        }
    }
}
