package dev.kite.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The networks that ServiceCIDRs name. Confined to whoever locks it. */
final class ServiceNetworks {
    /** The ServiceCIDR that a cluster starts with: its addresses are given first. */
    private static final String DEFAULT = "kubernetes";

    /** IPv6 networks larger than this are no pools (Kubernetes' limit). */
    private static final int SHORTEST_V6 = 64;

    /** A ServiceCIDR's networks, and whether addresses may be taken from them. */
    private record Named(List<AddressPool> pools, boolean ready) {}

    private final Map<String, Named> byName = new TreeMap<>();

    void set(ObjectNode cidr) {
        List<AddressPool> pools = new ArrayList<>();
        for (String text : Tree.texts(cidr, "spec", "cidrs")) {
            AddressPool pool = pool(text);
            if (pool != null) {
                pools.add(pool);
            }
        }
        byName.put(Tree.text(cidr, "metadata", "name"), new Named(pools, ready(cidr)));
    }

    void gone(String name) {
        byName.remove(name);
    }

    /** Ready unless its condition says otherwise or it is being deleted: nobody may be there to set the condition. */
    private static boolean ready(ObjectNode cidr) {
        if (Metadata.deleting(cidr)) {
            return false;
        }
        for (ObjectNode condition : Tree.objects(cidr, "status", "conditions")) {
            if (Tree.text(condition, "type").equals("Ready")) {
                return Tree.text(condition, "status").equals("True");
            }
        }
        return true;
    }

    /** A network as a pool; null where it is none, or one that can't be one. */
    private static @Nullable AddressPool pool(String cidr) {
        try {
            boolean tooLarge =
                    cidr.indexOf(':') >= 0 && Integer.parseInt(cidr.substring(cidr.indexOf('/') + 1)) < SHORTEST_V6;
            return tooLarge ? null : new AddressPool(cidr);
        } catch (IllegalArgumentException _) {
            // Validation lets pass what is a network but has no address to give.
            return null;
        }
    }

    /** The pools of a family from which addresses may be taken, the cluster's first one in front. */
    List<AddressPool> ready(String family) {
        List<AddressPool> found = new ArrayList<>();
        Named first = byName.get(DEFAULT);
        if (first != null) {
            add(found, List.of(first), family);
        }
        add(found, byName.values(), family);
        return found;
    }

    private static void add(List<AddressPool> found, Collection<Named> from, String family) {
        for (Named named : from) {
            for (AddressPool pool : named.pools()) {
                if (named.ready() && pool.family().equals(family)) {
                    found.add(pool);
                }
            }
        }
    }

    /** Whether any network, ready or not, has an address. */
    boolean covers(String address) {
        return byName.values().stream()
                .flatMap(named -> named.pools().stream())
                .anyMatch(pool -> pool.contains(address));
    }
}
