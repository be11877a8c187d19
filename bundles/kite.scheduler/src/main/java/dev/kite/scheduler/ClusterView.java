package dev.kite.scheduler;

import dev.kite.model.core.v1.Node;
import dev.kite.model.core.v1.Pod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The nodes and the pods on them, as the informers show them and as the scheduler assumes what it has decided. Thread-safe; a cycle reads under the lock. */
final class ClusterView {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, NodeInfo> nodes = new TreeMap<>();
    /** Pods on nodes that are not known (yet), by node name. */
    private final Map<String, NodeInfo> strays = new HashMap<>();

    private final Map<String, String> nodeOfPod = new HashMap<>();
    private final Map<String, PodInfo> nominated = new HashMap<>();

    /**
     * Reads or changes the view with nobody else doing so.
     *
     * @param <R> the result
     * @param work is given the nodes by name
     * @return the work's result
     */
    <R> R with(Function<List<NodeInfo>, R> work) {
        lock.lock();
        try {
            return work.apply(List.copyOf(nodes.values()));
        } finally {
            lock.unlock();
        }
    }

    void nodeChanged(@Nullable Node before, @Nullable Node after) {
        lock.lock();
        try {
            if (after != null) {
                String name = after.metadata().name();
                NodeInfo known = nodes.containsKey(name) ? nodes.get(name) : strays.remove(name);
                nodes.put(name, known == null ? new NodeInfo(after) : known.with(after));
            } else if (before != null) {
                NodeInfo known = nodes.remove(before.metadata().name());
                if (known != null && !known.pods().isEmpty()) {
                    strays.put(before.metadata().name(), known);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Puts a pod onto a node, by what the API says or ahead of it.
     *
     * @param pod the pod
     * @param node the node's name
     */
    void place(PodInfo pod, String node) {
        lock.lock();
        try {
            removeLocked(pod.uid());
            nominated.remove(pod.uid());
            nodeOfPod.put(pod.uid(), node);
            NodeInfo info = nodes.get(node);
            if (info == null) {
                Node stray = Node.builder().metadata(meta -> meta.name(node)).build();
                info = strays.computeIfAbsent(node, _ -> new NodeInfo(stray));
            }
            info.add(pod);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes a pod off its node.
     *
     * @param uid the pod's uid
     */
    void remove(String uid) {
        lock.lock();
        try {
            removeLocked(uid);
            nominated.remove(uid);
        } finally {
            lock.unlock();
        }
    }

    private void removeLocked(String uid) {
        String node = nodeOfPod.remove(uid);
        if (node == null) {
            return;
        }
        NodeInfo info = nodes.get(node);
        if (info != null) {
            info.remove(uid);
        }
        NodeInfo stray = strays.get(node);
        if (stray != null) {
            stray.remove(uid);
            if (stray.pods().isEmpty()) {
                strays.remove(node);
            }
        }
    }

    /**
     * Notes that a pod waits for room that its preemption makes.
     *
     * @param pod the pod, with its nominated node; one without is forgotten
     */
    void nominate(Pod pod) {
        lock.lock();
        try {
            if (pod.status().nominatedNodeName().isEmpty()
                    || nodeOfPod.containsKey(pod.metadata().uid())) {
                nominated.remove(pod.metadata().uid());
            } else {
                nominated.put(pod.metadata().uid(), PodInfo.of(pod));
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lists pods that wait for room on a node and come before another. To be called within {@link #with}.
     *
     * @param node the node's name
     * @param pod the other
     * @return those of at least its priority
     */
    List<PodInfo> nominated(String node, PodInfo pod) {
        List<PodInfo> found = new ArrayList<>();
        for (PodInfo each : nominated.values()) {
            if (each.pod().status().nominatedNodeName().equals(node)
                    && each.priority() >= pod.priority()
                    && !each.uid().equals(pod.uid())) {
                found.add(each);
            }
        }
        return found;
    }
}
