package dev.kite.apiserver.custom;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.registry.Deletion;
import dev.kite.apiserver.registry.Modification;
import dev.kite.apiserver.registry.Modification.Target;
import dev.kite.apiserver.registry.ResourceCatalog;
import dev.kite.apiserver.request.Intent;
import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.storage.Keys;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import dev.kite.store.Entry;
import dev.kite.store.Range;
import dev.kite.store.RangeOptions;
import dev.kite.store.Store;
import dev.kite.store.Watch;
import dev.kite.store.WatchClosedException;
import dev.kite.store.WatchOptions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes the objects of a definition that is being deleted, waits until they are gone, and lets it go. One virtual thread a definition, while that lasts. */
public final class DefinitionCleanup implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DefinitionCleanup.class);

    private final Store store;
    private final ResourceCatalog catalog;
    private final Deletion deletion;
    private final Modification modification;
    private final Set<String> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Cleanup.
     *
     * @param store where objects are
     * @param catalog finds the resources
     * @param deletion deletes objects
     * @param modification lets definitions go
     */
    public DefinitionCleanup(Store store, ResourceCatalog catalog, Deletion deletion, Modification modification) {
        this.store = store;
        this.catalog = catalog;
        this.deletion = deletion;
        this.modification = modification;
    }

    /**
     * Starts to clean up after a definition, unless that is under way.
     *
     * @param definition the definition
     */
    public void start(ObjectNode definition) {
        String name = Tree.text(definition, "metadata", "name");
        boolean held = Tree.texts(definition, "metadata", "finalizers").contains(DefinitionStrategy.CLEANUP);
        if (held && running.add(name)) {
            Thread.ofVirtual().name("clean up " + name).start(() -> run(name, definition));
        }
    }

    /**
     * Lets the definitions of a group whose names were not accepted try again: names may be free now.
     *
     * @param group the group
     */
    public void freed(String group) {
        if (!closed) {
            Thread.ofVirtual().name("names of " + group).start(() -> reconsider(group));
        }
    }

    private void reconsider(String group) {
        String folder = Keys.builtIn("apiextensions.k8s.io", "customresourcedefinitions");
        ApiResource definitions = catalog.find("apiextensions.k8s.io", "v1", "customresourcedefinitions");
        for (Entry entry : store.range(folder, RangeOptions.ALL).entries()) {
            ObjectNode definition = Trees.of(entry);
            boolean refused = Tree.objects(definition, "status", "conditions").stream()
                    .anyMatch(one -> Tree.text(one, "type").equals("NamesAccepted")
                            && Tree.text(one, "status").equals("False"));
            if (closed
                    || definitions == null
                    || !refused
                    || !Tree.text(definition, "spec", "group").equals(group)) {
                continue;
            }
            try {
                String name = Tree.text(definition, "metadata", "name");
                modification.change(Intent.SERVER, new Target(definitions, "", "", name), current -> {
                    ObjectNode same = current.deepCopy();
                    Trees.metadata(same).remove("resourceVersion");
                    return same;
                });
            } catch (StatusException e) {
                LOG.debug("{} stays as it is: {}", entry.key(), e.getMessage());
            }
        }
    }

    private void run(String name, ObjectNode definition) {
        try {
            String folder = Keys.custom(
                    Tree.text(definition, "spec", "group"), Tree.text(definition, "spec", "names", "plural"));
            try (Watch watch = store.watch(folder, store.revision(), WatchOptions.DEFAULT)) {
                deleteAll(definition, folder);
                while (!closed
                        && !store.range(folder, RangeOptions.ALL.limit(1))
                                .entries()
                                .isEmpty()) {
                    watch.take(Duration.ofMinutes(1));
                }
            }
            if (!closed) {
                letGo(name);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (WatchClosedException | StatusException e) {
            LOG.warn(
                    "cleaning up after {} ended early, it goes on at the next change or start: {}",
                    name,
                    e.getMessage());
        } finally {
            running.remove(name);
        }
    }

    private void deleteAll(ObjectNode definition, String folder) {
        ApiResource any =
                catalog.any(Tree.text(definition, "spec", "group"), Tree.text(definition, "spec", "names", "plural"));
        // In the version in which they are stored most objects need no conversion: a webhook may be gone by now.
        ApiResource resource = any == null || any.custom() == null
                ? any
                : Definitions.stored(definition, any.custom().versions());
        Range range = store.range(folder, RangeOptions.ALL);
        for (Entry entry : range.entries()) {
            ObjectNode object = Trees.of(entry);
            if (resource == null || closed) {
                return;
            }
            Target target = new Target(
                    resource, "", Tree.text(object, "metadata", "namespace"), Tree.text(object, "metadata", "name"));
            try {
                deletion.delete(Intent.SERVER, target, Deletion.Options.NONE);
            } catch (StatusException e) {
                if (e.code() != 404) {
                    throw e;
                }
            }
        }
    }

    private void letGo(String name) {
        ApiResource definitions = catalog.find("apiextensions.k8s.io", "v1", "customresourcedefinitions");
        if (definitions == null) {
            return;
        }
        modification.change(Intent.SERVER, new Target(definitions, "", "", name), current -> {
            ObjectNode changed = current.deepCopy();
            dev.kite.apiserver.registry.Metadata.finalizer(changed, DefinitionStrategy.CLEANUP, false);
            Trees.metadata(changed).remove("resourceVersion");
            return changed;
        });
    }

    @Override
    public void close() {
        closed = true;
    }
}
