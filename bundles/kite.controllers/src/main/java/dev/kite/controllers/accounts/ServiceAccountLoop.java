package dev.kite.controllers.accounts;

import dev.kite.api.client.ApiException;
import dev.kite.api.client.Informer;
import dev.kite.api.client.ObjectKey;
import dev.kite.api.controller.WorkQueue;
import dev.kite.controllers.base.Loop;
import dev.kite.controllers.base.Scope;
import dev.kite.model.core.v1.Namespace;
import dev.kite.model.core.v1.ServiceAccount;

/** Keeps the service account {@code default} in each namespace. */
public final class ServiceAccountLoop implements Loop {
    private static final String DEFAULT = "default";

    /** Makes the loop. */
    public ServiceAccountLoop() {}

    @Override
    public String name() {
        return "service-account-controller";
    }

    @Override
    public void start(Scope scope) {
        Informer<Namespace> namespaces = scope.informer(Namespace.RESOURCE);
        Informer<ServiceAccount> accounts = scope.informer(ServiceAccount.RESOURCE);
        WorkQueue<ObjectKey> queue = scope.queue();
        namespaces.onChange((before, after) -> {
            if (after != null) {
                queue.add(new ObjectKey("", after.metadata().name()));
            }
        });
        accounts.onChange((before, after) -> {
            if (before != null && after == null && before.metadata().name().equals(DEFAULT)) {
                queue.add(new ObjectKey("", before.metadata().namespace()));
            }
        });
        scope.run(1, queue, key -> {
            Namespace namespace = namespaces.get("", key.name());
            if (namespace != null
                    && !namespace.metadata().hasDeletionTimestamp()
                    && accounts.get(key.name(), DEFAULT) == null) {
                create(scope, key.name());
            }
            return null;
        });
    }

    private static void create(Scope scope, String namespace) {
        try {
            scope.resource(ServiceAccount.RESOURCE)
                    .create(ServiceAccount.builder()
                            .metadata(meta -> meta.name(DEFAULT).namespace(namespace))
                            .build());
        } catch (ApiException e) {
            // The informer may not show it yet, or the namespace began to go.
            if (!e.alreadyExists() && !e.notFound() && e.code() != 403) {
                throw e;
            }
        }
    }
}
