package dev.kite.apiserver.custom;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.apiserver.KindProvider;
import dev.kite.apiserver.openapi.CustomSchemas;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.registry.ResourceCatalog;
import dev.kite.apiserver.storage.Followers;
import dev.kite.apiserver.storage.Keys;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import dev.kite.store.Entry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keeps the catalog's resources that aren't built in: those of definitions in the store, and those of bundles. Thread-safe. */
public final class CustomResources implements CustomSchemas, AutoCloseable {
    private static final String FOLDER = Keys.builtIn("apiextensions.k8s.io", "customresourcedefinitions");

    private final ResourceCatalog catalog;
    private final Followers.Following following;

    /**
     * Follows definitions.
     *
     * @param catalog is kept
     * @param followers follows the store
     * @param leaving is given each definition that is being deleted; must not block
     * @param freed is given the group of each definition that is gone; must not block
     */
    public CustomResources(
            ResourceCatalog catalog, Followers followers, Consumer<ObjectNode> leaving, Consumer<String> freed) {
        this.catalog = catalog;
        Map<String, CustomVersions> versions = new ConcurrentHashMap<>();
        this.following = followers.follow(FOLDER, new Followers.Listener() {
            @Override
            public void set(Entry entry) {
                ObjectNode definition = Trees.of(entry);
                CustomVersions now = CustomVersions.of(definition, entry.modRevision(), versions.get(entry.key()));
                versions.put(entry.key(), now);
                catalog.set(source(entry), Definitions.of(definition, now));
                if (Tree.has(definition, "metadata", "deletionTimestamp")) {
                    leaving.accept(definition);
                }
            }

            @Override
            public void gone(Entry last) {
                catalog.set(source(last), List.of());
                versions.remove(last.key());
                if (last.bytes().length > 0) {
                    freed.accept(Tree.text(Trees.of(last), "spec", "group"));
                }
            }
        });
    }

    private static String source(Entry entry) {
        return "definition " + entry.key();
    }

    private static String source(KindProvider provider) {
        return "bundle " + provider.group() + "/" + provider.version();
    }

    /**
     * Adds a bundle's kinds.
     *
     * @param provider the kinds
     */
    public void add(KindProvider provider) {
        catalog.set(source(provider), Definitions.of(provider));
    }

    /**
     * Takes a bundle's kinds away; their objects stay in the store.
     *
     * @param provider the kinds
     */
    public void remove(KindProvider provider) {
        catalog.set(source(provider), List.of());
    }

    @Override
    public @Nullable ObjectNode schema(String group, String version, String kind) {
        CustomKind custom = kind(group, version, kind);
        return custom == null ? null : custom.schema();
    }

    @Override
    public List<String> selectable(String group, String version, String kind) {
        CustomKind custom = kind(group, version, kind);
        return custom == null ? List.of() : custom.selectableFields();
    }

    private @Nullable CustomKind kind(String group, String version, String kind) {
        ApiResource resource = catalog.ofKind(group, version, kind);
        return resource == null ? null : resource.custom();
    }

    @Override
    public void close() {
        following.close();
    }
}
