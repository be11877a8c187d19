package dev.kite.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.tree.Tree;
import dev.kite.apiserver.validation.FieldError;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one write of a Service takes from the pools. Belongs to one thread. */
final class ServiceClaim implements Strategy.Claim {
    private static final String NONE = "None";

    private final ServicePools pools;
    private final String name;
    private final Set<String> addresses = new HashSet<>();
    private final Set<Integer> ports = new HashSet<>();

    ServiceClaim(ServicePools pools, String name) {
        this.pools = pools;
        this.name = name;
    }

    /** Gives the Service its addresses, one of each family that it wants. */
    void addresses(ObjectNode spec, @Nullable ObjectNode before) {
        List<String> given = given(spec);
        families(spec, given);
        if (given.equals(List.of(NONE))) {
            ServiceStrategy.set(spec, "clusterIPs", given);
            spec.put("clusterIP", NONE);
            return;
        }
        Set<String> owned = before == null || ServiceStrategy.isExternalName(before)
                ? Set.of()
                : Set.copyOf(Tree.texts(before, "clusterIPs"));
        List<String> families = Tree.texts(spec, "ipFamilies");
        List<String> result = new ArrayList<>();
        for (int i = 0; i < families.size(); i++) {
            AddressPool pool = pool(families.get(i));
            if (pool == null) {
                continue; // validation says which families there are
            }
            result.add(i < given.size() ? claim(given.get(i), pool, owned) : any(pool));
        }
        if (!result.isEmpty()) {
            ServiceStrategy.set(spec, "clusterIPs", result);
            spec.put("clusterIP", result.getFirst());
        }
    }

    private static List<String> given(ObjectNode spec) {
        List<String> many = Tree.texts(spec, "clusterIPs").stream()
                .filter(address -> !address.isEmpty())
                .toList();
        String single = Tree.text(spec, "clusterIP");
        return !many.isEmpty() ? many : single.isEmpty() ? List.of() : List.of(single);
    }

    /** Families and policy, where they aren't said: those of the addresses that are, or the cluster's default. */
    private void families(ObjectNode spec, List<String> given) {
        List<String> families = new ArrayList<>(Tree.texts(spec, "ipFamilies"));
        String policy = Tree.text(spec, "ipFamilyPolicy");
        boolean headless = given.equals(List.of(NONE));
        boolean selectorless = Tree.at(spec, "selector").isEmpty();
        if (policy.isEmpty()) {
            boolean dual = families.size() == 2 || given.size() == 2 || (headless && selectorless);
            policy = dual ? "RequireDualStack" : "SingleStack";
            spec.put("ipFamilyPolicy", policy);
        }
        if (families.isEmpty() && !headless) {
            given.forEach(address -> families.add(address.indexOf(':') >= 0 ? "IPv6" : "IPv4"));
        }
        if (families.isEmpty()) {
            families.add(pools.pools().getFirst().family());
        }
        boolean second = switch (policy) {
            case "RequireDualStack" ->
                (headless && selectorless) || pools.pools().size() > 1;
            case "PreferDualStack" -> pools.pools().size() > 1;
            default -> false;
        };
        if (second && families.size() == 1) {
            families.add(families.getFirst().equals("IPv4") ? "IPv6" : "IPv4");
        }
        ServiceStrategy.set(spec, "ipFamilies", families);
    }

    private @Nullable AddressPool pool(String family) {
        for (AddressPool pool : pools.pools()) {
            if (pool.family().equals(family)) {
                return pool;
            }
        }
        return null;
    }

    private String claim(String asked, AddressPool pool, Set<String> owned) {
        String address = AddressPool.canonical(asked);
        if (address == null || owned.contains(address)) {
            return asked; // validation says what is no address
        }
        if (!pool.contains(address)) {
            throw refused(
                    "spec.clusterIPs",
                    TextNode.valueOf(asked),
                    "failed to allocate IP " + address + ": the provided IP (" + address
                            + ") is not in the valid range. The range of valid IPs is " + pool.cidr());
        }
        if (!pools.take(address)) {
            throw refused(
                    "spec.clusterIPs",
                    TextNode.valueOf(asked),
                    "failed to allocate IP " + address + ": provided IP is already allocated");
        }
        addresses.add(address);
        return address;
    }

    private String any(AddressPool pool) {
        String address = pools.takeAny(pool);
        if (address == null) {
            throw Errors.internal("failed to allocate a serviceIP: range is full");
        }
        addresses.add(address);
        return address;
    }

    /** Gives the Service's ports their node ports. */
    void ports(ObjectNode spec, @Nullable ObjectNode before, boolean wanted) {
        Set<Long> owned = new HashSet<>();
        if (before != null) {
            Tree.objects(before, "ports").forEach(port -> owned.add(Tree.number(port, "nodePort")));
        }
        List<ObjectNode> all = Tree.objects(spec, "ports");
        for (int i = 0; i < all.size(); i++) {
            ObjectNode port = all.get(i);
            long asked = Tree.number(port, "nodePort");
            if (asked != 0) {
                claimPort("spec.ports[" + i + "].nodePort", asked, owned);
            } else if (wanted) {
                port.put("nodePort", shared(all, i));
            }
        }
    }

    /** TCP and UDP of one port share a node port, as DNS wants it. */
    private int shared(List<ObjectNode> all, int index) {
        ObjectNode port = all.get(index);
        for (int i = 0; i < index; i++) {
            ObjectNode other = all.get(i);
            boolean twin = Tree.number(other, "port") == Tree.number(port, "port")
                    && !Tree.text(other, "protocol").equals(Tree.text(port, "protocol"));
            if (twin && Tree.number(other, "nodePort") != 0) {
                return (int) Tree.number(other, "nodePort");
            }
        }
        return anyPort();
    }

    private void claimPort(String field, long asked, Set<Long> owned) {
        if (owned.contains(asked) || ports.contains((int) asked)) {
            return;
        }
        if (!pools.inRange(asked)) {
            throw refused(
                    field,
                    IntNode.valueOf((int) asked),
                    "provided port is not in the valid range. The range of valid ports is " + pools.portRange());
        }
        if (!pools.take((int) asked)) {
            throw refused(field, IntNode.valueOf((int) asked), "provided port is already allocated");
        }
        ports.add((int) asked);
    }

    private int anyPort() {
        int port = pools.takeAnyPort();
        if (port == 0) {
            throw Errors.internal("failed to allocate a nodePort: range is full");
        }
        ports.add(port);
        return port;
    }

    /** Gives the Service the port at which nodes tell whether they have its pods. */
    void healthPort(ObjectNode spec, @Nullable ObjectNode before) {
        long asked = Tree.number(spec, "healthCheckNodePort");
        if (asked == 0) {
            spec.put("healthCheckNodePort", anyPort());
        } else {
            claimPort(
                    "spec.healthCheckNodePort",
                    asked,
                    before == null ? Set.of() : Set.of(Tree.number(before, "healthCheckNodePort")));
        }
    }

    private StatusException refused(String field, JsonNode value, String why) {
        return Checks.invalid("", "Service", name, List.of(new FieldError(FieldError.Type.INVALID, field, value, why)));
    }

    @Override
    public void close() {
        pools.release(addresses, ports);
    }
}
