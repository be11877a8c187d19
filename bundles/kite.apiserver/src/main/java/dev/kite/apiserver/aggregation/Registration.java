package dev.kite.apiserver.aggregation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.discovery.Catalog;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.registry.Creation;
import dev.kite.apiserver.registry.Deletion;
import dev.kite.apiserver.registry.Incoming;
import dev.kite.apiserver.registry.Machinery;
import dev.kite.apiserver.registry.Modification;
import dev.kite.apiserver.registry.Modification.Target;
import dev.kite.apiserver.registry.ResourceCatalog;
import dev.kite.apiserver.request.Intent;
import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.storage.Signal;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import dev.kite.store.StoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an APIService for each group version that is served here: those of built-in ones are made or set right once at start, after which they are their
 * owner's; those of custom ones follow their definitions. Objects that don't carry the label are never touched.
 */
final class Registration implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Registration.class);
    private static final String LABEL = "kube-aggregator.kubernetes.io/automanaged";
    private static final String ON_START = "onstart";
    private static final String ALWAYS = "true";

    private final Machinery machinery;
    private final ResourceCatalog catalog;
    private final Incoming incoming;
    private final Signal signal = new Signal();
    private final Set<String> settled = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Registration(Machinery machinery, ResourceCatalog catalog, Incoming incoming, ApiServices services) {
        this.machinery = machinery;
        this.catalog = catalog;
        this.incoming = incoming;
        catalog.onChange(signal::raise);
        services.onChange(_ -> signal.raise());
    }

    /** Starts, once all definitions in the store are known. */
    void start() {
        signal.raise();
        Thread.ofVirtual().name("register group versions").start(this::run);
    }

    private void run() {
        try {
            while (!closed) {
                signal.await(Signal.FOR_EVER);
                if (!closed) {
                    round();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (StoreException e) {
            LOG.debug("registration ends with the store", e);
        }
    }

    private void round() throws InterruptedException {
        ApiResource resource = catalog.find(ApiServices.GROUP, "v1", ApiServices.PLURAL);
        if (resource == null) {
            return;
        }
        Map<String, ObjectNode> wanted = wanted();
        Map<String, ObjectNode> present = new HashMap<>();
        for (ObjectNode one : machinery.objects().list(ApiServices.GROUP, ApiServices.PLURAL, "")) {
            present.put(Tree.text(one, "metadata", "name"), one);
        }
        Set<String> names = new HashSet<>(wanted.keySet());
        names.addAll(present.keySet());
        together(names, name -> {
            try {
                settle(resource, name, wanted.get(name), present.get(name));
            } catch (StatusException e) {
                settled.remove(name);
                LOG.warn("APIService {} is not registered: {}", name, e.getMessage());
            }
        });
    }

    /** Does one thing for each, at once: what is written together is synced together. */
    private static void together(Set<String> names, Consumer<String> action) throws InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            names.forEach(name -> running.add(threads.submit(() -> action.accept(name))));
            for (Future<?> one : running) {
                one.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StoreException store) {
                throw store;
            }
            throw new IllegalStateException("group versions are not registered", e.getCause());
        }
    }

    private void settle(ApiResource resource, String name, @Nullable ObjectNode wanted, @Nullable ObjectNode present) {
        boolean first = settled.add(name);
        if (wanted != null && managed(wanted).equals(ON_START) && !first) {
            return;
        }
        if (present == null) {
            if (wanted != null) {
                create(resource, wanted);
            }
            return;
        }
        String how = managed(present);
        if (!how.equals(ON_START) && !how.equals(ALWAYS)) {
            return;
        }
        if (how.equals(ON_START) && !first) {
            return;
        }
        Target target = new Target(resource, "", "", name);
        if (wanted == null) {
            try {
                Deletion.Options same = new Deletion.Options(null, "", Tree.text(present, "metadata", "uid"), "");
                new Deletion(machinery).delete(Intent.SERVER, target, same);
            } catch (StatusException e) {
                passOver(e, 404, 409);
            }
            return;
        }
        if (!wanted.get("spec").equals(present.get("spec"))) {
            new Modification(machinery).change(Intent.SERVER, target, current -> {
                ObjectNode changed = current.deepCopy();
                changed.set("spec", wanted.get("spec"));
                return changed;
            });
        }
    }

    private void create(ApiResource resource, ObjectNode wanted) {
        try {
            new Creation(machinery)
                    .create(Intent.SERVER, resource, "", incoming.decode(Intent.SERVER, resource, wanted));
        } catch (StatusException e) {
            passOver(e, 409);
        }
    }

    /** Who was faster raises the signal anew. */
    private static void passOver(StatusException e, int... codes) {
        for (int code : codes) {
            if (e.code() == code) {
                return;
            }
        }
        throw e;
    }

    private static String managed(ObjectNode service) {
        return Tree.text(service, "metadata", "labels", LABEL);
    }

    private Map<String, ObjectNode> wanted() {
        Map<String, ObjectNode> all = new HashMap<>();
        for (Catalog.Group group : catalog.groups()) {
            if (group.name().equals(ApiServices.GROUP)) {
                continue;
            }
            for (Catalog.Version version : group.versions()) {
                Priorities.Priority builtIn = Priorities.builtIn(group.name(), version.name());
                ObjectNode service = builtIn == null
                        ? service(group.name(), version.name(), Priorities.CUSTOM, ALWAYS)
                        : service(group.name(), version.name(), builtIn, ON_START);
                all.put(Tree.text(service, "metadata", "name"), service);
            }
        }
        return all;
    }

    private static ObjectNode service(String group, String version, Priorities.Priority priority, String how) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", ApiServices.GROUP + "/v1").put("kind", "APIService");
        ObjectNode metadata = object.putObject("metadata").put("name", version + "." + group);
        metadata.putObject("labels").put(LABEL, how);
        ObjectNode spec = object.putObject("spec");
        if (!group.isEmpty()) {
            spec.put("group", group);
        }
        spec.put("groupPriorityMinimum", (int) priority.group())
                .put("version", version)
                .put("versionPriority", (int) priority.version());
        return Trees.parse(Trees.write(object));
    }

    @Override
    public void close() {
        closed = true;
        signal.raise();
    }
}
