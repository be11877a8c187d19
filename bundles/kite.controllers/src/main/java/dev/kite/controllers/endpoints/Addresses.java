package dev.kite.controllers.endpoints;

import dev.kite.controllers.base.Pods;
import dev.kite.model.IntOrString;
import dev.kite.model.core.v1.Container;
import dev.kite.model.core.v1.ContainerPort;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.PodIP;
import dev.kite.model.core.v1.Service;
import dev.kite.model.core.v1.ServicePort;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Which pods answer for a Service, at which addresses and ports. Pure. */
final class Addresses {
    static final String HEADLESS = "service.kubernetes.io/headless";

    private Addresses() {}

    static boolean headless(Service service) {
        return service.spec().clusterIP().equals("None");
    }

    /**
     * Tells whether a pod belongs to endpoints at all.
     *
     * @param pod the pod
     * @return whether it has an address and has not ended
     */
    static boolean eligible(Pod pod) {
        return !pod.status().podIP().isEmpty() && !Pods.isFinished(pod);
    }

    /**
     * Finds a pod's address of an IP family.
     *
     * @param pod the pod
     * @param family IPv4 or IPv6
     * @return the address, or an empty string
     */
    static String address(Pod pod, String family) {
        boolean six = family.equals("IPv6");
        Stream<String> all = pod.status().podIPs().isEmpty()
                ? Stream.of(pod.status().podIP())
                : pod.status().podIPs().stream().map(PodIP::ip);
        return all.filter(ip -> ip.contains(":") == six).findFirst().orElse("");
    }

    /**
     * Lists a Service's IP families.
     *
     * @param service the Service
     * @return IPv4, IPv6 or both
     */
    static List<String> families(Service service) {
        if (!service.spec().ipFamilies().isEmpty()) {
            return service.spec().ipFamilies();
        }
        return List.of(service.spec().clusterIP().contains(":") ? "IPv6" : "IPv4");
    }

    /**
     * A port that a pod answers on.
     *
     * @param name the Service port's name, may be empty
     * @param number the number
     * @param protocol TCP, UDP or SCTP
     * @param appProtocol the application's protocol, may be empty
     */
    record Port(String name, int number, String protocol, String appProtocol) {}

    /**
     * Resolves a Service's ports for a pod; a named target port that the pod lacks is left out.
     *
     * @param service the Service
     * @param pod the pod
     * @return the ports
     */
    static List<Port> ports(Service service, Pod pod) {
        List<Port> ports = new ArrayList<>();
        for (ServicePort port : service.spec().ports()) {
            int number = number(port, pod);
            if (number > 0) {
                ports.add(new Port(
                        port.name(), number, port.protocol().isEmpty() ? "TCP" : port.protocol(), port.appProtocol()));
            }
        }
        return ports;
    }

    private static int number(ServicePort port, Pod pod) {
        IntOrString target = port.targetPort();
        if (target == null) {
            return port.port();
        }
        if (!target.isString()) {
            return target.number() == 0 ? port.port() : target.number();
        }
        String protocol = port.protocol().isEmpty() ? "TCP" : port.protocol();
        // A sidecar is an init container that stays.
        Stream<Container> containers = Stream.concat(
                pod.spec().containers().stream(),
                pod.spec().initContainers().stream()
                        .filter(c -> c.restartPolicy().equals("Always")));
        return containers
                .flatMap(container -> container.ports().stream())
                .filter(p -> p.name().equals(target.toString())
                        && (p.protocol().isEmpty() ? "TCP" : p.protocol()).equals(protocol))
                .mapToInt(ContainerPort::containerPort)
                .findFirst()
                .orElse(0);
    }

    /**
     * Tells a pod's name in a headless Service's domain.
     *
     * @param service the Service
     * @param pod the pod
     * @return the host name, or an empty string
     */
    static String hostname(Service service, Pod pod) {
        boolean member = !pod.spec().hostname().isEmpty()
                && pod.spec().subdomain().equals(service.metadata().name())
                && pod.metadata().namespace().equals(service.metadata().namespace());
        return member ? pod.spec().hostname() : "";
    }
}
