package dev.kite.controllers.nodes;

import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.client.ApiException;
import dev.kite.api.client.Informer;
import dev.kite.api.client.ObjectKey;
import dev.kite.api.client.Patch;
import dev.kite.api.controller.WorkQueue;
import dev.kite.controllers.base.Loop;
import dev.kite.controllers.base.Scope;
import dev.kite.model.core.v1.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Gives each node its part of the cluster's pod networks. */
public final class NodeIpamLoop implements Loop {
    private static final Duration AGAIN = Duration.ofMinutes(1);

    private final List<String> clusterNetworks;

    /**
     * Makes the loop.
     *
     * @param clusterNetworks the cluster's pod networks, one for each IP family
     */
    public NodeIpamLoop(List<String> clusterNetworks) {
        this.clusterNetworks = List.copyOf(clusterNetworks);
    }

    @Override
    public String name() {
        return "node-controller";
    }

    @Override
    public void start(Scope scope) {
        // A network that cannot be divided is said at start, not when a node comes.
        clusterNetworks.forEach(network -> parts(scope, network));
        Informer<Node> nodes = scope.informer(Node.RESOURCE);
        WorkQueue<ObjectKey> queue = scope.queue("ipam");
        nodes.onChange((before, after) -> {
            if (after != null && after.spec().podCIDRs().isEmpty()) {
                queue.add(new ObjectKey("", after.metadata().name()));
            }
        });
        // What was given and the informer does not show yet; one worker, so that it is this worker's own.
        Map<String, List<String>> given = new HashMap<>();
        scope.run(1, queue, key -> reconcile(scope, nodes, given, key.name()));
    }

    private static PodNetworks parts(Scope scope, String network) {
        ComponentArguments arguments = scope.arguments();
        boolean ipv6 = network.contains(":");
        String family = ipv6 ? "node-cidr-mask-size-ipv6" : "node-cidr-mask-size-ipv4";
        long both = arguments.number("node-cidr-mask-size", 0);
        long prefix = arguments.number(family, ipv6 ? 0 : both);
        return prefix > 0 ? new PodNetworks(network, Math.toIntExact(prefix)) : new PodNetworks(network);
    }

    private @Nullable Duration reconcile(
            Scope scope, Informer<Node> nodes, Map<String, List<String>> given, String name) {
        given.keySet().removeIf(other -> {
            Node seen = nodes.get("", other);
            return seen == null || !seen.spec().podCIDRs().isEmpty();
        });
        Node node = nodes.get("", name);
        if (node == null || !node.spec().podCIDRs().isEmpty() || given.containsKey(name)) {
            return null;
        }
        List<String> networks = new ArrayList<>();
        for (String cluster : clusterNetworks) {
            PodNetworks parts = parts(scope, cluster);
            nodes.list().forEach(other -> other.spec().podCIDRs().forEach(parts::take));
            given.values().forEach(list -> list.forEach(parts::take));
            String next = parts.next();
            if (next == null) {
                scope.events().normal(node, "CIDRNotAvailable", "Node " + name + " status is now: CIDRNotAvailable");
                return AGAIN;
            }
            networks.add(next);
        }
        try {
            String list = networks.stream().map(cidr -> "\"" + cidr + "\"").collect(Collectors.joining(","));
            String patch = "{\"spec\":{\"podCIDR\":\"" + networks.getFirst() + "\",\"podCIDRs\":[" + list + "]}}";
            scope.resource(Node.RESOURCE).patch("", name, new Patch.StrategicMerge(patch), "");
            given.put(name, networks);
        } catch (ApiException e) {
            if (!e.notFound()) {
                throw e;
            }
        }
        return null;
    }
}
