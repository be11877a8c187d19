package dev.kite.controllers.namespaces;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.client.ApiException;
import dev.kite.api.client.DeleteRequest;
import dev.kite.api.client.Discovery;
import dev.kite.api.client.GenericResourceClient;
import dev.kite.api.client.Informer;
import dev.kite.api.client.ListOptions;
import dev.kite.api.client.ObjectKey;
import dev.kite.api.client.ResourceClient;
import dev.kite.api.controller.WorkQueue;
import dev.kite.controllers.base.Loop;
import dev.kite.controllers.base.Owners;
import dev.kite.controllers.base.Scope;
import dev.kite.model.core.v1.Namespace;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Deletes all that a namespace holds when the namespace is deleted, then lets it go. */
public final class NamespaceLoop implements Loop {
    private static final String FINALIZER = "kubernetes";

    /** How long until content that takes its time (pods with grace, finalizers) is looked at again. */
    private static final Duration AGAIN = Duration.ofSeconds(1);

    /** Makes the loop. */
    public NamespaceLoop() {}

    @Override
    public String name() {
        return "namespace-controller";
    }

    @Override
    public void start(Scope scope) {
        Informer<Namespace> namespaces = scope.informer(Namespace.RESOURCE);
        WorkQueue<ObjectKey> queue = scope.queue();
        namespaces.onChange((before, after) -> {
            if (after != null && after.metadata().hasDeletionTimestamp()) {
                queue.add(Owners.key(after));
            }
        });
        scope.run(
                scope.workers("concurrent-namespace-syncs", 10),
                queue,
                key -> reconcile(scope, namespaces.get("", key.name())));
    }

    private static @Nullable Duration reconcile(Scope scope, @Nullable Namespace namespace) {
        if (namespace == null || !namespace.metadata().hasDeletionTimestamp()) {
            return null;
        }
        ResourceClient<Namespace> namespaces = scope.resource(Namespace.RESOURCE);
        if (!namespace.spec().finalizers().contains(FINALIZER)) {
            return null;
        }
        Remains remains = new Remains();
        empty(scope, namespace.metadata().name(), remains);
        Namespace current = namespaces.find("", namespace.metadata().name()).orElse(null);
        if (current == null
                || !current.metadata().uid().equals(namespace.metadata().uid())) {
            return null;
        }
        Namespace told = current.toBuilder()
                .status(status -> status.phase("Terminating")
                        .conditions(remains.conditions(current.status().conditions(), scope.now())))
                .build();
        if (!told.equals(current)) {
            told = namespaces.updateStatus(told);
        }
        if (!remains.isEmpty()) {
            return AGAIN;
        }
        List<String> left = told.spec().finalizers().stream()
                .filter(f -> !f.equals(FINALIZER))
                .toList();
        namespaces.subresource(
                "PUT",
                "",
                told.metadata().name(),
                "finalize",
                told.toBuilder()
                        .spec(spec -> spec.finalizers(left.isEmpty() ? null : left))
                        .build(),
                Namespace.TYPE);
        return null;
    }

    private static void empty(Scope scope, String namespace, Remains remains) {
        List<Discovery.Resource> resources;
        try {
            resources = scope.client().discovery().preferred().stream()
                    .filter(Discovery.Resource::namespaced)
                    .filter(resource -> resource.verbs().containsAll(List.of("delete", "list")))
                    .toList();
            List<String> unavailable = scope.client().discovery().unavailable();
            if (!unavailable.isEmpty()) {
                remains.discoveryFailed(unavailable);
            }
        } catch (ApiException e) {
            remains.discoveryFailed(String.valueOf(e.getMessage()));
            return;
        }
        // What pods need while they end (network policies, secrets, volumes) stays until the last of them is gone
        // (OrderedNamespaceDeletion).
        resources.stream().filter(NamespaceLoop::isPods).forEach(pods -> tryEmpty(scope, namespace, pods, remains));
        if (!remains.holdsObjects()) {
            resources.stream()
                    .filter(resource -> !isPods(resource))
                    .forEach(resource -> tryEmpty(scope, namespace, resource, remains));
        }
    }

    private static boolean isPods(Discovery.Resource resource) {
        return resource.group().isEmpty() && resource.plural().equals("pods");
    }

    private static void tryEmpty(Scope scope, String namespace, Discovery.Resource resource, Remains remains) {
        try {
            empty(scope, namespace, resource, remains);
        } catch (ApiException e) {
            if (!e.notFound() && e.code() != 405) {
                remains.deletionFailed(resource, String.valueOf(e.getMessage()));
            }
        }
    }

    private static void empty(Scope scope, String namespace, Discovery.Resource resource, Remains remains) {
        GenericResourceClient client = scope.client().generic(resource.group(), resource.version(), resource.plural());
        // Most kinds have nothing there: a list costs less than a deletion.
        ObjectNode before = client.listMetadata(namespace, ListOptions.ALL);
        if (before.path("items").isEmpty()) {
            return;
        }
        if (resource.verbs().contains("deletecollection")) {
            client.deleteCollection(namespace, ListOptions.ALL, DeleteRequest.BACKGROUND);
        } else {
            for (JsonNode item : before.path("items")) {
                client.delete(namespace, item.path("metadata").path("name").asText(), DeleteRequest.BACKGROUND);
            }
        }
        for (JsonNode item : client.listMetadata(namespace, ListOptions.ALL).path("items")) {
            remains.found(resource, item.path("metadata"));
        }
    }
}
