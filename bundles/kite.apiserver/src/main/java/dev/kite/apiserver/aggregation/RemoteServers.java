package dev.kite.apiserver.aggregation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.registry.Machinery;
import dev.kite.apiserver.registry.Metadata;
import dev.kite.apiserver.registry.Modification;
import dev.kite.apiserver.registry.Modification.Target;
import dev.kite.apiserver.registry.ResourceCatalog;
import dev.kite.apiserver.request.Intent;
import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.storage.Followers;
import dev.kite.apiserver.storage.Keys;
import dev.kite.apiserver.storage.Signal;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import dev.kite.store.Entry;
import dev.kite.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches over remote servers, one virtual thread each: when its APIService, Service or endpoints change, every 30 seconds, and sooner after a failure, it looks
 * whether the server answers, says so in the APIService's status, and reads anew what it serves. Thread-safe.
 */
final class RemoteServers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteServers.class);

    /** A server can go without an event; upstream looks as often. */
    private static final Duration REGULARLY = Duration.ofSeconds(30);

    private static final Duration SOON = Duration.ofMillis(500);

    /** Events come in bursts, as pods start: they are answered by one look. */
    private static final Duration BURST = Duration.ofMillis(100);

    /** Upstream reads discovery each minute. */
    private static final long DISCOVERY_NANOS = Duration.ofMinutes(1).toNanos();

    private final Machinery machinery;
    private final ResourceCatalog catalog;
    private final Followers followers;
    private final ApiServices services;
    private final Availability availability;
    private final RemoteDiscovery discovery;
    private final Servers servers;
    private final Map<String, Watching> watching = new ConcurrentHashMap<>();
    private final List<Followers.Following> following = new ArrayList<>();
    private volatile boolean closed;

    RemoteServers(
            Machinery machinery,
            ResourceCatalog catalog,
            Followers followers,
            ApiServices services,
            Availability availability,
            RemoteDiscovery discovery,
            Servers servers) {
        this.machinery = machinery;
        this.catalog = catalog;
        this.followers = followers;
        this.services = services;
        this.availability = availability;
        this.discovery = discovery;
        this.servers = servers;
        services.onChange(this::changed);
    }

    /** Starts with what is there. */
    void start() {
        services.all().keySet().forEach(this::changed);
    }

    private void changed(String name) {
        ApiService service = services.named(name);
        if (closed || service == null || service.service() == null) {
            Watching gone = watching.remove(name);
            if (gone != null) {
                gone.end();
            }
            return;
        }
        Watching known = watching.computeIfAbsent(name, Watching::new);
        known.told(service);
    }

    /** Follows Services and their endpoints from the first remote server on; most clusters have few or none. */
    private void follow() {
        synchronized (following) {
            if (!following.isEmpty() || closed) {
                return;
            }
            following.add(followers.follow(Keys.builtIn("", "services"), new Followers.Listener() {
                @Override
                public void set(Entry entry) {
                    service(entry);
                }

                @Override
                public void gone(Entry last) {
                    service(last);
                }
            }));
            following.add(
                    followers.follow(Keys.builtIn("discovery.k8s.io", "endpointslices"), new Followers.Listener() {
                        @Override
                        public void set(Entry entry) {
                            slice(entry);
                        }

                        @Override
                        public void gone(Entry last) {
                            slice(last);
                        }
                    }));
        }
    }

    private void service(Entry entry) {
        String[] parts = entry.key().split("/");
        wake(parts[parts.length - 2], parts[parts.length - 1]);
    }

    private void slice(Entry entry) {
        String[] parts = entry.key().split("/");
        String namespace = parts[parts.length - 2];
        boolean ours = watching.values().stream().anyMatch(one -> one.isIn(namespace));
        if (ours && entry.bytes().length > 0) {
            wake(namespace, Tree.text(Trees.of(entry), "metadata", "labels", "kubernetes.io/service-name"));
        }
    }

    private void wake(String namespace, String name) {
        watching.values().forEach(one -> one.serviceChanged(namespace, name));
    }

    /** One remote server's. */
    private final class Watching {
        private final String name;
        private final Signal signal = new Signal();
        private volatile @Nullable ApiService last;
        private volatile boolean ended;

        Watching(String name) {
            this.name = name;
            Thread.ofVirtual().name("aggregated " + name).start(this::run);
        }

        /** The APIService changed; what this thread itself wrote into its status is no reason to look again. */
        void told(ApiService service) {
            ApiService before = last;
            last = service;
            if (before == null || !before.sameServer(service)) {
                signal.raise();
            }
        }

        boolean isIn(String namespace) {
            ApiService service = last;
            return service != null
                    && service.service() != null
                    && service.service().namespace().equals(namespace);
        }

        void serviceChanged(String namespace, String serviceName) {
            ApiService service = last;
            if (isIn(namespace)
                    && service != null
                    && service.service() != null
                    && service.service().name().equals(serviceName)) {
                signal.raise();
            }
        }

        void end() {
            ended = true;
            signal.raise();
        }

        private void run() {
            try {
                follow();
                signal.await(SOON);
                Duration retry = SOON;
                long discovered = 0;
                @Nullable ApiService seen = null;
                while (!ended && !closed) {
                    ApiService service = services.named(name);
                    if (service == null || service.service() == null) {
                        break;
                    }
                    boolean available = look(service, service.service());
                    boolean due = seen == null
                            || !seen.sameServer(service)
                            || System.nanoTime() - discovered > DISCOVERY_NANOS
                            || !discovery.of(service).current();
                    if (!available) {
                        discovery.lost(service);
                    } else if (due) {
                        discovery.refresh(service);
                        discovered = System.nanoTime();
                    }
                    seen = service;
                    boolean woken = signal.await(available ? REGULARLY : retry);
                    retry = available || woken ? SOON : longer(retry);
                    if (woken) {
                        Thread.sleep(BURST);
                    }
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } catch (StoreException e) {
                LOG.debug("watching over {} ends with the store", name, e);
            } finally {
                if (services.named(name) == null || closed) {
                    servers.forget(name);
                    discovery.forget(name);
                }
            }
        }

        private boolean look(ApiService service, ApiService.Reference to) {
            Availability.Condition condition = availability.of(service, to);
            if (ended || closed) {
                return condition.available();
            }
            try {
                write(name, condition);
            } catch (StatusException e) {
                if (e.code() != 404) {
                    LOG.warn("the status of APIService {} is not written: {}", name, e.getMessage());
                }
            }
            return condition.available();
        }
    }

    private static Duration longer(Duration retry) {
        Duration twice = retry.multipliedBy(2);
        return twice.compareTo(REGULARLY) > 0 ? REGULARLY : twice;
    }

    private void write(String name, Availability.Condition condition) {
        ApiResource resource = catalog.find(ApiServices.GROUP, "v1", ApiServices.PLURAL);
        ObjectNode present = machinery.objects().find(ApiServices.GROUP, ApiServices.PLURAL, "", name);
        if (resource == null || present == null || says(find(present), condition)) {
            return;
        }
        new Modification(machinery).change(Intent.SERVER, new Target(resource, "status", "", name), current -> {
            ObjectNode changed = current.deepCopy();
            Trees.metadata(changed).remove("resourceVersion");
            ObjectNode into = find(changed);
            String status = condition.available() ? "True" : "False";
            if (into == null) {
                into = conditions(changed).addObject();
            }
            if (!Tree.text(into, "status").equals(status)) {
                into.put(
                        "lastTransitionTime", Metadata.seconds(machinery.clock().instant()));
            }
            into.put("message", condition.message())
                    .put("reason", condition.reason())
                    .put("status", status)
                    .put("type", ApiService.AVAILABLE);
            return changed;
        });
    }

    private static ArrayNode conditions(ObjectNode service) {
        return service.withObject("/status").withArray("conditions");
    }

    private static @Nullable ObjectNode find(ObjectNode service) {
        return Tree.objects(service, "status", "conditions").stream()
                .filter(one -> Tree.text(one, "type").equals(ApiService.AVAILABLE))
                .findFirst()
                .orElse(null);
    }

    private static boolean says(@Nullable ObjectNode present, Availability.Condition condition) {
        return Tree.text(present, "status").equals(condition.available() ? "True" : "False")
                && Tree.text(present, "reason").equals(condition.reason())
                && Tree.text(present, "message").equals(condition.message());
    }

    @Override
    public void close() {
        closed = true;
        watching.values().forEach(Watching::end);
        synchronized (following) {
            following.forEach(Followers.Following::close);
            following.clear();
        }
    }
}
