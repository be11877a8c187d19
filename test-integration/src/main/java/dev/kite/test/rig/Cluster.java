package dev.kite.test.rig;

import dev.kite.cli.host.Teardown;
import dev.kite.cli.host.VirtualNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A cluster under test: a network of hosts and the nodes on them. Closing it, also by a shutdown hook, leaves nothing behind. */
public final class Cluster implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final VirtualNetwork network;
    private final Path folder;
    private final List<Node> nodes = new ArrayList<>();
    private final Thread hook = new Thread(this::closeQuietly, "kite-test-cleanup");
    private boolean closed;

    private Cluster(VirtualNetwork network, Path folder) {
        this.network = network;
        this.folder = folder;
    }

    /**
     * Makes the network.
     *
     * @return a cluster without nodes
     * @throws IOException if a namespace can't be made
     */
    public static Cluster create() throws IOException {
        String name = "kt" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
        Cluster cluster =
                new Cluster(VirtualNetwork.create(name), Files.createTempDirectory(Path.of("/var/tmp"), "kite-test-"));
        Runtime.getRuntime().addShutdownHook(cluster.hook);
        return cluster;
    }

    /**
     * Makes one server and waits until it is ready.
     *
     * @param flags further flags
     * @return the cluster
     */
    public static Cluster single(String... flags) throws IOException {
        Cluster cluster = create();
        try {
            Node node = cluster.add("node1", flags);
            node.start();
            node.awaitReady();
            return cluster;
        } catch (IOException | RuntimeException | AssertionError e) {
            cluster.close();
            throw e;
        }
    }

    /**
     * Adds a host with a node that is not started.
     *
     * @param name its name
     * @param flags further flags
     * @return the node
     */
    public synchronized Node add(String name, String... flags) throws IOException {
        Path home = Files.createDirectory(folder.resolve(name));
        Node node = new Node(name, network.add(name), home, List.of(flags));
        nodes.add(node);
        return node;
    }

    /** @return the first node */
    public synchronized Node node() {
        return nodes.getFirst();
    }

    /** @return kubectl as the admin of the first node */
    public Kubectl kubectl() {
        return node().kubectl();
    }

    @Override
    public void close() throws IOException {
        end();
        Runtime.getRuntime().removeShutdownHook(hook);
    }

    private void closeQuietly() {
        try {
            end();
        } catch (IOException e) {
            System.err.println("clean-up: " + e.getMessage());
        }
    }

    private synchronized void end() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            for (Node node : nodes) {
                node.close();
            }
        } finally {
            network.close();
            if (!Boolean.getBoolean("kite.keep")) {
                Teardown.delete(folder);
            }
        }
    }
}
