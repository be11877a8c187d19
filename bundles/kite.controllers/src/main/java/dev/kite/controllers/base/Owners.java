package dev.kite.controllers.base;

import dev.kite.api.client.Informer;
import dev.kite.api.client.ObjectKey;
import dev.kite.model.KubernetesObject;
import dev.kite.model.meta.v1.ObjectMeta;
import dev.kite.model.meta.v1.OwnerReference;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who controls an object, and whose objects one controls. */
public final class Owners {
    /** The index of objects by their controller's uid; those without one are under {@link #orphan}. */
    private static final String INDEX = "controller";

    private Owners() {}

    /**
     * Finds an object's controller.
     *
     * @param metadata the object's metadata
     * @return the reference that is marked as controller, or null
     */
    public static @Nullable OwnerReference controllerOf(ObjectMeta metadata) {
        for (OwnerReference reference : metadata.ownerReferences()) {
            if (reference.controller()) {
                return reference;
            }
        }
        return null;
    }

    /**
     * Tells whether an object controls another.
     *
     * @param owner the owner
     * @param owned what it may control
     * @return whether it does
     */
    public static boolean controls(KubernetesObject owner, KubernetesObject owned) {
        OwnerReference controller = controllerOf(owned.metadata());
        return controller != null && controller.uid().equals(owner.metadata().uid());
    }

    /**
     * Makes a controller's reference, as those that the built-in controllers write.
     *
     * @param owner the owner
     * @return the reference
     */
    public static OwnerReference reference(KubernetesObject owner) {
        return OwnerReference.builder()
                .apiVersion(owner.apiVersion())
                .kind(owner.kind())
                .name(owner.metadata().name())
                .uid(owner.metadata().uid())
                .controller(true)
                .blockOwnerDeletion(true)
                .build();
    }

    /**
     * Indexes objects by their controllers.
     *
     * @param <T> the type
     * @param informer the objects
     */
    public static <T extends KubernetesObject> void index(Informer<T> informer) {
        informer.index(INDEX, object -> {
            OwnerReference controller = controllerOf(object.metadata());
            return List.of(controller == null ? orphan(object.metadata().namespace()) : controller.uid());
        });
    }

    private static String orphan(String namespace) {
        return "orphan in " + namespace;
    }

    /**
     * Lists what an object controls.
     *
     * @param <T> the type
     * @param informer the indexed objects
     * @param uid the controller's uid
     * @return what it controls
     */
    public static <T> Collection<T> controlledBy(Informer<T> informer, String uid) {
        return informer.byIndex(INDEX, uid);
    }

    /**
     * Lists objects without controller.
     *
     * @param <T> the type
     * @param informer the indexed objects
     * @param namespace the namespace
     * @return the orphans
     */
    public static <T> Collection<T> orphans(Informer<T> informer, String namespace) {
        return informer.byIndex(INDEX, orphan(namespace));
    }

    /**
     * Names an object's controller where it is of a kind.
     *
     * @param metadata the object's metadata
     * @param apiVersion the kind's group and version; versions of a group are the same kind
     * @param kind the kind
     * @return the controller's name, or null
     */
    public static @Nullable ObjectKey controllerKey(ObjectMeta metadata, String apiVersion, String kind) {
        OwnerReference controller = controllerOf(metadata);
        return controller != null
                        && controller.kind().equals(kind)
                        && group(controller.apiVersion()).equals(group(apiVersion))
                ? new ObjectKey(metadata.namespace(), controller.name())
                : null;
    }

    private static String group(String apiVersion) {
        int slash = apiVersion.indexOf('/');
        return slash < 0 ? "" : apiVersion.substring(0, slash);
    }

    /**
     * Names an object.
     *
     * @param object the object
     * @return its key
     */
    public static ObjectKey key(KubernetesObject object) {
        return new ObjectKey(object.metadata().namespace(), object.metadata().name());
    }
}
