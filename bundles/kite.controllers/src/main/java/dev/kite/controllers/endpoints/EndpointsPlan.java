package dev.kite.controllers.endpoints;

import static dev.kite.controllers.base.Values.absent;

import dev.kite.controllers.base.Pods;
import dev.kite.model.core.v1.EndpointAddress;
import dev.kite.model.core.v1.EndpointPort;
import dev.kite.model.core.v1.EndpointSubset;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.Service;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The subsets of a Service's Endpoints: pods grouped by the ports they answer on. Pure. */
final class EndpointsPlan {
    /** More addresses than this are cut off, as upstream does. */
    static final int MOST = 1000;

    private record Group(List<EndpointPort> ports) {}

    private record Both(List<EndpointAddress> ready, List<EndpointAddress> notReady) {
        Both() {
            this(new ArrayList<>(), new ArrayList<>());
        }
    }

    private EndpointsPlan() {}

    /**
     * Computes the subsets.
     *
     * @param service the Service
     * @param pods the pods that it selects
     * @return the subsets, the most ready addresses first where there are too many
     */
    static List<EndpointSubset> subsets(Service service, Collection<Pod> pods) {
        String family = Addresses.families(service).getFirst();
        Map<Group, Both> groups = new LinkedHashMap<>();
        List<Pod> ordered = pods.stream()
                .filter(Addresses::eligible)
                .filter(pod -> !Pods.isTerminating(pod) || service.spec().publishNotReadyAddresses())
                .sorted(Comparator.comparing((Pod pod) -> !Pods.isReady(pod))
                        .thenComparing(pod -> Addresses.address(pod, family))
                        .thenComparing(pod -> pod.metadata().name()))
                .toList();
        int count = 0;
        for (Pod pod : ordered) {
            String address = Addresses.address(pod, family);
            List<EndpointPort> ports = ports(service, pod);
            boolean useful = !ports.isEmpty() || service.spec().ports().isEmpty();
            if (address.isEmpty() || !useful || count == MOST) {
                continue;
            }
            count++;
            Both both = groups.computeIfAbsent(new Group(ports), _ -> new Both());
            boolean ready = Pods.isReady(pod) || service.spec().publishNotReadyAddresses();
            (ready ? both.ready() : both.notReady()).add(address(service, pod, address));
        }
        List<EndpointSubset> subsets = new ArrayList<>();
        groups.forEach((group, both) -> subsets.add(EndpointSubset.builder()
                .addresses(both.ready().isEmpty() ? null : both.ready())
                .notReadyAddresses(both.notReady().isEmpty() ? null : both.notReady())
                .ports(group.ports().isEmpty() ? null : group.ports())
                .build()));
        return subsets;
    }

    private static List<EndpointPort> ports(Service service, Pod pod) {
        List<EndpointPort> ports = new ArrayList<>();
        for (Addresses.Port port : Addresses.ports(service, pod)) {
            ports.add(EndpointPort.builder()
                    .name(absent(port.name()))
                    .port(port.number())
                    .protocol(port.protocol())
                    .appProtocol(absent(port.appProtocol()))
                    .build());
        }
        return ports;
    }

    private static EndpointAddress address(Service service, Pod pod, String ip) {
        return EndpointAddress.builder()
                .ip(ip)
                .hostname(absent(Addresses.hostname(service, pod)))
                .nodeName(absent(pod.spec().nodeName()))
                .targetRef(ref -> ref.kind("Pod")
                        .namespace(pod.metadata().namespace())
                        .name(pod.metadata().name())
                        .uid(pod.metadata().uid()))
                .build();
    }
}
