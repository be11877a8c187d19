package dev.kite.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.storage.Followers;
import dev.kite.apiserver.storage.Keys;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import dev.kite.store.Entry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which addresses and node ports are free: ServiceCIDRs say which addresses there are, Services and IPAddresses which of them somebody has. Node ports are read from
 * the Services themselves, so there is nothing beside them to repair. What a write takes is held for it until it is stored or given up. Thread-safe.
 */
public final class ServicePools implements AutoCloseable {
    private static final int PORT_TRIES = 128;

    /** What one Service has. */
    private record Held(Set<String> addresses, Set<Integer> ports) {}

    private final List<String> families;
    private final ServiceNetworks networks = new ServiceNetworks();
    private final Set<String> records = new HashSet<>();
    private final PortRange portRange;
    private final Set<String> reserved;
    private final Map<String, Held> byKey = new HashMap<>();
    private final Map<String, Integer> addresses = new HashMap<>();
    private final Map<Integer, Integer> ports = new HashMap<>();
    private final List<Followers.Following> following;

    /**
     * Pools that follow the store's Services, ServiceCIDRs and IPAddresses.
     *
     * @param followers follows
     * @param cidrs the networks that the server is set to: which families there are, the first one's the default
     * @param portRange node ports, for example {@code 30000-32767}
     * @param reserved addresses that are only given to who asks for them: the cluster DNS's
     */
    public ServicePools(Followers followers, List<String> cidrs, String portRange, Set<String> reserved) {
        this.families =
                cidrs.stream().map(cidr -> new AddressPool(cidr).family()).toList();
        this.portRange = PortRange.of(portRange);
        this.reserved = Set.copyOf(reserved);
        this.following = List.of(
                followers.follow(
                        Keys.builtIn("networking.k8s.io", "servicecidrs"),
                        listener(entry -> cidr(Trees.of(entry)), last -> cidrGone(nameOf(last)))),
                followers.follow(
                        Keys.builtIn("networking.k8s.io", "ipaddresses"),
                        listener(entry -> record(nameOf(entry)), last -> recordGone(nameOf(last)))),
                followers.follow(
                        Keys.builtIn("", "services"),
                        listener(
                                entry -> replace(entry.key(), held(Trees.parse(entry.bytes()))),
                                last -> replace(last.key(), null))));
    }

    private static Followers.Listener listener(Consumer<Entry> set, Consumer<Entry> gone) {
        return new Followers.Listener() {
            @Override
            public void set(Entry entry) {
                set.accept(entry);
            }

            @Override
            public void gone(Entry last) {
                gone.accept(last);
            }
        };
    }

    /** @return the families that the cluster's Services can have, the default one first */
    public List<String> families() {
        return families;
    }

    private synchronized void cidr(ObjectNode cidr) {
        networks.set(cidr);
    }

    private synchronized void cidrGone(String name) {
        networks.gone(name);
    }

    private synchronized void record(String address) {
        records.add(address);
    }

    private synchronized void recordGone(String address) {
        records.remove(address);
    }

    private static String nameOf(Entry entry) {
        return entry.key().substring(entry.key().lastIndexOf('/') + 1);
    }

    private static Held held(ObjectNode service) {
        Set<String> addresses = new HashSet<>();
        for (String address : Tree.texts(service, "spec", "clusterIPs")) {
            if (!address.isEmpty() && !address.equals("None")) {
                addresses.add(address);
            }
        }
        String single = Tree.text(service, "spec", "clusterIP");
        if (!single.isEmpty() && !single.equals("None")) {
            addresses.add(single);
        }
        Set<Integer> ports = new HashSet<>();
        for (ObjectNode port : Tree.objects(service, "spec", "ports")) {
            addPort(ports, Tree.number(port, "nodePort"));
        }
        addPort(ports, Tree.number(service, "spec", "healthCheckNodePort"));
        return new Held(addresses, ports);
    }

    private static void addPort(Set<Integer> ports, long port) {
        if (port > 0) {
            ports.add((int) port);
        }
    }

    private synchronized void replace(String key, @Nullable Held held) {
        Held before = held == null ? byKey.remove(key) : byKey.put(key, held);
        if (held != null) {
            held.addresses().forEach(address -> addresses.merge(address, 1, Integer::sum));
            held.ports().forEach(port -> ports.merge(port, 1, Integer::sum));
        }
        if (before != null) {
            before.addresses().forEach(this::dropAddress);
            before.ports().forEach(this::dropPort);
        }
    }

    private void dropAddress(String address) {
        addresses.computeIfPresent(address, (_, count) -> count > 1 ? count - 1 : null);
    }

    private void dropPort(Integer port) {
        ports.computeIfPresent(port, (_, count) -> count > 1 ? count - 1 : null);
    }

    /** What came of taking an address that was asked for. */
    sealed interface Taking {
        /** It is taken. */
        record Taken() implements Taking {}

        /** Somebody has it. */
        record Allocated() implements Taking {}

        /** No network from which addresses are given has it, or it is one that no Service may have. */
        record NoNetwork() implements Taking {}
    }

    /** Takes an address. */
    synchronized Taking take(String address) {
        for (AddressPool pool : networks.ready(address.indexOf(':') >= 0 ? "IPv6" : "IPv4")) {
            if (!pool.contains(address)) {
                continue;
            }
            if (addresses.containsKey(address) || records.contains(address)) {
                return new Taking.Allocated();
            }
            addresses.put(address, 1);
            return new Taking.Taken();
        }
        return new Taking.NoNetwork();
    }

    /** Takes any free address of a family; null where none is left. */
    synchronized @Nullable String takeAny(String family) {
        for (AddressPool pool : networks.ready(family)) {
            String free = pool.free(address ->
                    addresses.containsKey(address) || records.contains(address) || reserved.contains(address));
            if (free != null) {
                addresses.put(free, 1);
                return free;
            }
        }
        return null;
    }

    /**
     * Tells whether an address is of a network that a ServiceCIDR names.
     *
     * @param address the address
     * @return whether it is
     */
    public synchronized boolean covers(String address) {
        return networks.covers(address);
    }

    /**
     * Tells how many Services have a node port: more than one only where something went wrong.
     *
     * @param port the port
     * @return how many
     */
    public synchronized int holders(int port) {
        return ports.getOrDefault(port, 0);
    }

    /** Takes a node port; false where somebody has it. */
    synchronized boolean take(int port) {
        if (ports.containsKey(port)) {
            return false;
        }
        ports.put(port, 1);
        return true;
    }

    /** Takes any free node port; 0 where none is left. */
    synchronized int takeAnyPort() {
        int lower = portRange.staticPart();
        for (int i = 0; i < PORT_TRIES; i++) {
            int port = portRange.first() + lower + ThreadLocalRandom.current().nextInt(portRange.size() - lower);
            if (take(port)) {
                return port;
            }
        }
        for (int port = portRange.last(); port >= portRange.first(); port--) {
            if (take(port)) {
                return port;
            }
        }
        return 0;
    }

    /**
     * Tells whether a port is one of those for nodes.
     *
     * @param port the port
     * @return whether it is
     */
    public boolean inRange(long port) {
        return portRange.contains(port);
    }

    /** @return the range of node ports as it is set */
    public String portRange() {
        return portRange.toString();
    }

    /** Gives back what a write took: it failed, or it is stored and the Service itself now holds it. */
    synchronized void release(Set<String> taken, Set<Integer> takenPorts) {
        taken.forEach(this::dropAddress);
        takenPorts.forEach(this::dropPort);
    }

    @Override
    public void close() {
        following.forEach(Followers.Following::close);
    }
}
