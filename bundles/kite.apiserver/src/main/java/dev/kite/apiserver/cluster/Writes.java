package dev.kite.apiserver.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes objects as the server itself; who was faster is passed over. Thread-safe. */
public final class Writes {
    private final Machinery machinery;
    private final ResourceCatalog catalog;
    private final Incoming incoming;

    /**
     * Writes.
     *
     * @param machinery what they go through
     * @param catalog finds the resources
     * @param incoming makes objects
     */
    public Writes(Machinery machinery, ResourceCatalog catalog, Incoming incoming) {
        this.machinery = machinery;
        this.catalog = catalog;
        this.incoming = incoming;
    }

    /** A stable kind. */
    record Kind(String group, String plural) {}

    Instant now() {
        return machinery.clock().instant();
    }

    @Nullable
    ObjectNode find(Kind kind, String namespace, String name) {
        return machinery.objects().find(kind.group(), kind.plural(), namespace, name);
    }

    List<ObjectNode> list(Kind kind, String namespace) {
        return machinery.objects().list(kind.group(), kind.plural(), namespace);
    }

    /** Creates an object; false where it is there already. */
    boolean create(Kind kind, String namespace, ObjectNode object) {
        ApiResource resource = resource(kind);
        try {
            new Creation(machinery)
                    .create(Intent.SERVER, resource, namespace, incoming.decode(Intent.SERVER, resource, object));
            return true;
        } catch (StatusException e) {
            e.throwUnless(409);
            return false;
        }
    }

    void change(Kind kind, String subresource, String namespace, String name, Consumer<ObjectNode> change) {
        try {
            new Modification(machinery)
                    .change(Intent.SERVER, new Target(resource(kind), subresource, namespace, name), current -> {
                        ObjectNode changed = current.deepCopy();
                        Trees.metadata(changed).remove("resourceVersion");
                        change.accept(changed);
                        return changed;
                    });
        } catch (StatusException e) {
            e.throwUnless(404);
        }
    }

    void delete(Kind kind, String namespace, String name, String uid) {
        try {
            new Deletion(machinery)
                    .delete(
                            Intent.SERVER,
                            new Target(resource(kind), "", namespace, name),
                            new Deletion.Options(null, "", uid, ""));
        } catch (StatusException e) {
            e.throwUnless(404, 409);
        }
    }

    private ApiResource resource(Kind kind) {
        return catalog.require(kind.group(), "v1", kind.plural());
    }
}
