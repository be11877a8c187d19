package dev.kite.cri;

/**
 * Which namespaces are whose.
 *
 * @param network network namespace
 * @param pid process ids
 * @param ipc System V IPC
 * @param target the container whose process ids are seen, for {@link Mode#TARGET}
 */
public record Namespaces(Mode network, Mode pid, Mode ipc, String target) {
    /** Whose a namespace is. */
    public enum Mode {
        /** Shared by the pod. */
        POD,
        /** The container's own. */
        CONTAINER,
        /** The node's. */
        NODE,
        /** Another container's. */
        TARGET
    }
}
