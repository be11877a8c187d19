package dev.kite.proxy;

import dev.kite.model.core.v1.Service;
import dev.kite.model.core.v1.ServiceSpec;
import dev.kite.model.discovery.v1.EndpointConditions;
import dev.kite.model.discovery.v1.EndpointPort;
import dev.kite.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What Services and EndpointSlices come to on one node, for one address family. A pure function of its inputs. Rules: Kubernetes' documentation of virtual IPs and service proxies
 * (traffic policies, terminating endpoints, session affinity).
 */
final class ServiceTable {
    private static final String SERVICE_NAME = "kubernetes.io/service-name";
    private static final String PROXY_NAME = "service.kubernetes.io/service-proxy-name";
    private static final int DEFAULT_AFFINITY_SECONDS = 10_800;

    private final Family family;
    private final String node;

    ServiceTable(Family family, String node) {
        this.family = family;
        this.node = node;
    }

    List<ServicePort> compute(Collection<Service> services, Collection<EndpointSlice> slices) {
        Map<String, List<EndpointSlice>> byService = slices.stream()
                .filter(slice -> slice.addressType().equals(family.addressType()))
                .collect(Collectors.groupingBy(slice -> slice.metadata().namespace() + "/"
                        + slice.metadata().labels().getOrDefault(SERVICE_NAME, "")));
        List<ServicePort> ports = new ArrayList<>();
        for (Service service : services) {
            String key =
                    service.metadata().namespace() + "/" + service.metadata().name();
            String clusterIp = clusterIp(service.spec());
            if (!clusterIp.isEmpty() && !service.metadata().labels().containsKey(PROXY_NAME)) {
                service.spec()
                        .ports()
                        .forEach(port ->
                                ports.add(port(service, port, clusterIp, byService.getOrDefault(key, List.of()))));
            }
        }
        ports.sort(java.util.Comparator.comparing(ServicePort::id));
        return ports;
    }

    private String clusterIp(ServiceSpec spec) {
        if (spec.type().equals("ExternalName") || spec.clusterIP().equals("None")) {
            return "";
        }
        List<String> all = spec.clusterIPs().isEmpty() ? List.of(spec.clusterIP()) : spec.clusterIPs();
        return all.stream().filter(family::owns).findFirst().orElse("");
    }

    private ServicePort port(
            Service service, dev.kite.model.core.v1.ServicePort port, String clusterIp, List<EndpointSlice> slices) {
        ServiceSpec spec = service.spec();
        Candidates candidates = Candidates.of(slices, port.name(), protocol(port.protocol()), node);
        boolean externalLocal = spec.externalTrafficPolicy().equals("Local");
        boolean internalLocal = spec.internalTrafficPolicy().equals("Local");
        List<String> external = new ArrayList<>();
        spec.externalIPs().stream().filter(family::owns).forEach(external::add);
        service.status().loadBalancer().ingress().forEach(ingress -> {
            if (family.owns(ingress.ip()) && !ingress.ipMode().equals("Proxy")) {
                external.add(ingress.ip());
            }
        });
        return new ServicePort(
                service.metadata().namespace(),
                service.metadata().name(),
                port.name(),
                protocol(port.protocol()),
                clusterIp,
                port.port(),
                port.nodePort(),
                external,
                affinity(spec),
                candidates.choose(internalLocal),
                candidates.choose(externalLocal),
                externalLocal);
    }

    private static int affinity(ServiceSpec spec) {
        if (!spec.sessionAffinity().equals("ClientIP")) {
            return 0;
        }
        int seconds = spec.sessionAffinityConfig().clientIP().timeoutSeconds();
        return seconds == 0 ? DEFAULT_AFFINITY_SECONDS : seconds;
    }

    private static String protocol(String protocol) {
        return protocol.isEmpty() ? "tcp" : protocol.toLowerCase(Locale.ROOT);
    }

    /** Endpoints of one port: those that are ready, and those that still serve while they end, which are used where none is ready. */
    private record Candidates(
            TreeSet<ServicePort.Endpoint> ready,
            TreeSet<ServicePort.Endpoint> readyHere,
            TreeSet<ServicePort.Endpoint> ending,
            TreeSet<ServicePort.Endpoint> endingHere) {
        static Candidates of(List<EndpointSlice> slices, String portName, String protocol, String node) {
            Candidates found = new Candidates(new TreeSet<>(), new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
            for (EndpointSlice slice : slices) {
                for (EndpointPort port : slice.ports()) {
                    if (port.name().equals(portName)
                            && protocol(port.protocol()).equals(protocol)
                            && port.port() > 0) {
                        slice.endpoints().forEach(endpoint -> {
                            boolean here = endpoint.nodeName().equals(node);
                            for (String address : endpoint.addresses()) {
                                found.add(new ServicePort.Endpoint(address, port.port()), endpoint.conditions(), here);
                            }
                        });
                    }
                }
            }
            return found;
        }

        private void add(ServicePort.Endpoint endpoint, EndpointConditions conditions, boolean here) {
            boolean isReady = !conditions.hasReady() || conditions.ready();
            boolean serves = conditions.hasServing() ? conditions.serving() : isReady;
            if (isReady) {
                ready.add(endpoint);
                if (here) {
                    readyHere.add(endpoint);
                }
            } else if (serves && conditions.terminating()) {
                ending.add(endpoint);
                if (here) {
                    endingHere.add(endpoint);
                }
            }
        }

        List<ServicePort.Endpoint> choose(boolean local) {
            TreeSet<ServicePort.Endpoint> first = local ? readyHere : ready;
            return List.copyOf(first.isEmpty() ? (local ? endingHere : ending) : first);
        }
    }
}
