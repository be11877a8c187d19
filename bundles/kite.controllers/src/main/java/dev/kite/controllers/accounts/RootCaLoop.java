package dev.kite.controllers.accounts;

import dev.kite.api.client.ApiException;
import dev.kite.api.client.Informer;
import dev.kite.api.client.ListOptions;
import dev.kite.api.client.ObjectKey;
import dev.kite.api.client.ResourceClient;
import dev.kite.api.controller.WorkQueue;
import dev.kite.controllers.base.Loop;
import dev.kite.controllers.base.Scope;
import dev.kite.model.core.v1.ConfigMap;
import dev.kite.model.core.v1.Namespace;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Keeps the ConfigMap {@code kube-root-ca.crt} in each namespace: the authority that vouches for the API server, for pods to trust. */
public final class RootCaLoop implements Loop {
    private static final String NAME = "kube-root-ca.crt";
    private static final String KEY = "ca.crt";
    private static final String DESCRIPTION = "kubernetes.io/description";

    /** How often the authority is asked anew: authorities are planned ahead, so an hour is soon. */
    private static final Duration AGAIN = Duration.ofHours(1);

    private final Supplier<String> authority;

    /**
     * Makes the loop.
     *
     * @param authority gives the authority's certificate as it is now, PEM
     */
    public RootCaLoop(Supplier<String> authority) {
        this.authority = authority;
    }

    @Override
    public String name() {
        return "root-ca-cert-publisher";
    }

    @Override
    public void start(Scope scope) {
        Informer<Namespace> namespaces = scope.informer(Namespace.RESOURCE);
        Informer<ConfigMap> maps = scope.informer(ConfigMap.RESOURCE, "", ListOptions.fields("metadata.name=" + NAME));
        WorkQueue<ObjectKey> queue = scope.queue();
        namespaces.onChange((before, after) -> {
            if (after != null) {
                queue.add(new ObjectKey("", after.metadata().name()));
            }
        });
        maps.onChange((before, after) -> {
            ConfigMap map = after == null ? before : after;
            if (map != null) {
                queue.add(new ObjectKey("", map.metadata().namespace()));
            }
        });
        scope.run(1, queue, key -> {
            Namespace namespace = namespaces.get("", key.name());
            if (namespace == null || namespace.metadata().hasDeletionTimestamp()) {
                return null;
            }
            publish(scope.resource(ConfigMap.RESOURCE), key.name(), maps.get(key.name(), NAME));
            return AGAIN;
        });
    }

    private void publish(ResourceClient<ConfigMap> client, String namespace, @Nullable ConfigMap known) {
        Map<String, String> data = Map.of(KEY, authority.get());
        try {
            if (known == null) {
                client.create(ConfigMap.builder()
                        .metadata(
                                meta -> meta.name(NAME)
                                        .namespace(namespace)
                                        .putAnnotations(
                                                DESCRIPTION,
                                                "Holds the certificates that vouch for the API server inside the cluster, for pods to trust."))
                        .data(data)
                        .build());
            } else if (!known.data().equals(data)) {
                client.update(known.toBuilder().data(data).build());
            }
        } catch (ApiException e) {
            // The informer may not show it yet, or the namespace began to go.
            if (!e.alreadyExists() && !e.notFound() && e.code() != 403) {
                throw e;
            }
        }
    }
}
