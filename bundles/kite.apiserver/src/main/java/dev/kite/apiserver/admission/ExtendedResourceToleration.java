package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Pods that ask for a device tolerate the taint of the nodes that are kept for it. */
final class ExtendedResourceToleration implements AdmissionRule {
    ExtendedResourceToleration() {}

    @Override
    public String name() {
        return "ExtendedResourceToleration";
    }

    @Override
    public void admit(Admitting write) {
        ObjectNode pod = write.object();
        boolean written = write.operation() == Operation.CREATE || write.operation() == Operation.UPDATE;
        if (pod == null || !written || !write.isOf("", "pods")) {
            return;
        }
        TreeSet<String> devices = new TreeSet<>();
        for (String list : List.of("containers", "initContainers")) {
            for (ObjectNode container : Tree.objects(pod, "spec", list)) {
                Tree.fields(container, "resources", "requests").forEach(amount -> {
                    if (extended(amount.getKey())) {
                        devices.add(amount.getKey());
                    }
                });
            }
        }
        ObjectNode spec = pod.withObject("/spec");
        List<ObjectNode> tolerations = new ArrayList<>(Tree.objects(spec, "tolerations"));
        for (String device : devices) {
            ObjectNode wanted = pod.objectNode()
                    .put("key", device)
                    .put("operator", "Exists")
                    .put("effect", "NoSchedule");
            if (tolerations.stream().noneMatch(wanted::equals)) {
                tolerations.add(wanted);
            }
        }
        Tolerations.set(spec, tolerations);
    }

    /** Whether a name is qualified, by another domain than kubernetes.io, and no quota's. */
    static boolean extended(String name) {
        int slash = name.indexOf('/');
        return slash > 0
                && !name.substring(0, slash).equals("kubernetes.io")
                && !name.substring(0, slash).endsWith(".kubernetes.io")
                && !name.startsWith("requests.");
    }
}
