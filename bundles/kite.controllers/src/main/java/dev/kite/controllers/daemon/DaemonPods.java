package dev.kite.controllers.daemon;

import dev.kite.api.scheduling.NodeRules;
import dev.kite.model.apps.v1.DaemonSet;
import dev.kite.model.core.v1.Node;
import dev.kite.model.core.v1.NodeSelector;
import dev.kite.model.core.v1.NodeSelectorRequirement;
import dev.kite.model.core.v1.NodeSelectorTerm;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.PodSpec;
import dev.kite.model.core.v1.Toleration;
import java.util.ArrayList;
import java.util.List;

/** Where a DaemonSet's pods belong, and how they are made for a node. Pure. */
final class DaemonPods {
    private static final String PREFIX = "node.kubernetes.io/";
    private static final String NAME_FIELD = "metadata.name";

    private DaemonPods() {}

    /** Daemons stay where others must go: they are part of what makes a node work. */
    static List<Toleration> tolerations(PodSpec spec) {
        List<Toleration> all = new ArrayList<>(spec.tolerations());
        add(all, "not-ready", "NoExecute");
        add(all, "unreachable", "NoExecute");
        add(all, "disk-pressure", "NoSchedule");
        add(all, "memory-pressure", "NoSchedule");
        add(all, "pid-pressure", "NoSchedule");
        add(all, "unschedulable", "NoSchedule");
        if (spec.hostNetwork()) {
            add(all, "network-unavailable", "NoSchedule");
        }
        return all;
    }

    private static void add(List<Toleration> all, String taint, String effect) {
        Toleration toleration = Toleration.builder()
                .key(PREFIX + taint)
                .operator("Exists")
                .effect(effect)
                .build();
        if (!all.contains(toleration)) {
            all.add(toleration);
        }
    }

    /**
     * Tells whether a node gets a pod.
     *
     * @param set the DaemonSet
     * @param node the node
     * @return whether it does
     */
    static boolean shouldRun(DaemonSet set, Node node) {
        return fits(set, node)
                && NodeRules.untolerated(
                                tolerations(set.spec().template().spec()),
                                node.spec().taints(),
                                NodeRules::keepsAway)
                        == null;
    }

    /**
     * Tells whether a pod that runs on a node may stay.
     *
     * @param set the DaemonSet
     * @param node the node
     * @return whether it may
     */
    static boolean mayStay(DaemonSet set, Node node) {
        return fits(set, node)
                && NodeRules.untolerated(
                                tolerations(set.spec().template().spec()),
                                node.spec().taints(),
                                taint -> taint.effect().equals("NoExecute"))
                        == null;
    }

    private static boolean fits(DaemonSet set, Node node) {
        PodSpec spec = set.spec().template().spec();
        boolean named = spec.nodeName().isEmpty()
                || spec.nodeName().equals(node.metadata().name());
        return named && NodeRules.selects(spec, node);
    }

    /**
     * Tells which node a pod is for.
     *
     * @param pod the pod
     * @return the node that it is on, or that its affinity names; empty for none
     */
    static String node(Pod pod) {
        if (!pod.spec().nodeName().isEmpty()) {
            return pod.spec().nodeName();
        }
        NodeSelector required = pod.spec().affinity().nodeAffinity().requiredDuringSchedulingIgnoredDuringExecution();
        for (NodeSelectorTerm term : required.nodeSelectorTerms()) {
            for (NodeSelectorRequirement field : term.matchFields()) {
                if (field.key().equals(NAME_FIELD) && field.values().size() == 1) {
                    return field.values().getFirst();
                }
            }
        }
        return "";
    }

    /**
     * Binds a pod to a node by affinity, so that the scheduler still checks that there is room.
     *
     * @param pod the pod
     * @param node the node's name
     * @return the pod for that node
     */
    static Pod on(Pod pod, String node) {
        NodeSelector only = NodeSelector.builder()
                .addNodeSelectorTerms(term -> term.addMatchFields(
                        field -> field.key(NAME_FIELD).operator("In").addValues(node)))
                .build();
        return pod.toBuilder()
                .spec(spec -> spec.tolerations(tolerations(pod.spec()))
                        .affinity(affinity -> affinity.nodeAffinity(
                                nodes -> nodes.requiredDuringSchedulingIgnoredDuringExecution(only))))
                .build();
    }
}
