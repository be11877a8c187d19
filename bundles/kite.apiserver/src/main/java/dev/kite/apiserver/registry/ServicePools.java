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
import org.jspecify.annotations.Nullable;

/**
 * Which addresses and node ports Services have: read from the Services themselves, so there is nothing beside them to repair. What a write
 * takes is held for it until it is stored or given up. Thread-safe.
 */
public final class ServicePools implements AutoCloseable {
    private static final int PORT_TRIES = 128;

    /** What one Service has. */
    private record Held(Set<String> addresses, Set<Integer> ports) {}

    private final List<AddressPool> pools;
    private final int firstPort;
    private final int lastPort;
    private final Set<String> reserved;
    private final Map<String, Held> byKey = new HashMap<>();
    private final Map<String, Integer> addresses = new HashMap<>();
    private final Map<Integer, Integer> ports = new HashMap<>();
    private final Followers.Following following;

    /**
     * Pools that follow the store's Services.
     *
     * @param followers follows
     * @param cidrs the Services' networks, the first the default family's
     * @param portRange node ports, for example {@code 30000-32767}
     * @param reserved addresses that are only given to who asks for them: the cluster DNS's
     */
    public ServicePools(Followers followers, List<String> cidrs, String portRange, Set<String> reserved) {
        this.pools = cidrs.stream().map(AddressPool::new).toList();
        String[] range = portRange.split("-", 2);
        this.firstPort = Integer.parseInt(range[0].strip());
        this.lastPort = Integer.parseInt(range[range.length - 1].strip());
        this.reserved = Set.copyOf(reserved);
        this.following = followers.follow(Keys.builtIn("", "services"), new Followers.Listener() {
            @Override
            public void set(Entry entry) {
                replace(entry.key(), held(Trees.parse(entry.bytes())));
            }

            @Override
            public void gone(Entry last) {
                replace(last.key(), null);
            }
        });
    }

    /** @return the networks */
    public List<AddressPool> pools() {
        return pools;
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

    /** Takes an address; false where somebody has it. */
    synchronized boolean take(String address) {
        if (addresses.containsKey(address)) {
            return false;
        }
        addresses.put(address, 1);
        return true;
    }

    /** Takes any free address of a network; null where none is left. */
    synchronized @Nullable String takeAny(AddressPool pool) {
        String free = pool.free(address -> addresses.containsKey(address) || reserved.contains(address));
        if (free != null) {
            addresses.put(free, 1);
        }
        return free;
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
        int span = lastPort - firstPort + 1;
        // As with addresses, a lower part stays free for ports that are asked for (min(max(16, span/32), 128)).
        int lower = span < 32 ? 0 : Math.min(Math.max(16, span / 32), 128);
        for (int i = 0; i < PORT_TRIES; i++) {
            int port = firstPort + lower + ThreadLocalRandom.current().nextInt(span - lower);
            if (take(port)) {
                return port;
            }
        }
        for (int port = lastPort; port >= firstPort; port--) {
            if (take(port)) {
                return port;
            }
        }
        return 0;
    }

    /** @return whether a port is one of those for nodes */
    boolean inRange(long port) {
        return port >= firstPort && port <= lastPort;
    }

    /** @return the range of node ports as it is set */
    String portRange() {
        return firstPort + "-" + lastPort;
    }

    /** Gives back what a write took: it failed, or it is stored and the Service itself now holds it. */
    synchronized void release(Set<String> taken, Set<Integer> takenPorts) {
        taken.forEach(this::dropAddress);
        takenPorts.forEach(this::dropPort);
    }

    @Override
    public void close() {
        following.close();
    }
}
