package dev.kite.controllers.endpoints;

import static dev.kite.controllers.base.Values.absent;

import dev.kite.api.client.ApiException;
import dev.kite.api.client.DeleteRequest;
import dev.kite.api.client.Informer;
import dev.kite.api.client.ListOptions;
import dev.kite.api.client.ObjectKey;
import dev.kite.api.client.ResourceClient;
import dev.kite.api.controller.WorkQueue;
import dev.kite.controllers.base.Expectations;
import dev.kite.controllers.base.Loop;
import dev.kite.controllers.base.Owners;
import dev.kite.controllers.base.Scope;
import dev.kite.model.core.v1.EndpointAddress;
import dev.kite.model.core.v1.EndpointSubset;
import dev.kite.model.core.v1.Endpoints;
import dev.kite.model.core.v1.Service;
import dev.kite.model.discovery.v1.Endpoint;
import dev.kite.model.discovery.v1.EndpointPort;
import dev.kite.model.discovery.v1.EndpointSlice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Copies Endpoints that people write for Services without selector into EndpointSlices, which is what proxies read. */
public final class MirroringLoop implements Loop {
    private static final String MANAGER = "endpointslicemirroring-controller.k8s.io";
    private static final String SKIP = "endpointslice.kubernetes.io/skip-mirror";
    private static final String BY_SERVICE = "mirrored";

    /** Makes the loop. */
    public MirroringLoop() {}

    @Override
    public String name() {
        return "endpointslicemirroring-controller";
    }

    @Override
    public void start(Scope scope) {
        Informer<Endpoints> endpoints = scope.informer(Endpoints.RESOURCE);
        Informer<Service> services = scope.informer(Service.RESOURCE);
        Informer<EndpointSlice> slices =
                scope.informer(EndpointSlice.RESOURCE, "", ListOptions.labels(SlicePlan.MANAGED_BY + "=" + MANAGER));
        slices.index(BY_SERVICE, slice -> List.of(serviceOf(slice).toString()));
        Expectations<EndpointSlice> expectations = new Expectations<>(slices, scope.clock());
        WorkQueue<ObjectKey> queue = scope.queue();
        Duration batch = scope.arguments().duration("mirroring-endpointslice-updates-batch-period", Duration.ZERO);
        endpoints.onChange((before, after) -> {
            Endpoints some = after == null ? before : after;
            if (some != null) {
                queue.addAfter(Owners.key(some), batch);
            }
        });
        services.onChange((before, after) -> {
            Service some = after == null ? before : after;
            if (some != null) {
                queue.add(Owners.key(some));
            }
        });
        slices.onChange((before, after) -> {
            EndpointSlice slice = after == null ? before : after;
            if (slice != null) {
                queue.add(serviceOf(slice));
            }
        });
        scope.run(scope.workers("mirroring-concurrent-service-endpoint-syncs", 5), queue, key -> {
            if (!expectations.satisfied(key)) {
                return null;
            }
            Endpoints source = endpoints.get(key.namespace(), key.name());
            Service service = services.get(key.namespace(), key.name());
            List<EndpointSlice> known = List.copyOf(slices.byIndex(BY_SERVICE, key.toString()));
            return mirror(scope, expectations, key, service, source, known);
        });
    }

    private static ObjectKey serviceOf(EndpointSlice slice) {
        return new ObjectKey(
                slice.metadata().namespace(), slice.metadata().labels().getOrDefault(SlicePlan.SERVICE_NAME, ""));
    }

    private static @Nullable Duration mirror(
            Scope scope,
            Expectations<EndpointSlice> expectations,
            ObjectKey key,
            @Nullable Service service,
            @Nullable Endpoints source,
            List<EndpointSlice> known) {
        ResourceClient<EndpointSlice> client = scope.resource(EndpointSlice.RESOURCE);
        boolean wanted = service != null
                && source != null
                && service.spec().selector().isEmpty()
                && !"true".equals(source.metadata().labels().get(SKIP))
                && !source.metadata().annotations().containsKey("control-plane.alpha.kubernetes.io/leader");
        List<EndpointSlice> slices = wanted && source != null
                ? slices(source, (int)
                        scope.arguments().number("mirroring-max-endpoints-per-subset", EndpointsPlan.MOST))
                : List.of();
        List<EndpointSlice> spare = new ArrayList<>(known);
        for (EndpointSlice slice : slices) {
            EndpointSlice same = spare.stream()
                    .filter(old -> old.addressType().equals(slice.addressType())
                            && old.ports().equals(slice.ports()))
                    .findFirst()
                    .orElse(null);
            if (same == null) {
                expectations.created(key, client.create(slice));
                continue;
            }
            spare.remove(same);
            if (!same.endpoints().equals(slice.endpoints())
                    || !same.metadata().labels().equals(slice.metadata().labels())) {
                client.update(same.toBuilder()
                        .metadata(meta -> meta.labels(slice.metadata().labels()))
                        .endpoints(slice.endpoints())
                        .build());
            }
        }
        for (EndpointSlice gone : spare) {
            try {
                client.delete(
                        gone.metadata().namespace(),
                        gone.metadata().name(),
                        DeleteRequest.DEFAULT.only(gone.metadata().uid()));
            } catch (ApiException e) {
                if (!e.notFound() && !e.conflict()) {
                    throw e;
                }
            }
        }
        return null;
    }

    /**
     * Makes slices of Endpoints, one for each subset and address family.
     *
     * @param source the Endpoints
     * @param most how many endpoints a slice gets; others are left out, as upstream
     * @return the slices
     */
    static List<EndpointSlice> slices(Endpoints source, int most) {
        List<EndpointSlice> slices = new ArrayList<>();
        for (EndpointSubset subset : source.subsets()) {
            List<EndpointPort> ports = new ArrayList<>();
            subset.ports()
                    .forEach(port -> ports.add(EndpointPort.builder()
                            .name(port.name())
                            .port(port.port())
                            .protocol(port.protocol().isEmpty() ? "TCP" : port.protocol())
                            .appProtocol(absent(port.appProtocol()))
                            .build()));
            for (String family : List.of("IPv4", "IPv6")) {
                List<Endpoint> endpoints = new ArrayList<>();
                subset.addresses().forEach(address -> add(endpoints, family, address, true, most));
                subset.notReadyAddresses().forEach(address -> add(endpoints, family, address, false, most));
                if (!endpoints.isEmpty()) {
                    slices.add(slice(source, family, endpoints, ports));
                }
            }
        }
        return slices;
    }

    private static void add(List<Endpoint> endpoints, String family, EndpointAddress address, boolean ready, int most) {
        if (address.ip().contains(":") != family.equals("IPv6") || endpoints.size() >= most) {
            return;
        }
        Endpoint.Builder endpoint = Endpoint.builder()
                .addAddresses(address.ip())
                .conditions(conditions -> conditions.ready(ready))
                .hostname(absent(address.hostname()))
                .nodeName(absent(address.nodeName()));
        if (address.hasTargetRef()) {
            endpoint.targetRef(address.targetRef());
        }
        endpoints.add(endpoint.build());
    }

    private static EndpointSlice slice(
            Endpoints source, String family, List<Endpoint> endpoints, List<EndpointPort> ports) {
        Map<String, String> labels = new HashMap<>(source.metadata().labels());
        labels.put(SlicePlan.SERVICE_NAME, source.metadata().name());
        labels.put(SlicePlan.MANAGED_BY, MANAGER);
        return EndpointSlice.builder()
                .metadata(meta -> meta.generateName(source.metadata().name() + "-")
                        .namespace(source.metadata().namespace())
                        .labels(labels)
                        .addOwnerReferences(Owners.reference(source)))
                .addressType(family)
                .endpoints(endpoints)
                .ports(ports)
                .build();
    }
}
