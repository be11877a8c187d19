package dev.kite.apiserver.cluster;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.storage.Followers;
import dev.kite.apiserver.storage.Keys;
import dev.kite.apiserver.storage.Signal;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import dev.kite.store.Entry;
import dev.kite.store.StoreException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records which Service has which address as IPAddress objects, made, mended and taken away as Services come, change and go, also where a crash came between.
 * The Services themselves are what counts; objects that don't carry the allocator's label are never touched. Thread-safe.
 */
public final class ServiceAddresses implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceAddresses.class);
    private static final Writes.Kind ADDRESSES = new Writes.Kind("networking.k8s.io", "ipaddresses");
    private static final Writes.Kind CIDRS = new Writes.Kind("networking.k8s.io", "servicecidrs");
    private static final String MANAGED_BY = "ipaddress.kubernetes.io/managed-by";
    private static final String ALLOCATOR = "ipallocator.k8s.io";
    private static final String FINALIZER = "networking.k8s.io/service-cidr-finalizer";

    /** NAMESPACE/NAME of those that have an address: one, unless something went wrong. */
    private final Map<String, TreeSet<String>> owners = new HashMap<>();

    private final Map<String, Set<String>> byService = new HashMap<>();
    private final Map<String, String> records = new HashMap<>();
    private final Set<String> dirty = new HashSet<>();
    private final Writes writes;
    private final Followers followers;
    private final Signal signal = new Signal();
    private final List<String> cidrs;
    private Followers.@Nullable Following services;
    private Followers.@Nullable Following addresses;
    private volatile boolean closed;

    /**
     * Records.
     *
     * @param writes writes them
     * @param followers follows Services and records
     * @param cidrs the networks that the cluster starts with
     */
    public ServiceAddresses(Writes writes, Followers followers, List<String> cidrs) {
        this.writes = writes;
        this.followers = followers;
        this.cidrs = List.copyOf(cidrs);
    }

    /** Starts to follow and to mend; to be called once, when the cluster's first objects are there. */
    public void start() {
        addresses = followers.follow(Keys.builtIn("networking.k8s.io", "ipaddresses"), new Followers.Listener() {
            @Override
            public void set(Entry entry) {
                ObjectNode object = Trees.of(entry);
                boolean ours =
                        Tree.text(object, "metadata", "labels", MANAGED_BY).equals(ALLOCATOR);
                record(
                        name(entry),
                        ours
                                ? Tree.text(object, "spec", "parentRef", "namespace") + "/"
                                        + Tree.text(object, "spec", "parentRef", "name")
                                : null);
            }

            @Override
            public void gone(Entry last) {
                record(name(last), null);
            }
        });
        services = followers.follow(Keys.builtIn("", "services"), new Followers.Listener() {
            @Override
            public void set(Entry entry) {
                service(entry, Set.copyOf(Tree.texts(Trees.of(entry), "spec", "clusterIPs")));
            }

            @Override
            public void gone(Entry last) {
                service(last, Set.of());
            }
        });
        Thread.ofVirtual().name("record addresses").start(this::run);
    }

    private static String name(Entry entry) {
        return entry.key().substring(entry.key().lastIndexOf('/') + 1);
    }

    private synchronized void record(String address, @Nullable String parent) {
        if (parent == null) {
            records.remove(address);
        } else {
            records.put(address, parent);
        }
        dirty.add(address);
        signal.raise();
    }

    private synchronized void service(Entry entry, Set<String> now) {
        String[] parts = entry.key().split("/");
        String service = parts[parts.length - 2] + "/" + parts[parts.length - 1];
        Set<String> before = byService.getOrDefault(service, Set.of());
        for (String address : before) {
            TreeSet<String> having = owners.get(address);
            if (having != null && having.remove(service) && having.isEmpty()) {
                owners.remove(address);
            }
            dirty.add(address);
        }
        for (String address : now) {
            if (!address.equals("None") && !address.isEmpty()) {
                owners.computeIfAbsent(address, _ -> new TreeSet<>()).add(service);
                dirty.add(address);
            }
        }
        if (now.isEmpty()) {
            byService.remove(service);
        } else {
            byService.put(service, now);
        }
        signal.raise();
    }

    private synchronized Map<String, @Nullable String> wanted() {
        Map<String, @Nullable String> changes = new HashMap<>();
        for (String address : dirty) {
            TreeSet<String> having = owners.get(address);
            String owner = having == null ? null : having.first();
            if (!java.util.Objects.equals(owner, records.get(address))) {
                changes.put(address, owner);
            }
        }
        dirty.clear();
        return changes;
    }

    private void run() {
        try {
            readyCidr();
            while (!closed) {
                wanted().forEach(this::mend);
                signal.await(Signal.FOR_EVER);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (StoreException e) {
            LOG.debug("recording addresses ends with the store", e);
        }
    }

    private void mend(String address, @Nullable String owner) {
        try {
            ObjectNode present = writes.find(ADDRESSES, "", address);
            if (present != null) {
                if (!Tree.text(present, "metadata", "labels", MANAGED_BY).equals(ALLOCATOR)) {
                    return;
                }
                // Whose an address is can't be changed: the record is made anew.
                writes.delete(ADDRESSES, "", address, Tree.text(present, "metadata", "uid"));
            }
            if (owner != null) {
                writes.create(ADDRESSES, "", object(address, owner.split("/", 2)));
            }
        } catch (StatusException e) {
            LOG.warn("whose {} is isn't recorded: {}", address, e.getMessage());
        }
    }

    private static ObjectNode object(String address, String[] owner) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", "networking.k8s.io/v1").put("kind", "IPAddress");
        object.putObject("metadata")
                .put("name", address)
                .putObject("labels")
                .put("ipaddress.kubernetes.io/ip-family", address.indexOf(':') >= 0 ? "IPv6" : "IPv4")
                .put(MANAGED_BY, ALLOCATOR);
        object.putObject("spec")
                .putObject("parentRef")
                .put("group", "")
                .put("resource", "services")
                .put("namespace", owner[0])
                .put("name", owner[1]);
        return object;
    }

    /** Says of the network that the cluster started with that it is ready, and holds it while it is used. */
    private void readyCidr() {
        try {
            ObjectNode present = writes.find(CIDRS, "", "kubernetes");
            if (present == null || !Tree.texts(present, "spec", "cidrs").equals(cidrs)) {
                return;
            }
            if (!Tree.texts(present, "metadata", "finalizers").contains(FINALIZER)) {
                writes.change(
                        CIDRS,
                        "",
                        "",
                        "kubernetes",
                        cidr -> cidr.withObject("/metadata")
                                .withArray("finalizers")
                                .add(FINALIZER));
            }
            if (Tree.objects(present, "status", "conditions").isEmpty()) {
                writes.change(
                        CIDRS,
                        "status",
                        "",
                        "kubernetes",
                        cidr -> cidr.withObject("/status")
                                .withArray("conditions")
                                .addObject()
                                .put("type", "Ready")
                                .put("status", "True")
                                .put("reason", "")
                                .put("message", "Kubernetes Service CIDR is ready")
                                .put("lastTransitionTime", dev.kite.apiserver.registry.Metadata.seconds(writes.now())));
            }
        } catch (StatusException e) {
            LOG.warn("the ServiceCIDR kubernetes isn't told to be ready: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        closed = true;
        if (services != null) {
            services.close();
        }
        if (addresses != null) {
            addresses.close();
        }
        signal.raise();
    }
}
