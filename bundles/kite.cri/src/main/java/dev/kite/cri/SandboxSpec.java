package dev.kite.cri;

import java.util.List;
import java.util.Map;

/**
 * A pod's sandbox as wanted.
 *
 * @param pod whose it is
 * @param hostname the pod's host name, empty for host network
 * @param logDirectory the folder of its containers' logs
 * @param dns resolv.conf
 * @param ports host ports
 * @param labels found by
 * @param annotations kept
 * @param cgroupParent the cgroup that holds the pod's
 * @param namespaces which are shared
 * @param security what the sandbox's own process runs as
 * @param sysctls set in its namespaces
 * @param resources the sum of the pod's limits, for runtimes that start a machine
 */
public record SandboxSpec(
        PodIdentity pod,
        String hostname,
        String logDirectory,
        Dns dns,
        List<Port> ports,
        Map<String, String> labels,
        Map<String, String> annotations,
        String cgroupParent,
        Namespaces namespaces,
        Security security,
        Map<String, String> sysctls,
        Resources resources) {
    /** Copies the collections. */
    public SandboxSpec {
        ports = List.copyOf(ports);
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        sysctls = Map.copyOf(sysctls);
    }

    /**
     * The content of resolv.conf.
     *
     * @param servers name servers
     * @param searches search list
     * @param options options
     */
    public record Dns(List<String> servers, List<String> searches, List<String> options) {
        /** Copies the lists. */
        public Dns {
            servers = List.copyOf(servers);
            searches = List.copyOf(searches);
            options = List.copyOf(options);
        }
    }

    /**
     * A host port.
     *
     * @param protocol TCP, UDP or SCTP
     * @param containerPort the pod's port
     * @param hostPort the node's port
     * @param hostIp the node's address, empty for all
     */
    public record Port(String protocol, int containerPort, int hostPort, String hostIp) {}
}
