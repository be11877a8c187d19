package dev.kite.apiserver.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.registry.ResourceCatalog;
import dev.kite.apiserver.storage.Keys;
import dev.kite.apiserver.storage.Registered;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.subresource.Selectors;
import dev.kite.apiserver.tree.Tree;
import dev.kite.apiserver.webhook.Forms;
import dev.kite.store.Entry;
import dev.kite.store.Store;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of policies: objects of any kind. Folders of which a selector chooses are kept parsed until they change, a few of them. Thread-safe. */
final class Params {
    private static final int MOST_FOLDERS = 32;

    private final Store store;
    private final ResourceCatalog catalog;
    private final Forms forms;
    private final Map<String, Folder> folders = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Folder> eldest) {
            return size() > MOST_FOLDERS;
        }
    };

    /** A folder's objects as a resource serves them. */
    private record Folder(ApiResource resource, Registered<ObjectNode> objects) {}

    Params(Store store, ResourceCatalog catalog, Forms forms) {
        this.store = store;
        this.catalog = catalog;
        this.forms = forms;
    }

    /**
     * The resource of a policy's parameters, null where it has none.
     *
     * @throws ConfigurationException where there is no such kind
     */
    @Nullable
    ApiResource resource(Policy<?> policy) throws ConfigurationException {
        if (!policy.hasParams()) {
            return null;
        }
        String apiVersion = Tree.text(policy.spec(), "paramKind", "apiVersion");
        String kind = Tree.text(policy.spec(), "paramKind", "kind");
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : apiVersion.substring(0, slash);
        String version = apiVersion.substring(slash + 1);
        ApiResource found = catalog.ofKind(group, version, kind);
        if (found == null) {
            throw new ConfigurationException("failed to find resource referenced by paramKind: '" + group + "/"
                    + version + ", Kind=" + kind + "'");
        }
        return found;
    }

    /**
     * The parameters with which a binding's policy is asked about a write: once each.
     *
     * @param resource the policy's, null for none
     * @param reference the binding's paramRef, missing for none
     * @param namespace the write's
     * @return parameters; a missing node stands for none. Empty where none is there and that allows all
     * @throws ConfigurationException where the reference can't be followed, or leads nowhere and that refuses all
     */
    List<JsonNode> collect(@Nullable ApiResource resource, JsonNode reference, String namespace)
            throws ConfigurationException {
        if (resource == null || reference.isMissingNode() || reference.isNull()) {
            return List.of(MissingNode.getInstance());
        }
        String fixed = Tree.text(reference, "namespace");
        String in = "";
        if (resource.namespaced()) {
            in = fixed.isEmpty() ? namespace : fixed;
            if (in.isEmpty()) {
                throw new ConfigurationException(
                        "cannot use namespaced paramRef in policy binding that matches cluster-scoped resources");
            }
        } else if (!fixed.isEmpty()) {
            throw new ConfigurationException(
                    "paramRef.namespace must not be provided for a cluster-scoped `paramKind`");
        }
        List<JsonNode> found = find(resource, reference, in);
        if (found.isEmpty() && Tree.text(reference, "parameterNotFoundAction").equals("Deny")) {
            throw new ConfigurationException("no params found for policy binding with `Deny` parameterNotFoundAction");
        }
        return found;
    }

    private List<JsonNode> find(ApiResource resource, JsonNode reference, String namespace)
            throws ConfigurationException {
        String name = Tree.text(reference, "name");
        JsonNode selector = Tree.at(reference, "selector");
        if (!name.isEmpty()) {
            Entry entry = store.get(Keys.object(resource.stored().folder(), namespace, name));
            return entry == null ? List.of() : List.of(forms.serve(resource, Trees.of(entry)));
        }
        if (!selector.isObject()) {
            throw new ConfigurationException("one of name or selector must be provided");
        }
        List<JsonNode> found = new ArrayList<>();
        for (ObjectNode object : all(resource, namespace)) {
            if (Selectors.matches(selector, object)) {
                found.add(object);
            }
        }
        return found;
    }

    private List<ObjectNode> all(ApiResource resource, String namespace) {
        String folder = Keys.in(resource.stored().folder(), namespace);
        Folder known;
        synchronized (folders) {
            // What serves a custom kind changes with its definition, and what was made by the old one then goes.
            known = folders.compute(
                    resource.apiVersion() + " " + folder,
                    (_, before) -> before != null && before.resource().equals(resource)
                            ? before
                            : new Folder(
                                    resource,
                                    new Registered<>(store, folder, object -> forms.serve(resource, object))));
        }
        return known.objects().all();
    }
}
