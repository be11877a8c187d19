package dev.kite.scheduler;

import dev.kite.model.core.v1.Affinity;
import dev.kite.model.core.v1.Container;
import dev.kite.model.core.v1.ContainerPort;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.PodAffinityTerm;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A pod with what is asked of it again and again. Immutable.
 *
 * @param pod the pod
 * @param requests what it needs
 * @param nonZero what it counts as when nodes are compared
 * @param ports the host ports that it uses
 * @param affinity where it must be near others
 * @param antiAffinity where it must not be near others
 */
record PodInfo(
        Pod pod,
        Requests requests,
        Requests nonZero,
        List<HostPort> ports,
        List<Term> affinity,
        List<Term> antiAffinity) {
    /**
     * A port of the host.
     *
     * @param ip the address, 0.0.0.0 for all
     * @param protocol TCP, UDP or SCTP
     * @param port the number
     */
    record HostPort(String ip, String protocol, int port) {
        boolean conflicts(HostPort other) {
            return port == other.port
                    && protocol.equals(other.protocol)
                    && (ip.equals(other.ip) || ip.equals("0.0.0.0") || other.ip.equals("0.0.0.0"));
        }
    }

    static PodInfo of(Pod pod) {
        Affinity affinity = pod.spec().affinity();
        return new PodInfo(
                pod,
                Requests.of(pod),
                Requests.nonZero(pod),
                hostPorts(pod),
                terms(pod, affinity.podAffinity().requiredDuringSchedulingIgnoredDuringExecution()),
                terms(pod, affinity.podAntiAffinity().requiredDuringSchedulingIgnoredDuringExecution()));
    }

    private static List<Term> terms(Pod pod, List<PodAffinityTerm> terms) {
        return terms.isEmpty()
                ? List.of()
                : terms.stream().map(term -> Term.of(pod, term)).toList();
    }

    private static List<HostPort> hostPorts(Pod pod) {
        List<HostPort> ports = new ArrayList<>();
        Stream<Container> containers = Stream.concat(
                pod.spec().containers().stream(),
                pod.spec().initContainers().stream()
                        .filter(container -> container.restartPolicy().equals("Always")));
        containers.flatMap(container -> container.ports().stream()).forEach(port -> {
            int number = hostPort(pod, port);
            if (number > 0) {
                ports.add(new HostPort(
                        port.hostIP().isEmpty() ? "0.0.0.0" : port.hostIP(),
                        port.protocol().isEmpty() ? "TCP" : port.protocol(),
                        number));
            }
        });
        return ports.isEmpty() ? List.of() : ports;
    }

    private static int hostPort(Pod pod, ContainerPort port) {
        return port.hostPort() == 0 && pod.spec().hostNetwork() ? port.containerPort() : port.hostPort();
    }

    String uid() {
        return pod.metadata().uid();
    }

    int priority() {
        return pod.spec().priority();
    }
}
