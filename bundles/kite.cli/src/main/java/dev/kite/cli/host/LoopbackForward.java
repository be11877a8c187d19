package dev.kite.cli.host;

import dev.kite.linux.NetworkNamespace;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.SocketChannel;

/** A port of this machine's loopback whose connections go to a loopback port inside a network namespace. */
public final class LoopbackForward implements AutoCloseable {
    private final ServerSocket listener;
    private final NetworkNamespace namespace;
    private final int target;

    private LoopbackForward(ServerSocket listener, NetworkNamespace namespace, int target) {
        this.listener = listener;
        this.namespace = namespace;
        this.target = target;
    }

    /**
     * Starts forwarding.
     *
     * @param namespace the namespace's name
     * @param target the port inside
     * @return the forward on a free port
     * @throws IOException if no port can be had
     */
    public static LoopbackForward start(String namespace, int target) throws IOException {
        ServerSocket listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
        LoopbackForward forward = new LoopbackForward(listener, NetworkNamespace.named(namespace), target);
        Thread.ofVirtual().name("kite-forward-" + listener.getLocalPort()).start(forward::accept);
        return forward;
    }

    /** @return the port on this machine */
    public int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Thread.ofVirtual().name("kite-forward-connection").start(() -> connect(client));
            } catch (SocketException e) {
                return;
            } catch (IOException e) {
                System.err.println("kite: forwarding to " + namespace + ": " + e.getMessage());
                return;
            }
        }
    }

    private void connect(Socket client) {
        try (client;
                SocketChannel inside = namespace.call(
                        () -> SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), target)))) {
            Socket server = inside.socket();
            Thread back = Thread.ofVirtual().name("kite-forward-back").start(() -> copy(server, client));
            copy(client, server);
            back.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            // The server is not up yet, or one side went away: the client sees its connection closed.
            return;
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
            to.shutdownOutput();
        } catch (IOException e) {
            // One side went away; both are closed by connect.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
