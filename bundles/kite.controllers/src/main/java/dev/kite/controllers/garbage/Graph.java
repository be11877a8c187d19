package dev.kite.controllers.garbage;

import dev.kite.api.client.Discovery;
import dev.kite.model.meta.v1.ObjectMeta;
import dev.kite.model.meta.v1.OwnerReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Who owns whom among all objects of the cluster, by uid. Thread-safe. */
final class Graph {
    static final String FOREGROUND = "foregroundDeletion";
    static final String ORPHAN = "orphan";

    /**
     * An object.
     *
     * @param resource its resource
     * @param metadata its metadata
     */
    record Node(Discovery.Resource resource, ObjectMeta metadata) {
        String uid() {
            return metadata.uid();
        }

        boolean goes() {
            return metadata.hasDeletionTimestamp();
        }

        /** Whether it goes when its dependents that block it have gone. */
        boolean waitsForDependents() {
            return goes() && metadata.finalizers().contains(FOREGROUND);
        }

        /** Whether its dependents are to be set free. */
        boolean orphans() {
            return goes() && metadata.finalizers().contains(ORPHAN);
        }

        /** Whether it holds up an owner that waits. */
        boolean blocks(String owner) {
            return metadata.ownerReferences().stream()
                    .anyMatch(reference -> reference.uid().equals(owner) && reference.blockOwnerDeletion());
        }
    }

    private final Map<String, Node> nodes = new HashMap<>();
    private final Map<String, Set<String>> dependents = new HashMap<>();
    private final ReentrantLock lock = new ReentrantLock();

    /**
     * Stores an object as it is now.
     *
     * @param node the object
     * @return the object as it was known before, or null
     */
    @Nullable
    Node put(Node node) {
        lock.lock();
        try {
            Node before = nodes.put(node.uid(), node);
            if (before != null) {
                unlink(before);
            }
            for (OwnerReference owner : node.metadata().ownerReferences()) {
                dependents
                        .computeIfAbsent(owner.uid(), _ -> new LinkedHashSet<>(2))
                        .add(node.uid());
            }
            return before;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Forgets an object.
     *
     * @param uid its uid
     * @return the object, or null
     */
    @Nullable
    Node remove(String uid) {
        lock.lock();
        try {
            Node before = nodes.remove(uid);
            if (before != null) {
                unlink(before);
            }
            return before;
        } finally {
            lock.unlock();
        }
    }

    private void unlink(Node node) {
        for (OwnerReference owner : node.metadata().ownerReferences()) {
            Set<String> all = dependents.get(owner.uid());
            if (all != null && all.remove(node.uid()) && all.isEmpty()) {
                dependents.remove(owner.uid());
            }
        }
    }

    /**
     * Finds an object.
     *
     * @param uid its uid
     * @return the object, or null
     */
    @Nullable
    Node get(String uid) {
        lock.lock();
        try {
            return nodes.get(uid);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lists what an object owns.
     *
     * @param uid the owner's uid, known or not
     * @return its dependents
     */
    List<Node> dependents(String uid) {
        lock.lock();
        try {
            List<Node> found = new ArrayList<>();
            for (String dependent : dependents.getOrDefault(uid, Set.of())) {
                Node node = nodes.get(dependent);
                if (node != null) {
                    found.add(node);
                }
            }
            return found;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lists the objects of a resource.
     *
     * @param resource the resource
     * @return their uids
     */
    List<String> of(Discovery.Resource resource) {
        lock.lock();
        try {
            return nodes.values().stream()
                    .filter(node -> node.resource().equals(resource))
                    .map(Node::uid)
                    .toList();
        } finally {
            lock.unlock();
        }
    }
}
