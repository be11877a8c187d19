package dev.kite.api.node;

/**
 * A container that is a bundle: the node runs it for the containers of image {@code kite.dev/program/NAME} in pods of the runtime class {@code kite}, inside the
 * pod's network namespace. A service (DESIGN, decision 10). Where the service is not there, the container waits as {@code CreateContainerError}.
 */
public interface PodProgram {
    /** @return the last segment of the image's name */
    String name();

    /**
     * Starts the program for one container.
     *
     * @param context the pod's network, arguments and log
     * @return the running program
     * @throws Exception if it can't start; the container's state shows the message, and it is started again with back-off
     */
    Running start(PodContext context) throws Exception;

    /** A started program. */
    interface Running extends AutoCloseable {
        /** @return whether it serves; the container's readiness where the pod declares no probe */
        boolean ready();

        /** Stops it: sockets closed, threads ended. Idempotent. */
        @Override
        void close();
    }
}
