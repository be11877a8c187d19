package dev.kite.controllers.base;

import dev.kite.api.client.ApiException;
import dev.kite.api.client.Patch;
import dev.kite.api.client.ResourceClient;
import dev.kite.model.KubernetesObject;
import dev.kite.model.meta.v1.OwnerReference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Adopts objects that match a controller's selector and have no other, and releases those of its own that match no more.
 *
 * @param <T> the type of the objects
 */
public final class Claims<T extends KubernetesObject> {
    private final ResourceClient<T> objects;

    /**
     * Claims by patches.
     *
     * @param objects the objects' operations
     */
    public Claims(ResourceClient<T> objects) {
        this.objects = objects;
    }

    /**
     * Finds what is the controller's own.
     *
     * @param owner the controller
     * @param fresh reads the controller from the server, past all caches, or null where it is gone; asked once, before the first adoption
     * @param own what it controls
     * @param orphans what nobody controls
     * @param matches whether an object is wanted
     * @param adoptable whether an orphan may be adopted, for example since it is active
     * @return what it controls now
     */
    public List<T> claim(
            KubernetesObject owner,
            Supplier<? extends @Nullable KubernetesObject> fresh,
            Collection<T> own,
            Collection<T> orphans,
            Predicate<T> matches,
            Predicate<T> adoptable) {
        List<T> claimed = new ArrayList<>();
        for (T object : own) {
            if (matches.test(object)) {
                claimed.add(object);
            } else if (!owner.metadata().hasDeletionTimestamp()) {
                release(owner, object);
            }
        }
        if (owner.metadata().hasDeletionTimestamp()) {
            return claimed;
        }
        boolean checked = false;
        for (T object : orphans) {
            if (!matches.test(object)
                    || !adoptable.test(object)
                    || object.metadata().hasDeletionTimestamp()) {
                continue;
            }
            if (!checked) {
                KubernetesObject now = fresh.get();
                if (now == null
                        || !now.metadata().uid().equals(owner.metadata().uid())
                        || now.metadata().hasDeletionTimestamp()) {
                    return claimed;
                }
                checked = true;
            }
            T adopted = adopt(owner, object);
            if (adopted != null) {
                claimed.add(adopted);
            }
        }
        return claimed;
    }

    private @Nullable T adopt(KubernetesObject owner, T object) {
        OwnerReference reference = Owners.reference(owner);
        String patch = "{\"metadata\":{\"ownerReferences\":[" + reference + "],\"uid\":\""
                + object.metadata().uid() + "\"}}";
        return patch(object, patch);
    }

    private void release(KubernetesObject owner, T object) {
        String patch = "{\"metadata\":{\"ownerReferences\":[{\"$patch\":\"delete\",\"uid\":\""
                + owner.metadata().uid() + "\"}],\"uid\":\"" + object.metadata().uid() + "\"}}";
        patch(object, patch);
    }

    private @Nullable T patch(T object, String patch) {
        try {
            return objects.patch(
                    object.metadata().namespace(), object.metadata().name(), new Patch.StrategicMerge(patch), "");
        } catch (ApiException e) {
            // Gone, replaced by one of the same name, or somebody else's by now: not this controller's in any case.
            if (e.notFound() || e.code() == 422 || e.conflict()) {
                return null;
            }
            throw e;
        }
    }
}
