package dev.kite.node;

import dev.kite.model.core.v1.Pod;
import java.util.Collection;
import java.util.Optional;

/** The pods of this node, as the node knows them: status included, before the API has it. A service of dev.kite.node.pod. Thread-safe, answers from memory. */
public interface NodePods {
    /** @return all pods of this node, those that are ending too */
    Collection<Pod> pods();

    /**
     * Finds a pod.
     *
     * @param namespace its namespace
     * @param name its name
     * @return the pod with the newest status
     */
    Optional<Pod> pod(String namespace, String name);

    /**
     * Finds a container's newest instance.
     *
     * @param namespace the pod's namespace
     * @param pod the pod's name
     * @param container the container's name (init and ephemeral ones too)
     * @return the runtime's id of the newest instance, running or not
     */
    Optional<Instance> container(String namespace, String pod, String container);

    /**
     * Finds a pod's sandbox.
     *
     * @param namespace the pod's namespace
     * @param pod the pod's name
     * @return the runtime's id of the newest sandbox
     */
    Optional<String> sandbox(String namespace, String pod);

    /**
     * Wakes a pod's worker, for example because a source of its volumes changed.
     *
     * @param podUid the pod's uid
     */
    void wake(String podUid);

    /**
     * An instance of a container.
     *
     * @param id the runtime's id
     * @param attempt how many there were before
     * @param running whether it runs
     */
    record Instance(String id, int attempt, boolean running) {}
}
