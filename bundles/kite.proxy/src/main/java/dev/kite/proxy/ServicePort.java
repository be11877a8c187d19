package dev.kite.proxy;

import java.util.List;

/**
 * One port of one Service in one address family, with where its connections go.
 *
 * @param namespace the Service's namespace
 * @param service the Service's name
 * @param portName the port's name, may be empty
 * @param protocol tcp, udp or sctp
 * @param clusterIp its cluster address
 * @param port its port
 * @param nodePort its port on every node, 0 for none
 * @param externalAddresses external and load balancer addresses
 * @param affinitySeconds how long a client keeps its endpoint, 0 for no affinity
 * @param clusterEndpoints where connections from inside go
 * @param externalEndpoints where connections from outside go
 * @param externalLocal whether those keep the client's address (externalTrafficPolicy Local)
 */
record ServicePort(
        String namespace,
        String service,
        String portName,
        String protocol,
        String clusterIp,
        int port,
        int nodePort,
        List<String> externalAddresses,
        int affinitySeconds,
        List<Endpoint> clusterEndpoints,
        List<Endpoint> externalEndpoints,
        boolean externalLocal) {
    ServicePort {
        externalAddresses = List.copyOf(externalAddresses);
        clusterEndpoints = List.copyOf(clusterEndpoints);
        externalEndpoints = List.copyOf(externalEndpoints);
    }

    /**
     * Where a connection may go.
     *
     * @param address the pod's address
     * @param port the pod's port
     */
    record Endpoint(String address, int port) implements Comparable<Endpoint> {
        @Override
        public int compareTo(Endpoint other) {
            int byAddress = address.compareTo(other.address);
            return byAddress != 0 ? byAddress : Integer.compare(port, other.port);
        }
    }

    /** Names the port as upstream's proxy names its chains. */
    String id() {
        return namespace + "/" + service + "/" + protocol + "/" + portName;
    }
}
