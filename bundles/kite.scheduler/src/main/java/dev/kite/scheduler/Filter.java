package dev.kite.scheduler;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says whether a pod may run on a node. Pure. */
@FunctionalInterface
interface Filter {
    /**
     * Why a node won't do.
     *
     * @param reasons in words that are counted over all nodes
     * @param hopeless whether removing pods from the node would not help
     */
    record Rejection(List<String> reasons, boolean hopeless) {
        /** Copies the list. */
        public Rejection {
            reasons = List.copyOf(reasons);
        }

        static Rejection of(String reason) {
            return new Rejection(List.of(reason), false);
        }

        static Rejection forGood(String reason) {
            return new Rejection(List.of(reason), true);
        }
    }

    /**
     * Looks at a node.
     *
     * @param cycle the pod and what was computed for it
     * @param node the node
     * @return why not, or null
     */
    @Nullable
    Rejection filter(Cycle cycle, NodeInfo node);
}
