package dev.kite.scheduler;

import dev.kite.model.core.v1.Node;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** A node with the pods on it and what they need together. Guarded by the view that holds it. */
final class NodeInfo {
    private final Node node;
    private final Requests allocatable;
    private final Map<String, PodInfo> pods;
    private Requests requested;
    private Requests nonZero;

    NodeInfo(Node node) {
        this(node, new LinkedHashMap<>(), Requests.NONE, Requests.NONE);
    }

    private NodeInfo(Node node, Map<String, PodInfo> pods, Requests requested, Requests nonZero) {
        this.node = node;
        this.allocatable = Requests.of(node.status().allocatable());
        this.pods = pods;
        this.requested = requested;
        this.nonZero = nonZero;
    }

    /** The same pods on the node as it is now. */
    NodeInfo with(Node changed) {
        return new NodeInfo(changed, pods, requested, nonZero);
    }

    /** A copy that can be changed without changing this. */
    NodeInfo copy() {
        return new NodeInfo(node, new LinkedHashMap<>(pods), requested, nonZero);
    }

    void add(PodInfo pod) {
        remove(pod.uid());
        pods.put(pod.uid(), pod);
        requested = requested.plus(pod.requests());
        nonZero = nonZero.plus(pod.nonZero());
    }

    void remove(String uid) {
        PodInfo known = pods.remove(uid);
        if (known != null) {
            requested = requested.minus(known.requests());
            nonZero = nonZero.minus(known.nonZero());
        }
    }

    Node node() {
        return node;
    }

    String name() {
        return node.metadata().name();
    }

    Map<String, String> labels() {
        return node.metadata().labels();
    }

    Requests allocatable() {
        return allocatable;
    }

    Requests requested() {
        return requested;
    }

    Requests nonZero() {
        return nonZero;
    }

    Collection<PodInfo> pods() {
        return pods.values();
    }
}
