package dev.kite.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.tree.Tree;
import dev.kite.apiserver.validation.AddressTexts;
import dev.kite.apiserver.validation.FieldError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one write of a Service takes from the pools, and gives back once it is stored. Addresses are recorded before the Service is stored; if that fails, the records
 * go again, and what a crash leaves the repair takes away. Belongs to one thread.
 */
final class ServiceClaim implements Strategy.Claim {
    /** So often another server may be faster before an address is given up. */
    private static final int TRIES = 32;

    private static final String TAKEN = "provided IP is already allocated";

    private final ServicePools pools;
    private final AddressRecords records;
    private final String namespace;
    private final String name;
    private final boolean dryRun;
    private final Set<String> addresses = new HashSet<>();
    private final Set<String> recorded = new HashSet<>();
    private final Set<String> released = new HashSet<>();
    private final Set<Integer> ports = new HashSet<>();
    private boolean stored;

    ServiceClaim(ServicePools pools, AddressRecords records, ObjectNode service, boolean dryRun) {
        this.pools = pools;
        this.records = records;
        this.namespace = Tree.text(service, "metadata", "namespace");
        this.name = Tree.text(service, "metadata", "name");
        this.dryRun = dryRun;
    }

    /** Gives the Service its addresses, one of each of its families; what it no longer has is free when it is stored. */
    void addresses(ObjectNode spec, @Nullable ObjectNode before) {
        boolean wanted = !ServiceStrategy.isExternalName(spec) && !ServiceFamilies.isHeadless(spec);
        if (before == null || ServiceStrategy.isExternalName(before)) {
            if (wanted) {
                give(spec, 0);
            }
            return;
        }
        if (ServiceFamilies.isHeadless(before)) {
            return;
        }
        if (!wanted) {
            released.addAll(ServiceStrategy.isExternalName(spec) ? held(before) : Set.of());
            return;
        }
        // What is there stays, or validation speaks; a second address comes or goes.
        int now = Tree.texts(spec, "ipFamilies").size();
        int was = Tree.texts(before, "ipFamilies").size();
        if (was == 1 && now == 2) {
            give(spec, 1);
        } else if (was == 2 && now == 1) {
            released.addAll(held(before));
            released.removeAll(held(spec));
        }
    }

    /** Gives an address of each family from some index on. */
    private void give(ObjectNode spec, int from) {
        List<String> families = Tree.texts(spec, "ipFamilies");
        List<String> result = new ArrayList<>(Tree.texts(spec, "clusterIPs"));
        for (int i = from; i < families.size(); i++) {
            if (i < result.size() && !result.get(i).isEmpty()) {
                claim(spec, result.get(i));
            } else {
                String address = any(spec, families.get(i));
                if (i < result.size()) {
                    result.set(i, address);
                } else {
                    result.add(address);
                }
            }
        }
        ServiceStrategy.set(spec, "clusterIPs", result);
        if (Tree.text(spec, "clusterIP").isEmpty()) {
            spec.put("clusterIP", result.getFirst());
        }
    }

    /** The addresses that a spec has. */
    static Set<String> held(ObjectNode spec) {
        Set<String> all = new HashSet<>();
        if (!ServiceStrategy.isExternalName(spec)) {
            for (String address : Tree.texts(spec, "clusterIPs")) {
                if (!address.isEmpty() && !address.equals(ServiceFamilies.NONE)) {
                    all.add(AddressTexts.address(address));
                }
            }
        }
        return all;
    }

    private void claim(ObjectNode spec, String asked) {
        String address = AddressTexts.address(asked);
        String why = switch (pools.take(address)) {
            case ServicePools.Taking.Taken _ -> "";
            case ServicePools.Taking.Allocated _ -> TAKEN;
            case ServicePools.Taking.NoNetwork _ -> "the provided network does not match the current range";
        };
        if (!why.isEmpty()) {
            throw notAllocated(spec, asked, why);
        }
        addresses.add(address);
        if (!recorded(spec, address, asked)) {
            throw notAllocated(spec, asked, TAKEN);
        }
    }

    private String any(ObjectNode spec, String family) {
        for (int i = 0; i < TRIES; i++) {
            String address = pools.takeAny(family);
            if (address == null) {
                break;
            }
            // Held to the end even if another server has it, so that the next try finds another.
            addresses.add(address);
            if (recorded(spec, address, "")) {
                return address;
            }
        }
        throw Errors.internal("failed to allocate a serviceIP for Service \"" + name + "\": range is full");
    }

    private boolean recorded(ObjectNode spec, String address, String asked) {
        if (dryRun) {
            return true;
        }
        try {
            boolean made = records.create(address, namespace, name);
            if (made) {
                recorded.add(address);
            }
            return made;
        } catch (StatusException e) {
            throw notAllocated(spec, asked, e.getMessage());
        }
    }

    private StatusException notAllocated(ObjectNode spec, String asked, @Nullable String why) {
        return refused(
                "spec.clusterIPs",
                spec.path("clusterIPs"),
                "failed to allocate IP" + (asked.isEmpty() ? "" : " " + asked) + ": " + why);
    }

    /**
     * Gives a new Service's ports their node ports; those of one number, as TCP's and UDP's of DNS, share one.
     *
     * @param wanted whether ports get one that ask for none
     */
    void ports(ObjectNode spec, boolean wanted) {
        Map<Long, Integer> shared = new HashMap<>();
        List<ObjectNode> all = Tree.objects(spec, "ports");
        for (int i = 0; i < all.size(); i++) {
            ObjectNode port = all.get(i);
            int asked = (int) Tree.number(port, "nodePort");
            if (asked == 0 && !wanted) {
                continue;
            }
            long number = Tree.number(port, "port");
            Integer given = shared.get(number);
            if (given != null && (asked == 0 || asked == given)) {
                port.put("nodePort", given);
                continue;
            }
            int take = given != null ? asked : asked(number, all);
            if (take == 0) {
                take = anyPort("a nodePort");
            } else {
                claimPort(field(i), take);
            }
            if (given == null) {
                shared.put(number, take);
                port.put("nodePort", take);
            }
        }
    }

    /** The node port that one of the ports of a number asks for. */
    private static int asked(long number, List<ObjectNode> ports) {
        for (ObjectNode port : ports) {
            if (Tree.number(port, "port") == number && Tree.number(port, "nodePort") != 0) {
                return (int) Tree.number(port, "nodePort");
            }
        }
        return 0;
    }

    /** Gives a changed Service's ports their node ports. */
    void ports(ObjectNode spec, ObjectNode before, boolean wanted) {
        Set<Integer> owned = new HashSet<>();
        Tree.objects(before, "ports").forEach(port -> owned.add((int) Tree.number(port, "nodePort")));
        List<ObjectNode> all = Tree.objects(spec, "ports");
        for (int i = 0; i < all.size(); i++) {
            int asked = (int) Tree.number(all.get(i), "nodePort");
            if (asked == 0) {
                if (wanted) {
                    all.get(i).put("nodePort", anyPort("a nodePort"));
                }
            } else if (!owned.contains(asked) && !ports.contains(asked)) {
                claimPort(field(i), asked);
            }
        }
    }

    private static String field(int index) {
        return "spec.ports[" + index + "].nodePort";
    }

    private void claimPort(String field, int asked) {
        String why = taken(asked);
        if (!why.isEmpty()) {
            throw refused(field, IntNode.valueOf(asked), why);
        }
    }

    /** Takes a port; why not, empty where it is taken. */
    private String taken(int asked) {
        if (!pools.inRange(asked)) {
            return "provided port is not in the valid range. The range of valid ports is " + pools.portRange();
        }
        if (!pools.take(asked)) {
            return "provided port is already allocated";
        }
        ports.add(asked);
        return "";
    }

    private int anyPort(String what) {
        int port = pools.takeAnyPort();
        if (port == 0) {
            throw Errors.internal("failed to allocate " + what + ": range is full");
        }
        ports.add(port);
        return port;
    }

    /** Gives the Service the port at which nodes tell whether they have its pods. */
    void healthPort(ObjectNode spec) {
        int asked = (int) Tree.number(spec, "healthCheckNodePort");
        if (asked == 0) {
            spec.put("healthCheckNodePort", anyPort("a HealthCheck NodePort"));
            return;
        }
        String why = taken(asked);
        if (!why.isEmpty()) {
            throw Errors.internal("failed to allocate requested HealthCheck NodePort " + asked + ": " + why);
        }
    }

    private StatusException refused(String field, JsonNode value, String why) {
        return Checks.invalid("", "Service", name, List.of(new FieldError(FieldError.Type.INVALID, field, value, why)));
    }

    @Override
    public void stored() {
        stored = true;
        released.forEach(address -> records.delete(address, namespace, name));
    }

    @Override
    public void close() {
        if (!stored) {
            recorded.forEach(address -> records.delete(address, namespace, name));
        }
        pools.release(addresses, ports);
    }
}
