package dev.kite.http.stream;

import dev.kite.api.http.Duplex;
import java.io.IOException;

/** Connects to a port of a pod, in the pod's network namespace. Thread-safe. */
@FunctionalInterface
public interface PortConnector {
    /**
     * Connects.
     *
     * @param port the port on the pod's loopback
     * @return the connection; closing its output half-closes it
     * @throws IOException if nothing listens, with a message for the user
     */
    Duplex connect(int port) throws IOException;
}
