package dev.kite.apiserver.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.registry.ServicePools;
import dev.kite.apiserver.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Tells, with Kubernetes' events, of node ports that are outside the range (it was set anew) or that several Services have. Which ports are taken is read from the
 * Services themselves, so nothing else can be wrong with them. Thread-safe.
 */
final class PortRepair {
    private static final String CONTROLLER = "portallocator-repair-controller";
    private static final Writes.Kind SERVICES = new Writes.Kind("", "services");

    private final Writes writes;
    private final ServicePools pools;
    private final Events events;

    PortRepair(Writes writes, ServicePools pools, Events events) {
        this.writes = writes;
        this.pools = pools;
        this.events = events;
    }

    /** Looks at a Service's node ports. */
    void service(String namespace, String name) {
        ObjectNode service = writes.find(SERVICES, namespace, name);
        if (service == null) {
            return;
        }
        for (int port : ports(service)) {
            if (!pools.inRange(port)) {
                warn(
                        service,
                        "PortOutOfRange",
                        "Port " + port + " is not within the port range " + pools.portRange()
                                + "; please recreate service");
            } else if (pools.holders(port) > 1 && !firstOf(port, namespace, name)) {
                warn(
                        service,
                        "PortAlreadyAllocated",
                        "Port " + port + " was assigned to multiple services; please recreate service");
            }
        }
    }

    private static Set<Integer> ports(ObjectNode service) {
        Set<Integer> all = new TreeSet<>();
        for (ObjectNode port : Tree.objects(service, "spec", "ports")) {
            all.add((int) Tree.number(port, "nodePort"));
        }
        all.add((int) Tree.number(service, "spec", "healthCheckNodePort"));
        all.remove(0);
        return all;
    }

    /** The first by namespace and name keeps what several have. */
    private boolean firstOf(int port, String namespace, String name) {
        List<String> holders = new ArrayList<>();
        for (ObjectNode service : writes.list(SERVICES, "")) {
            if (ports(service).contains(port)) {
                holders.add(Tree.text(service, "metadata", "namespace") + "/" + Tree.text(service, "metadata", "name"));
            }
        }
        return holders.isEmpty() || holders.getFirst().equals(namespace + "/" + name);
    }

    private void warn(ObjectNode service, String reason, String note) {
        events.warn(service, "v1", "Service", new Events.Note(CONTROLLER, reason, "PortAllocation", note));
    }
}
