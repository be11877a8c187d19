package dev.kite.api.node;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;

/** The pod that a {@link PodProgram} runs in. Thread-safe. */
public interface PodContext {
    /** @return the pod's namespace */
    String namespace();

    /** @return the pod's name */
    String name();

    /** @return the pod's addresses */
    List<InetAddress> addresses();

    /** @return the container's arguments */
    List<String> arguments();

    /** @return the container's environment */
    Map<String, String> environment();

    /**
     * Opens a UDP socket in the pod's network namespace, bound to all its addresses.
     *
     * @param port the port
     * @return the socket, to be closed by the caller
     * @throws IOException if it can't be bound
     */
    DatagramChannel udp(int port) throws IOException;

    /**
     * Opens a listening TCP socket in the pod's network namespace, bound to all its addresses.
     *
     * @param port the port
     * @return the socket, to be closed by the caller
     * @throws IOException if it can't be bound
     */
    ServerSocketChannel tcp(int port) throws IOException;

    /**
     * Opens an unconnected TCP socket in the pod's network namespace.
     *
     * @return the socket, to be closed by the caller
     * @throws IOException if it can't be made
     */
    SocketChannel client() throws IOException;

    /**
     * Appends a line to the container's log.
     *
     * @param line the line without its end
     */
    void log(String line);
}
