package dev.kite.apiserver.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.registry.ServicePools;
import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.storage.Followers;
import dev.kite.apiserver.storage.Keys;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import dev.kite.store.Entry;
import dev.kite.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at ServiceCIDRs, Services and IPAddresses as they change, and at all of them at the start, and has what is wrong mended: one virtual thread that waits for changes.
 * Thread-safe.
 */
public final class ServiceAddresses implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceAddresses.class);
    private static final Duration AGAIN = Duration.ofSeconds(10);

    /** So often what fails is tried again before only a change brings it back. */
    private static final int TRIES = 15;

    /** What is to be looked at. */
    private sealed interface Key {
        record Network(String name) implements Key {}

        record Service(String namespace, String name) implements Key {}

        record Address(String name) implements Key {}
    }

    private final DelayedKeys<Key> keys = new DelayedKeys<>();
    private final Set<String> names = new TreeSet<>();
    private final Map<Key, Integer> failures = new HashMap<>();
    private final Followers followers;
    private final Networks networks;
    private final AddressRepair addresses;
    private final PortRepair ports;
    private final List<Followers.Following> following = new ArrayList<>();
    private volatile boolean closed;

    /**
     * The loop.
     *
     * @param writes writes objects
     * @param pools which networks there are
     * @param records whose addresses are
     * @param followers follows
     * @param cidrs the networks that the cluster starts with
     * @param hostName what the machine is called
     */
    public ServiceAddresses(
            Writes writes,
            ServicePools pools,
            IpAddresses records,
            Followers followers,
            List<String> cidrs,
            String hostName) {
        Events events = new Events(writes, hostName);
        this.followers = followers;
        this.networks = new Networks(writes, events, cidrs);
        this.addresses = new AddressRepair(writes, pools, records, events);
        this.ports = new PortRepair(writes, pools, events);
    }

    /** Starts to look; to be called once, when the cluster's first objects are there. */
    public void start() {
        follow("networking.k8s.io", "servicecidrs", this::network);
        follow("networking.k8s.io", "ipaddresses", this::address);
        follow("", "services", (entry, _) -> keys.add(service(entry)));
        Thread.ofVirtual().name("repair addresses").start(this::run);
    }

    private void follow(String group, String plural, BiConsumer<Entry, Boolean> change) {
        following.add(followers.follow(Keys.builtIn(group, plural), new Followers.Listener() {
            @Override
            public void set(Entry entry) {
                change.accept(entry, false);
            }

            @Override
            public void gone(Entry last) {
                change.accept(last, true);
            }
        }));
    }

    /** With one network, what others hold and which addresses are outside may change. */
    private void network(Entry entry, boolean gone) {
        synchronized (this) {
            if (gone) {
                names.remove(name(entry));
            } else {
                names.add(name(entry));
            }
            names.forEach(name -> keys.add(new Key.Network(name)));
        }
        keys.add(new Key.Network(Networks.DEFAULT));
        if (gone) {
            addresses
                    .services()
                    .forEach(service -> keys.add(new Key.Service(
                            Tree.text(service, "metadata", "namespace"), Tree.text(service, "metadata", "name"))));
        }
    }

    private void address(Entry entry, boolean gone) {
        keys.add(new Key.Address(name(entry)));
        // After a relist only the key of what went is known; the Service is then found at its next change.
        if (gone && entry.bytes().length > 0) {
            ObjectNode parent = Tree.object(Trees.of(entry), "spec", "parentRef");
            keys.add(new Key.Service(Tree.text(parent, "namespace"), Tree.text(parent, "name")));
            synchronized (this) {
                names.forEach(name -> keys.add(new Key.Network(name)));
            }
        }
    }

    private static Key service(Entry entry) {
        String[] parts = entry.key().split("/");
        return new Key.Service(parts[parts.length - 2], parts[parts.length - 1]);
    }

    private static String name(Entry entry) {
        return entry.key().substring(entry.key().lastIndexOf('/') + 1);
    }

    private void run() {
        try {
            while (!closed) {
                keys.take().forEach(this::look);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (StoreException e) {
            LOG.debug("the repair of addresses ends with the store", e);
        }
    }

    private void look(Key key) {
        try {
            Duration again = switch (key) {
                case Key.Network network -> networks.look(network.name());
                case Key.Address address -> addresses.record(address.name());
                case Key.Service service -> {
                    addresses.service(service.namespace(), service.name());
                    ports.service(service.namespace(), service.name());
                    yield Duration.ZERO;
                }
            };
            failures.remove(key);
            if (again.isPositive()) {
                keys.addAfter(key, again);
            }
        } catch (StatusException e) {
            int failed = failures.merge(key, 1, Integer::sum);
            LOG.warn("{} can't be mended: {}", key, e.getMessage());
            if (failed < TRIES) {
                keys.addAfter(key, AGAIN);
            } else {
                failures.remove(key);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        following.forEach(Followers.Following::close);
        keys.wake();
    }
}
