package dev.kite.controllers.endpoints;

import dev.kite.api.client.ApiException;
import dev.kite.api.client.DeleteRequest;
import dev.kite.api.client.Informer;
import dev.kite.api.client.ListOptions;
import dev.kite.api.client.ObjectKey;
import dev.kite.api.client.ResourceClient;
import dev.kite.api.controller.WorkQueue;
import dev.kite.controllers.base.Expectations;
import dev.kite.controllers.base.Loop;
import dev.kite.controllers.base.Scope;
import dev.kite.model.core.v1.Node;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.Service;
import dev.kite.model.discovery.v1.EndpointSlice;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps the EndpointSlices of Services that select pods. */
public final class EndpointSliceLoop implements Loop {
    private static final String BY_SERVICE = "service";

    /** Makes the loop. */
    public EndpointSliceLoop() {}

    @Override
    public String name() {
        return "endpointslice-controller";
    }

    @Override
    public void start(Scope scope) {
        ServicePods members = new ServicePods(
                scope.informer(Service.RESOURCE),
                scope.informer(Pod.RESOURCE),
                scope.arguments().duration("endpointslice-updates-batch-period", ServicePods.BATCH));
        Informer<Node> nodes = scope.informer(Node.RESOURCE);
        Informer<EndpointSlice> slices = scope.informer(
                EndpointSlice.RESOURCE, "", ListOptions.labels(SlicePlan.MANAGED_BY + "=" + SlicePlan.MANAGER));
        slices.index(BY_SERVICE, slice -> List.of(serviceOf(slice).toString()));
        Expectations<EndpointSlice> expectations = new Expectations<>(slices, scope.clock());
        WorkQueue<ObjectKey> queue = scope.queue();
        members.feed(queue);
        slices.onChange((before, after) -> {
            EndpointSlice slice = after == null ? before : after;
            if (slice != null) {
                if (after == null) {
                    expectations.gone(serviceOf(slice), slice);
                }
                queue.add(serviceOf(slice));
            }
        });
        scope.run(
                scope.workers("concurrent-service-endpoint-syncs", 5),
                queue,
                key -> reconcile(scope, members, nodes, slices, expectations, key));
    }

    private static int largest(Scope scope) {
        return (int) scope.arguments().number("max-endpoints-per-slice", SlicePlan.SLICE);
    }

    private static ObjectKey serviceOf(EndpointSlice slice) {
        return new ObjectKey(
                slice.metadata().namespace(), slice.metadata().labels().getOrDefault(SlicePlan.SERVICE_NAME, ""));
    }

    private static @Nullable Duration reconcile(
            Scope scope,
            ServicePods members,
            Informer<Node> nodes,
            Informer<EndpointSlice> slices,
            Expectations<EndpointSlice> expectations,
            ObjectKey key) {
        Service service = members.services().get(key.namespace(), key.name());
        if (service == null || service.metadata().hasDeletionTimestamp()) {
            // The garbage collector removes the slices.
            expectations.forget(key);
            return null;
        }
        if (!ServicePods.managed(service) || !expectations.satisfied(key)) {
            return null;
        }
        List<EndpointSlice> known = slices.byIndex(BY_SERVICE, key.toString()).stream()
                .filter(slice -> !slice.metadata().hasDeletionTimestamp())
                .toList();
        SlicePlan plan = SlicePlan.of(service, members.of(service), name -> nodes.get("", name), known, largest(scope));
        ResourceClient<EndpointSlice> client = scope.resource(EndpointSlice.RESOURCE);
        try {
            for (EndpointSlice slice : plan.update()) {
                client.update(slice);
            }
            for (EndpointSlice slice : plan.create()) {
                expectations.created(key, client.create(slice));
            }
            for (EndpointSlice slice : plan.delete()) {
                delete(client, slice);
                expectations.deleted(key, slice);
            }
        } catch (ApiException e) {
            if (e.conflict() || isTerminating(e)) {
                throw e;
            }
            scope.events()
                    .warning(
                            service,
                            "FailedToUpdateEndpointSlices",
                            "Error updating Endpoint Slices for Service " + key + ": " + e.getMessage());
            throw e;
        }
        return null;
    }

    private static boolean isTerminating(ApiException failure) {
        return failure.code() == 403 || failure.notFound();
    }

    private static void delete(ResourceClient<EndpointSlice> client, EndpointSlice slice) {
        try {
            client.delete(
                    slice.metadata().namespace(),
                    slice.metadata().name(),
                    DeleteRequest.DEFAULT.only(slice.metadata().uid()));
        } catch (ApiException e) {
            if (!e.notFound() && !e.conflict()) {
                throw e;
            }
        }
    }
}
