package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.request.StatusException.Cause;
import dev.kite.apiserver.request.StatusException.Details;
import dev.kite.apiserver.tree.Tree;
import dev.kite.model.Quantity;
import java.util.ArrayList;
import java.util.List;

/** A running pod does not grow beyond what its node has at all. */
final class PodResize implements AdmissionRule {
    private final Lookups lookups;

    PodResize(Lookups lookups) {
        this.lookups = lookups;
    }

    @Override
    public String name() {
        return "PodResizeValidator";
    }

    @Override
    public void validate(Admitting write) {
        ObjectNode pod = write.object();
        ObjectNode old = write.old();
        String name = Tree.text(pod, "spec", "nodeName");
        if (pod == null
                || old == null
                || name.isEmpty()
                || !write.resource().is("", "pods")
                || !write.subresource().equals("resize")
                || Tree.number(pod, "metadata", "generation") == Tree.number(old, "metadata", "generation")) {
            return;
        }
        ObjectNode node = lookups.find("", "nodes", "", name);
        if (node == null) {
            throw write.resource().forbidden(write.name(), "node \"" + name + "\" not found");
        }
        String system = Tree.text(node, "metadata", "labels", "kubernetes.io/os");
        if (!system.isEmpty() && !system.equals("linux")) {
            throw refused(
                    write,
                    "pod resize is only supported on linux nodes, node \"" + name + "\" is \"" + system + "\"",
                    "UnsupportedPlatform");
        }
        List<String> more = new ArrayList<>();
        ObjectNode requests = Amounts.ofPod(pod, "requests");
        Quantity cpu = or(Amounts.at(requests, "cpu"));
        Quantity has = or(Amounts.at(Tree.at(node, "status", "allocatable"), "cpu"));
        if (cpu.compareTo(has) > 0) {
            more.add("cpu, requested: " + cpu.milliValue() + ", allocatable: " + has.milliValue());
        }
        Quantity memory = or(Amounts.at(requests, "memory"));
        has = or(Amounts.at(Tree.at(node, "status", "allocatable"), "memory"));
        if (memory.compareTo(has) > 0) {
            more.add("memory, requested: " + memory.value() + ", allocatable: " + has.value());
        }
        if (!more.isEmpty()) {
            throw refused(
                    write, "node didn't have enough allocatable resources: " + String.join("; ", more), "NodeCapacity");
        }
    }

    private static Quantity or(@org.jspecify.annotations.Nullable Quantity quantity) {
        return quantity == null ? Quantity.ZERO : quantity;
    }

    private static StatusException refused(Admitting write, String why, String reason) {
        StatusException plain = write.resource().forbidden(write.name(), why);
        Details details = plain.details();
        return new StatusException(
                403,
                plain.reason(),
                String.valueOf(plain.getMessage()),
                new Details(
                        details.name(), details.group(), details.kind(), "", List.of(new Cause(reason, "", "")), 0));
    }
}
