package dev.kite.controllers.endpoints;

import dev.kite.api.client.ApiException;
import dev.kite.api.client.DeleteRequest;
import dev.kite.api.client.Informer;
import dev.kite.api.client.ObjectKey;
import dev.kite.api.client.ResourceClient;
import dev.kite.api.controller.WorkQueue;
import dev.kite.controllers.base.Loop;
import dev.kite.controllers.base.Scope;
import dev.kite.model.core.v1.EndpointSubset;
import dev.kite.model.core.v1.Endpoints;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.Service;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps the Endpoints of Services that select pods, for clients that know no EndpointSlices. */
public final class EndpointsLoop implements Loop {
    private static final String OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";
    private static final String MANAGED_BY = "endpoints.kubernetes.io/managed-by";

    /** Makes the loop. */
    public EndpointsLoop() {}

    @Override
    public String name() {
        return "endpoint-controller";
    }

    @Override
    public void start(Scope scope) {
        ServicePods members = new ServicePods(
                scope.informer(Service.RESOURCE),
                scope.informer(Pod.RESOURCE),
                scope.arguments().duration("endpoint-updates-batch-period", ServicePods.BATCH));
        Informer<Endpoints> endpoints = scope.informer(Endpoints.RESOURCE);
        WorkQueue<ObjectKey> queue = scope.queue();
        members.feed(queue);
        endpoints.onChange((before, after) -> {
            if (before != null && after == null) {
                queue.add(new ObjectKey(
                        before.metadata().namespace(), before.metadata().name()));
            }
        });
        scope.run(
                scope.workers("concurrent-endpoint-syncs", 5), queue, key -> reconcile(scope, members, endpoints, key));
    }

    private static @Nullable Duration reconcile(
            Scope scope, ServicePods members, Informer<Endpoints> endpoints, ObjectKey key) {
        ResourceClient<Endpoints> client = scope.resource(Endpoints.RESOURCE);
        Service service = members.services().get(key.namespace(), key.name());
        Endpoints known = endpoints.get(key.namespace(), key.name());
        if (service == null) {
            if (known != null && known.metadata().labels().containsKey(MANAGED_BY)) {
                delete(client, known);
            }
            return null;
        }
        if (!ServicePods.managed(service)) {
            return null;
        }
        List<Pod> pods = members.of(service);
        List<EndpointSubset> subsets = EndpointsPlan.subsets(service, pods);
        Map<String, String> labels = new HashMap<>(service.metadata().labels());
        labels.put(MANAGED_BY, "endpoint-controller");
        labels.remove(Addresses.HEADLESS);
        if (Addresses.headless(service)) {
            labels.put(Addresses.HEADLESS, "");
        }
        boolean over = pods.stream().filter(Addresses::eligible).count() > EndpointsPlan.MOST;
        Endpoints base = known == null
                ? Endpoints.builder()
                        .metadata(meta -> meta.name(key.name()).namespace(key.namespace()))
                        .build()
                : known;
        Map<String, String> annotations = new HashMap<>(base.metadata().annotations());
        annotations.remove(OVER_CAPACITY);
        if (over) {
            annotations.put(OVER_CAPACITY, "truncated");
        }
        if (known != null
                && known.subsets().equals(subsets)
                && known.metadata().labels().equals(labels)
                && known.metadata().annotations().equals(annotations)) {
            return null;
        }
        Endpoints wanted = base.toBuilder()
                .metadata(meta -> meta.labels(labels).annotations(annotations.isEmpty() ? null : annotations))
                .subsets(subsets.isEmpty() ? null : subsets)
                .build();
        try {
            if (known == null) {
                client.create(wanted);
            } else {
                client.update(wanted);
            }
        } catch (ApiException e) {
            if (e.code() == 403 && e.getMessage() != null && e.getMessage().contains("terminat")) {
                return null;
            }
            throw e;
        }
        return null;
    }

    private static void delete(ResourceClient<Endpoints> client, Endpoints known) {
        try {
            client.delete(
                    known.metadata().namespace(),
                    known.metadata().name(),
                    DeleteRequest.DEFAULT.only(known.metadata().uid()));
        } catch (ApiException e) {
            if (!e.notFound() && !e.conflict()) {
                throw e;
            }
        }
    }
}
