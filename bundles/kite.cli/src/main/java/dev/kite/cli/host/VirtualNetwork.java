package dev.kite.cli.host;

import dev.kite.linux.IpPrefix;
import dev.kite.linux.Link;
import dev.kite.linux.NetworkNamespace;
import dev.kite.linux.Route;
import dev.kite.linux.RouteNetlink;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Hosts that are network namespaces, joined by a bridge in a namespace of its own: no address of theirs exists outside. Each has {@code eth0}, its loopback up,
 * and a default route to the bridge, which leads nowhere.
 */
public final class VirtualNetwork implements AutoCloseable {
    private static final IpPrefix NETWORK = IpPrefix.parse("192.168.211.0/24");
    private static final int MTU = 1500;

    private final String name;
    private final NetworkNamespace exchange;
    private final List<String> namespaces = new ArrayList<>();

    private VirtualNetwork(String name, NetworkNamespace exchange) {
        this.name = name;
        this.exchange = exchange;
        namespaces.add(name + "-sw");
    }

    /**
     * Makes the bridge.
     *
     * @param name a prefix for the namespaces' names, unique on this machine
     * @return the network without hosts
     * @throws IOException if a namespace or link can't be made
     */
    public static VirtualNetwork create(String name) throws IOException {
        VirtualNetwork network = new VirtualNetwork(name, NetworkNamespace.create(name + "-sw"));
        try {
            in(network.exchange, netlink -> {
                up(netlink, "lo");
                netlink.createBridge("br0", MTU);
                int bridge = link(netlink, "br0");
                netlink.addAddress(bridge, new IpPrefix(NETWORK.nth(1), NETWORK.length()));
                netlink.setUp(bridge, true);
            });
        } catch (IOException e) {
            network.close();
            throw e;
        }
        return network;
    }

    /**
     * A host.
     *
     * @param namespace its network namespace's name
     * @param address its address
     */
    public record Host(String namespace, InetAddress address) {
        /** @return the words that run a command there, to be put before it: only the network namespace changes */
        public List<String> enter() {
            return List.of("nsenter", "--net=/run/netns/" + namespace);
        }
    }

    /**
     * Adds a host.
     *
     * @param host its name within this network
     * @return the host
     * @throws IOException if a namespace or link can't be made
     */
    public synchronized Host add(String host) throws IOException {
        int number = namespaces.size();
        String namespace = name + "-" + host;
        NetworkNamespace made = NetworkNamespace.create(namespace);
        namespaces.add(namespace);
        String port = "port" + number;
        InetAddress address = NETWORK.nth(10L + number);
        in(exchange, netlink -> {
            netlink.createVeth(port, "eth0", made, MTU);
            int link = link(netlink, port);
            netlink.setMaster(link, link(netlink, "br0"));
            netlink.setUp(link, true);
        });
        in(made, netlink -> {
            up(netlink, "lo");
            int link = link(netlink, "eth0");
            netlink.addAddress(link, new IpPrefix(address, NETWORK.length()));
            netlink.setUp(link, true);
            netlink.setRoute(Route.via(IpPrefix.parse("0.0.0.0/0"), NETWORK.nth(1), link));
        });
        return new Host(namespace, address);
    }

    private interface Step {
        void run(RouteNetlink netlink) throws IOException;
    }

    private static void in(NetworkNamespace namespace, Step step) throws IOException {
        try {
            namespace.call(() -> {
                try (RouteNetlink netlink = RouteNetlink.open()) {
                    step.run(netlink);
                }
                return "";
            });
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("in " + namespace + ": " + e.getMessage(), e);
        }
    }

    private static void up(RouteNetlink netlink, String link) throws IOException {
        netlink.setUp(link(netlink, link), true);
    }

    private static int link(RouteNetlink netlink, String name) throws IOException {
        Link found = netlink.link(name).orElseThrow(() -> new IOException("no link " + name));
        return found.index();
    }

    /** Removes hosts and bridge. */
    @Override
    public synchronized void close() throws IOException {
        while (!namespaces.isEmpty()) {
            NetworkNamespace.delete(namespaces.removeLast());
        }
    }
}
