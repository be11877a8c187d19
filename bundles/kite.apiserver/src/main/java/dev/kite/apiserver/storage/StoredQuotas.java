package dev.kite.apiserver.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.QuotaObjects;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.tree.Tree;
import dev.kite.store.ConflictException;
import java.util.List;

/**
 * ResourceQuotas in the store.
 *
 * @param objects the objects
 * @param resource the quotas' resource
 */
public record StoredQuotas(Objects objects, ApiResource resource) implements QuotaObjects {
    @Override
    public List<ObjectNode> list(String namespace) {
        return objects.list("", "resourcequotas", namespace);
    }

    @Override
    public boolean replace(ObjectNode quota) {
        String key = Keys.object(
                resource.stored().folder(),
                Tree.text(quota, "metadata", "namespace"),
                Tree.text(quota, "metadata", "name"));
        try {
            objects.put(resource, key, quota, Long.parseLong(Tree.text(quota, "metadata", "resourceVersion")));
            return true;
        } catch (ConflictException _) {
            return false;
        }
    }
}
