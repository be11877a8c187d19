package dev.kite.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an update of a Service means that doesn't say all: what was given stays where the update doesn't name it, and what belongs to the type that the Service had goes
 * with the type, unless the update changes it, too (then validation speaks). Kubernetes 1.36's rules; decides from values alone.
 */
final class ServiceUpdates {
    private ServiceUpdates() {}

    /** Keeps addresses and ports that the update doesn't name. */
    static void keep(ObjectNode spec, ObjectNode before) {
        if (!ServiceStrategy.isExternalName(spec) && !ServiceStrategy.isExternalName(before)) {
            keepAddresses(spec, before);
        }
        if (ServiceStrategy.wantsNodePorts(spec) && ServiceStrategy.wantsNodePorts(before)) {
            keepNodePorts(spec, before);
        }
        boolean health = ServiceStrategy.wantsHealthPort(spec) && ServiceStrategy.wantsHealthPort(before);
        if (health && Tree.number(spec, "healthCheckNodePort") == 0) {
            Metadata.copy("healthCheckNodePort", before, spec);
        }
        agree(spec, before);
    }

    private static void keepAddresses(ObjectNode spec, ObjectNode before) {
        if (Tree.text(spec, "clusterIP").isEmpty()) {
            Metadata.copy("clusterIP", before, spec);
        }
        if (Tree.at(spec, "clusterIPs").isEmpty()) {
            Metadata.copy("clusterIPs", before, spec);
        }
    }

    /** Who changes clusterIP alone means clusterIPs, too. */
    private static void agree(ObjectNode spec, ObjectNode before) {
        String single = Tree.text(spec, "clusterIP");
        String had = Tree.text(before, "clusterIP");
        boolean samePlural = Tree.texts(spec, "clusterIPs").equals(Tree.texts(before, "clusterIPs"));
        if (single.equals(had) || !samePlural) {
            return;
        }
        if (single.isEmpty()) {
            spec.remove("clusterIPs");
        } else {
            spec.putArray("clusterIPs").add(single);
        }
    }

    /** By the ports' names: a port that changes otherwise keeps its node port, unless another port now has that one. */
    private static void keepNodePorts(ObjectNode spec, ObjectNode before) {
        Set<Long> used = nodePorts(before);
        used.retainAll(nodePorts(spec));
        Map<String, Long> byName = new HashMap<>();
        for (ObjectNode port : Tree.objects(before, "ports")) {
            byName.put(Tree.text(port, "name"), Tree.number(port, "nodePort"));
        }
        for (ObjectNode port : Tree.objects(spec, "ports")) {
            long had = byName.getOrDefault(Tree.text(port, "name"), 0L);
            if (Tree.number(port, "nodePort") == 0 && had != 0 && !used.contains(had)) {
                port.put("nodePort", had);
            }
        }
    }

    private static Set<Long> nodePorts(ObjectNode spec) {
        Set<Long> all = new HashSet<>();
        for (ObjectNode port : Tree.objects(spec, "ports")) {
            all.add(Tree.number(port, "nodePort"));
        }
        all.remove(0L);
        return all;
    }

    /** Takes away what belonged to the type that the Service had. */
    static void drop(ObjectNode spec, ObjectNode before) {
        if (!ServiceStrategy.isExternalName(before) && ServiceStrategy.isExternalName(spec)) {
            dropAddresses(spec, before);
        }
        boolean noNodePorts = ServiceStrategy.mayHaveNodePorts(before) && !ServiceStrategy.mayHaveNodePorts(spec);
        if (noNodePorts && nodePorts(before).containsAll(nodePorts(spec))) {
            Tree.objects(spec, "ports").forEach(port -> port.remove("nodePort"));
        }
        if (ServiceStrategy.wantsHealthPort(before) && !ServiceStrategy.wantsHealthPort(spec)) {
            dropUnchanged("healthCheckNodePort", spec, before);
        }
        if (ServiceStrategy.isBalanced(before) && !ServiceStrategy.isBalanced(spec)) {
            dropUnchanged("allocateLoadBalancerNodePorts", spec, before);
            dropUnchanged("loadBalancerClass", spec, before);
        }
        if (reachable(before) && !reachable(spec)) {
            dropUnchanged("externalTrafficPolicy", spec, before);
        }
    }

    private static void dropAddresses(ObjectNode spec, ObjectNode before) {
        boolean same = Tree.text(spec, "clusterIP").equals(Tree.text(before, "clusterIP"))
                && Tree.texts(spec, "clusterIPs").equals(Tree.texts(before, "clusterIPs"));
        if (same) {
            spec.remove(List.of("clusterIP", "clusterIPs"));
        }
        dropUnchanged("ipFamilies", spec, before);
        dropUnchanged("ipFamilyPolicy", spec, before);
    }

    private static void dropUnchanged(String field, ObjectNode spec, ObjectNode before) {
        if (spec.path(field).equals(before.path(field))) {
            spec.remove(field);
        }
    }

    private static boolean reachable(ObjectNode spec) {
        return ServiceStrategy.mayHaveNodePorts(spec)
                || (Tree.text(spec, "type").equals("ClusterIP")
                        && !Tree.at(spec, "externalIPs").isEmpty());
    }
}
