package dev.kite.controllers.endpoints;

import static dev.kite.controllers.base.Values.absent;

import dev.kite.controllers.base.Pods;
import dev.kite.model.core.v1.Node;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.Service;
import dev.kite.model.discovery.v1.Endpoint;
import dev.kite.model.discovery.v1.EndpointPort;
import dev.kite.model.discovery.v1.EndpointSlice;
import dev.kite.model.meta.v1.OwnerReference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The changes that bring a Service's EndpointSlices up to date: as few writes as keep each slice within its bound. Pure.
 *
 * @param create slices to create
 * @param update slices to replace
 * @param delete slices to delete
 */
record SlicePlan(List<EndpointSlice> create, List<EndpointSlice> update, List<EndpointSlice> delete) {
    /** As many endpoints as a slice gets by upstream's default. */
    static final int SLICE = 100;

    static final String SERVICE_NAME = "kubernetes.io/service-name";
    static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
    static final String MANAGER = "endpointslice-controller.k8s.io";
    private static final String ZONE = "topology.kubernetes.io/zone";
    private static final String TRIGGER_TIME = "endpoints.kubernetes.io/last-change-trigger-time";

    /** Slices hold endpoints of one family that share their ports. */
    private record Group(String family, List<EndpointPort> ports) {}

    /**
     * Decides.
     *
     * @param service the Service
     * @param pods the pods that it selects
     * @param nodes finds a node by name
     * @param known the slices that there are
     * @param most how many endpoints a slice gets
     * @return the changes
     */
    static SlicePlan of(
            Service service,
            Collection<Pod> pods,
            Function<String, @Nullable Node> nodes,
            Collection<EndpointSlice> known,
            int most) {
        Map<Group, Map<String, Endpoint>> wanted = wanted(service, pods, nodes);
        Map<Group, List<EndpointSlice>> present = new HashMap<>();
        for (EndpointSlice slice : known) {
            present.computeIfAbsent(new Group(slice.addressType(), slice.ports()), _ -> new ArrayList<>())
                    .add(slice);
        }
        SlicePlan plan = new SlicePlan(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        List<EndpointSlice> spare = new ArrayList<>();
        present.forEach((group, slices) -> {
            if (!wanted.containsKey(group)) {
                spare.addAll(slices);
            }
        });
        wanted.forEach((group, endpoints) ->
                plan.fill(service, group, endpoints, present.getOrDefault(group, List.of()), spare, most));
        plan.delete.addAll(spare);
        return plan;
    }

    private static Map<Group, Map<String, Endpoint>> wanted(
            Service service, Collection<Pod> pods, Function<String, @Nullable Node> nodes) {
        Map<Group, Map<String, Endpoint>> wanted = new LinkedHashMap<>();
        List<Pod> ordered = pods.stream()
                .filter(Addresses::eligible)
                .sorted(Comparator.comparing(pod -> pod.metadata().name()))
                .toList();
        for (String family : Addresses.families(service)) {
            for (Pod pod : ordered) {
                String address = Addresses.address(pod, family);
                if (!address.isEmpty()) {
                    wanted.computeIfAbsent(new Group(family, ports(service, pod)), _ -> new LinkedHashMap<>())
                            .put(
                                    address,
                                    endpoint(
                                            service,
                                            pod,
                                            address,
                                            nodes.apply(pod.spec().nodeName())));
                }
            }
            if (wanted.keySet().stream().noneMatch(group -> group.family().equals(family))) {
                // A Service without endpoints still has one slice, so that watchers know that it has none.
                wanted.put(new Group(family, List.of()), Map.of());
            }
        }
        return wanted;
    }

    private static List<EndpointPort> ports(Service service, Pod pod) {
        List<EndpointPort> ports = new ArrayList<>();
        for (Addresses.Port port : Addresses.ports(service, pod)) {
            ports.add(EndpointPort.builder()
                    .name(port.name())
                    .port(port.number())
                    .protocol(port.protocol())
                    .appProtocol(absent(port.appProtocol()))
                    .build());
        }
        return ports;
    }

    private static Endpoint endpoint(Service service, Pod pod, String address, @Nullable Node node) {
        boolean terminating = Pods.isTerminating(pod);
        boolean serving = Pods.isReady(pod);
        boolean ready = service.spec().publishNotReadyAddresses() || (serving && !terminating);
        String zone = node == null ? "" : node.metadata().labels().getOrDefault(ZONE, "");
        return Endpoint.builder()
                .addAddresses(address)
                .conditions(c -> c.ready(ready).serving(serving).terminating(terminating))
                .hostname(absent(Addresses.hostname(service, pod)))
                .nodeName(absent(pod.spec().nodeName()))
                .zone(absent(zone))
                .targetRef(ref -> ref.kind("Pod")
                        .namespace(pod.metadata().namespace())
                        .name(pod.metadata().name())
                        .uid(pod.metadata().uid()))
                .build();
    }

    /** Keeps endpoints where they are, fills holes, then makes slices. */
    private void fill(
            Service service,
            Group group,
            Map<String, Endpoint> endpoints,
            List<EndpointSlice> slices,
            List<EndpointSlice> spare,
            int most) {
        Map<String, Endpoint> left = new LinkedHashMap<>(endpoints);
        Map<EndpointSlice, List<Endpoint>> kept = new LinkedHashMap<>();
        for (EndpointSlice slice : slices) {
            List<Endpoint> staying = new ArrayList<>();
            for (Endpoint endpoint : slice.endpoints()) {
                Endpoint wanted = endpoint.addresses().isEmpty()
                        ? null
                        : left.remove(endpoint.addresses().getFirst());
                if (wanted != null) {
                    staying.add(wanted);
                }
            }
            kept.put(slice, staying);
        }
        List<Endpoint> homeless = new ArrayList<>(left.values());
        for (List<Endpoint> staying : kept.values()) {
            while (staying.size() < most && !homeless.isEmpty()) {
                staying.add(homeless.removeFirst());
            }
        }
        boolean first = true;
        for (Map.Entry<EndpointSlice, List<Endpoint>> entry : kept.entrySet()) {
            // One empty slice stays where nothing else says that there is nothing.
            if (entry.getValue().isEmpty() && !(endpoints.isEmpty() && first)) {
                delete.add(entry.getKey());
            } else {
                change(service, group, entry.getKey(), entry.getValue());
            }
            first = false;
        }
        boolean lacking = endpoints.isEmpty() && kept.isEmpty();
        while (!homeless.isEmpty() || lacking) {
            List<Endpoint> some = new ArrayList<>(homeless.subList(0, Math.min(most, homeless.size())));
            homeless.subList(0, some.size()).clear();
            lacking = false;
            EndpointSlice reused = spare.stream()
                    .filter(slice -> slice.addressType().equals(group.family()))
                    .findFirst()
                    .orElse(null);
            if (reused != null) {
                spare.remove(reused);
                change(service, group, reused, some);
            } else {
                create.add(fresh(service, group, some));
            }
        }
    }

    private void change(Service service, Group group, EndpointSlice slice, List<Endpoint> endpoints) {
        EndpointSlice wanted = slice.toBuilder()
                .metadata(meta -> meta.labels(labels(service)).annotations(annotations(service)))
                .endpoints(endpoints.isEmpty() ? null : endpoints)
                .ports(group.ports().isEmpty() ? null : group.ports())
                .build();
        if (!same(wanted, slice)) {
            update.add(wanted);
        }
    }

    /** The API writes empty lists where it has none, so they are compared by what they say. */
    private static boolean same(EndpointSlice one, EndpointSlice other) {
        return one.endpoints().equals(other.endpoints())
                && one.ports().equals(other.ports())
                && one.metadata().labels().equals(other.metadata().labels());
    }

    private static Map<String, String> labels(Service service) {
        Map<String, String> labels = new HashMap<>(service.metadata().labels());
        labels.remove(Addresses.HEADLESS);
        labels.put(SERVICE_NAME, service.metadata().name());
        labels.put(MANAGED_BY, MANAGER);
        if (Addresses.headless(service)) {
            labels.put(Addresses.HEADLESS, "");
        }
        return labels;
    }

    private static @Nullable Map<String, String> annotations(Service service) {
        String trigger = service.metadata().annotations().get(TRIGGER_TIME);
        return trigger == null ? null : Map.of(TRIGGER_TIME, trigger);
    }

    private static EndpointSlice fresh(Service service, Group group, List<Endpoint> endpoints) {
        OwnerReference owner = OwnerReference.builder()
                .apiVersion("v1")
                .kind("Service")
                .name(service.metadata().name())
                .uid(service.metadata().uid())
                .controller(true)
                .blockOwnerDeletion(true)
                .build();
        return EndpointSlice.builder()
                .metadata(meta -> meta.generateName(service.metadata().name() + "-")
                        .namespace(service.metadata().namespace())
                        .labels(labels(service))
                        .annotations(annotations(service))
                        .addOwnerReferences(owner))
                .addressType(group.family())
                .endpoints(endpoints)
                .ports(group.ports())
                .build();
    }
}
