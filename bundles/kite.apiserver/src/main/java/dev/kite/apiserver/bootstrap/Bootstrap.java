package dev.kite.apiserver.bootstrap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.bootstrap.ClusterObjects.Wanted;
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
import dev.kite.apiserver.storage.Trees;
import dev.kite.security.DefaultRoles;
import dev.kite.store.Entry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Makes and repairs what every cluster has: namespaces, roles, priority classes, the kubernetes Service. Runs at each start, before the server is ready. */
final class Bootstrap {
    private final Machinery machinery;
    private final ResourceCatalog catalog;
    private final Incoming incoming;
    private final ApiSettings settings;
    private final Map<String, String> published;
    private final Creation creation;
    private final Modification modification;

    Bootstrap(
            Machinery machinery,
            ResourceCatalog catalog,
            Incoming incoming,
            ApiSettings settings,
            Map<String, String> published) {
        this.machinery = machinery;
        this.catalog = catalog;
        this.incoming = incoming;
        this.settings = settings;
        this.published = published;
        this.creation = new Creation(machinery);
        this.modification = new Modification(machinery);
    }

    void run() {
        together(ClusterObjects.namespaces(), this::ensure);
        together(DefaultRoles.objects(), this::role);
        together(ClusterObjects.others(settings), this::ensure);
        if (!published.isEmpty()) {
            publish();
        }
        // Its address comes from the networks that are there by then.
        ownService();
    }

    /** Makes the kubernetes Service, and what it leads to, or sets right what it leads to; writes nothing where all is well. */
    void ownService() {
        ensure(ClusterObjects.ownService(settings));
        if (!settings.advertiseAddress().isEmpty()) {
            lead(List.of(settings.advertiseAddress()));
        }
    }

    /** Tells servers behind this one how to know its users; authorities change, so it is written at each start. */
    private void publish() {
        ApiResource maps = catalog.require("", "v1", "configmaps");
        ObjectNode map = ClusterObjects.authentication(published);
        String name = map.path("metadata").path("name").asText();
        if (machinery.objects().entry(maps, "kube-system", name) == null) {
            create(maps, "kube-system", map);
            return;
        }
        modification.change(Intent.SERVER, new Target(maps, "", "kube-system", name), current -> {
            ObjectNode changed = current.deepCopy();
            changed.set("data", map.get("data"));
            Trees.metadata(changed).remove("resourceVersion");
            return changed;
        });
    }

    private void ensure(Wanted wanted) {
        ApiResource resource = catalog.require(wanted.group(), wanted.version(), wanted.plural());
        String name = wanted.object().path("metadata").path("name").asText();
        if (machinery.objects().entry(resource, wanted.namespace(), name) == null) {
            create(resource, wanted.namespace(), wanted.object());
        }
    }

    private void create(ApiResource resource, String namespace, ObjectNode object) {
        try {
            creation.create(Intent.SERVER, resource, namespace, incoming.decode(Intent.SERVER, resource, object));
        } catch (StatusException e) {
            if (!e.reason().equals("AlreadyExists")) {
                throw e;
            }
        }
    }

    /** Writes where the kubernetes Service leads to. */
    private void lead(List<String> addresses) {
        write(catalog.require("", "v1", "endpoints"), ClusterObjects.endpoints(settings, addresses), "subsets");
        write(
                catalog.require("discovery.k8s.io", "v1", "endpointslices"),
                ClusterObjects.slice(settings, addresses),
                "endpoints",
                "ports");
    }

    private void write(ApiResource resource, ObjectNode object, String... fields) {
        if (machinery.objects().entry(resource, "default", "kubernetes") == null) {
            create(resource, "default", object);
            return;
        }
        ObjectNode wanted = incoming.decode(Intent.SERVER, resource, object);
        modification.change(Intent.SERVER, new Target(resource, "", "default", "kubernetes"), current -> {
            ObjectNode changed = current.deepCopy();
            for (String field : fields) {
                changed.set(field, wanted.get(field));
            }
            changed.withObject("/metadata/labels").setAll(wanted.withObject("/metadata/labels"));
            Trees.metadata(changed).remove("resourceVersion");
            return changed;
        });
    }

    /** Does one thing for each, at once: what is written together is synced together. */
    private static <T> void together(List<T> all, Consumer<T> action) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            all.forEach(one -> running.add(threads.submit(() -> action.accept(one))));
            for (Future<?> one : running) {
                one.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the cluster's first objects were made", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the cluster's first objects can't be made: " + e.getCause(), e);
        }
    }

    private void role(DefaultRoles.DefaultObject wanted) {
        ApiResource resource = catalog.require("rbac.authorization.k8s.io", "v1", wanted.resource());
        Entry entry = machinery.objects().entry(resource, wanted.namespace(), wanted.name());
        if (entry == null) {
            create(resource, wanted.namespace(), parse(wanted.json()));
        } else {
            repair(resource, wanted, entry);
        }
    }

    private void repair(ApiResource resource, DefaultRoles.DefaultObject wanted, Entry entry) {
        Target target = new Target(resource, "", wanted.namespace(), wanted.name());
        switch (DefaultRoles.repair(wanted, Trees.write(Trees.of(entry)))) {
            case DefaultRoles.Repair.Nothing _ -> {}
            case DefaultRoles.Repair.Recreate anew -> {
                new Deletion(machinery).delete(Intent.SERVER, target, Deletion.Options.NONE);
                create(resource, wanted.namespace(), parse(anew.json()));
            }
            case DefaultRoles.Repair.Update update -> {
                ObjectNode changed = incoming.decode(Intent.SERVER, resource, parse(update.json()));
                Trees.metadata(changed).remove("resourceVersion");
                modification.change(Intent.SERVER, target, _ -> changed.deepCopy());
            }
        }
    }

    private static ObjectNode parse(String json) {
        return Trees.parse(json.getBytes(StandardCharsets.UTF_8));
    }
}
