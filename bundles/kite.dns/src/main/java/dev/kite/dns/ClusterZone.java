package dev.kite.dns;

import dev.kite.model.core.v1.Service;
import dev.kite.model.core.v1.ServicePort;
import dev.kite.model.discovery.v1.Endpoint;
import dev.kite.model.discovery.v1.EndpointPort;
import dev.kite.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Answers names below the cluster's domain. Rules: Kubernetes' DNS-Based Service Discovery, schema version 1.1.0; addresses of pods as CoreDNS' {@code pods insecure}.
 * A pure function of the objects that its source holds; thread-safe where that is.
 */
final class ClusterZone {
    static final String SCHEMA = "1.1.0";

    private final String domain;
    private final ServiceSource source;

    ClusterZone(String domain, ServiceSource source) {
        this.domain = domain.toLowerCase(Locale.ROOT);
        this.source = source;
    }

    /** What a name leads to. */
    sealed interface Found {
        /** Addresses, IPv4 and IPv6. */
        record Addresses(List<String> addresses) implements Found {}

        /** Where a port is served. */
        record Targets(List<Target> targets) implements Found {}

        /** Another name outside. */
        record Alias(String name) implements Found {}

        /** Text. */
        record Text(String text) implements Found {}

        /** The name is there without records of its own, as a part of longer names. */
        record Empty() implements Found {}
    }

    /**
     * One SRV record with its target's addresses.
     *
     * @param port the port
     * @param name the target's name, absolute without the last dot
     * @param addresses its addresses
     */
    record Target(int port, String name, List<String> addresses) {}

    boolean owns(String name) {
        return name.equals(domain) || name.endsWith("." + domain);
    }

    /** Resolves a name of this zone in lower case without the last dot, or returns null where there is none. */
    @Nullable
    Found find(String name) {
        if (name.equals(domain)) {
            return new Found.Empty();
        }
        String[] labels = name.substring(0, name.length() - domain.length() - 1).split("\\.");
        int last = labels.length - 1;
        return switch (labels[last]) {
            case "svc" -> last == 0 ? new Found.Empty() : service(labels, last);
            case "pod" -> last == 0 ? new Found.Empty() : pod(labels, last);
            case "dns-version" -> last == 0 ? new Found.Text(SCHEMA) : null;
            default -> null;
        };
    }

    private @Nullable Found pod(String[] labels, int last) {
        if (!source.namespaceExists(labels[last - 1])) {
            return null;
        }
        if (last == 1) {
            return new Found.Empty();
        }
        if (last != 2) {
            return null;
        }
        String address = dashed(labels[0]);
        return address == null ? null : new Found.Addresses(List.of(address));
    }

    static @Nullable String dashed(String label) {
        if (label.matches("\\d{1,3}(-\\d{1,3}){3}")) {
            for (String part : label.split("-")) {
                if (Integer.parseInt(part) > 255) {
                    return null;
                }
            }
            return label.replace('-', '.');
        }
        return label.matches("[0-9a-f]{0,4}(-[0-9a-f]{0,4}){2,7}") ? label.replace('-', ':') : null;
    }

    private @Nullable Found service(String[] labels, int last) {
        String namespace = labels[last - 1];
        if (last == 1) {
            return source.namespaceExists(namespace) ? new Found.Empty() : null;
        }
        Service service = source.service(namespace, labels[last - 2]);
        if (service == null) {
            return null;
        }
        String[] front = java.util.Arrays.copyOf(labels, last - 2);
        if (service.spec().type().equals("ExternalName")) {
            return front.length == 0 ? new Found.Alias(service.spec().externalName()) : null;
        }
        return switch (front.length) {
            case 0 -> addresses(service);
            case 1 -> front[0].startsWith("_") ? protocolOnly(service, front[0]) : endpoint(service, front[0]);
            case 2 -> targets(service, front[0], front[1]);
            default -> null;
        };
    }

    private static boolean headless(Service service) {
        return service.spec().clusterIP().equals("None");
    }

    private @Nullable Found addresses(Service service) {
        if (!headless(service)) {
            List<String> addresses = service.spec().clusterIPs().isEmpty()
                    ? List.of(service.spec().clusterIP())
                    : service.spec().clusterIPs();
            return new Found.Addresses(addresses);
        }
        Set<String> addresses = new LinkedHashSet<>();
        forEndpoints(service, (_, endpoint) -> addresses.addAll(endpoint.addresses()));
        return addresses.isEmpty() ? null : new Found.Addresses(List.copyOf(addresses));
    }

    private @Nullable Found protocolOnly(Service service, String protocol) {
        return service.spec().ports().stream()
                        .anyMatch(port -> ("_" + port.protocol().toLowerCase(Locale.ROOT)).equals(protocol))
                ? new Found.Empty()
                : null;
    }

    /** An endpoint by its host name, or by its address with dashes. */
    private @Nullable Found endpoint(Service service, String label) {
        if (!headless(service)) {
            return null;
        }
        Set<String> addresses = new LinkedHashSet<>();
        forEndpoints(service, (_, endpoint) -> {
            for (String address : endpoint.addresses()) {
                if (label(endpoint, address).equals(label)) {
                    addresses.add(address);
                }
            }
        });
        return addresses.isEmpty() ? null : new Found.Addresses(List.copyOf(addresses));
    }

    private static String label(Endpoint endpoint, String address) {
        return endpoint.hostname().isEmpty()
                ? address.replace('.', '-').replace(':', '-')
                : endpoint.hostname().toLowerCase(Locale.ROOT);
    }

    private @Nullable Found targets(Service service, String port, String protocol) {
        List<Target> targets =
                headless(service) ? endpointTargets(service, port, protocol) : clusterTargets(service, port, protocol);
        return targets.isEmpty() ? null : new Found.Targets(targets);
    }

    private List<Target> clusterTargets(Service service, String port, String protocol) {
        List<Target> targets = new ArrayList<>();
        for (ServicePort each : service.spec().ports()) {
            if (matches(each.name(), each.protocol(), port, protocol)) {
                targets.add(new Target(
                        each.port(), base(service), List.of(service.spec().clusterIP())));
            }
        }
        return targets;
    }

    private List<Target> endpointTargets(Service service, String port, String protocol) {
        List<Target> targets = new ArrayList<>();
        forEndpoints(service, (slice, endpoint) -> {
            for (EndpointPort each : slice.ports()) {
                if (matches(each.name(), each.protocol(), port, protocol)) {
                    for (String address : endpoint.addresses()) {
                        targets.add(new Target(
                                each.port(), label(endpoint, address) + "." + base(service), List.of(address)));
                    }
                }
            }
        });
        return targets;
    }

    private static boolean matches(String name, String transport, String port, String protocol) {
        return ("_" + name.toLowerCase(Locale.ROOT)).equals(port)
                && ("_" + transport.toLowerCase(Locale.ROOT)).equals(protocol);
    }

    private String base(Service service) {
        return service.metadata().name() + "." + service.metadata().namespace() + ".svc." + domain;
    }

    private interface EndpointVisitor {
        void visit(EndpointSlice slice, Endpoint endpoint);
    }

    private void forEndpoints(Service service, EndpointVisitor visitor) {
        for (EndpointSlice slice :
                source.slices(service.metadata().namespace(), service.metadata().name())) {
            for (Endpoint endpoint : slice.endpoints()) {
                if (!endpoint.conditions().hasReady() || endpoint.conditions().ready()) {
                    visitor.visit(slice, endpoint);
                }
            }
        }
    }

    /** Names the Services, and headless endpoints with host names, that have an address; none where it is not the cluster's. */
    List<String> reverse(String address) {
        List<String> names = new ArrayList<>();
        for (Service service : source.servicesByAddress(address)) {
            names.add(base(service));
        }
        for (EndpointSlice slice : source.slicesByAddress(address)) {
            Service service = source.service(
                    slice.metadata().namespace(),
                    slice.metadata().labels().getOrDefault(ServiceSource.SERVICE_NAME, ""));
            if (service != null && headless(service)) {
                for (Endpoint endpoint : slice.endpoints()) {
                    if (endpoint.addresses().contains(address)
                            && !endpoint.hostname().isEmpty()) {
                        names.add(label(endpoint, address) + "." + base(service));
                    }
                }
            }
        }
        return List.copyOf(new LinkedHashSet<>(names));
    }
}
