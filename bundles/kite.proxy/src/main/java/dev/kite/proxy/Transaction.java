package dev.kite.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The nftables commands that lead from what a table holds to what it is to hold, in one transaction. From nothing known, the whole table is written anew, in the same transaction in which the old
 * content goes: connections never meet a gap. What does not change is not touched, so that sets keep their clients.
 */
final class Transaction {
    static final String TABLE = "kite-proxy";
    private static final int NAT_DESTINATION = -100;
    private static final int NAT_SOURCE = 100;
    private static final int FILTER = -110;

    private final Family family;
    private final List<String> nodePorts;
    private final ArrayNode commands = JsonNodeFactory.instance.arrayNode();

    private Transaction(Family family, List<String> nodePorts) {
        this.family = family;
        this.nodePorts = nodePorts;
    }

    /**
     * Writes the commands.
     *
     * @param family the table's family
     * @param rules what the arguments say
     * @param before what the table holds, or null where that is not known
     * @param after what it is to hold
     * @return the JSON for nft, or null where nothing changes
     */
    static @Nullable String between(Family family, ProxyRules rules, @Nullable Ruleset before, Ruleset after) {
        Transaction transaction = new Transaction(family, rules.nodePorts(family));
        Ruleset known = before == null ? new Ruleset(new TreeMap<>(), new TreeMap<>(), java.util.Map.of()) : before;
        if (before == null) {
            transaction.skeleton();
        }
        transaction.sets(known, after);
        transaction.chains(known, after);
        transaction.elements(known, after);
        transaction.leftovers(known, after);
        if (transaction.commands.isEmpty()) {
            return null;
        }
        return JsonNodeFactory.instance
                .objectNode()
                .<ObjectNode>set("nftables", transaction.commands)
                .toString();
    }

    /**
     * The commands that remove a table.
     *
     * @param family its family
     * @return the JSON for nft
     */
    static String remove(Family family) {
        Transaction transaction = new Transaction(family, List.of());
        transaction.command("add", "table", transaction.named(null));
        transaction.command("delete", "table", transaction.named(null));
        return JsonNodeFactory.instance
                .objectNode()
                .<ObjectNode>set("nftables", transaction.commands)
                .toString();
    }

    private void skeleton() {
        command("add", "table", named(null));
        command("delete", "table", named(null));
        command("add", "table", named(null));
        map(ServiceChains.SERVICE_IPS, true);
        map(ServiceChains.WITHOUT_ENDPOINTS, true);
        map(ServiceChains.NODE_PORTS, false);
        map(ServiceChains.WITHOUT_ENDPOINTS_NODE_PORTS, false);
        command("add", "set", named(ServiceChains.CLUSTER_IPS).put("type", family.type()));
        chain(ServiceChains.REJECT);
        rule(ServiceChains.REJECT, List.of(Nft.nothing("reject")));
        chain("services");
        rule("services", List.of(Nft.verdicts(addressKey(), Nft.text("@" + ServiceChains.SERVICE_IPS))));
        nodePorts("services", ServiceChains.NODE_PORTS);
        chain("without-endpoints");
        rule("without-endpoints", List.of(Nft.verdicts(addressKey(), Nft.text("@" + ServiceChains.WITHOUT_ENDPOINTS))));
        nodePorts("without-endpoints", ServiceChains.WITHOUT_ENDPOINTS_NODE_PORTS);
        for (String hook : List.of("prerouting", "output")) {
            baseChain("nat-" + hook, "nat", hook, NAT_DESTINATION);
            rule("nat-" + hook, List.of(Nft.jump("services")));
        }
        baseChain("nat-postrouting", "nat", "postrouting", NAT_SOURCE);
        rule("nat-postrouting", List.of(Nft.hasMark(ServiceChains.MASQUERADE_MARK), Nft.nothing("masquerade")));
        for (String hook : List.of("input", "forward", "output")) {
            baseChain("filter-" + hook, "filter", hook, FILTER);
            rule("filter-" + hook, List.of(Nft.newConnection(), Nft.jump("without-endpoints")));
        }
        // A cluster address that is still the destination after translation has no such port; what this host sends is
        // translated in the output hook itself.
        baseChain("filter-output-translated", "filter", "output", NAT_DESTINATION + 10);
        for (String chain : List.of("filter-forward", "filter-output-translated")) {
            rule(
                    chain,
                    List.of(
                            Nft.newConnection(),
                            Nft.match(
                                    "==",
                                    Nft.payload(family.table(), "daddr"),
                                    Nft.text("@" + ServiceChains.CLUSTER_IPS)),
                            Nft.go(ServiceChains.REJECT)));
        }
        if (family == Family.IPV4) {
            guardLoopback();
        }
    }

    /** Node ports are looked up at all of this host's addresses, or at those of some networks. */
    private void nodePorts(String chain, String map) {
        if (nodePorts.isEmpty()) {
            rule(chain, List.of(Nft.toLocal(), Nft.verdicts(portKey(), Nft.text("@" + map))));
        }
        for (String network : nodePorts) {
            rule(
                    chain,
                    List.of(
                            Nft.toLocal(),
                            Nft.match("==", Nft.payload(family.table(), "daddr"), Nft.prefix(network)),
                            Nft.verdicts(portKey(), Nft.text("@" + map))));
        }
    }

    /** Node ports at 127.0.0.1 need loopback addresses to be routed; others must not reach this host's loopback by that. */
    private void guardLoopback() {
        JsonNode loopback = Nft.prefix("127.0.0.0/8");
        rule(
                "filter-input",
                List.of(
                        Nft.newConnection(),
                        Nft.match("!=", Nft.payload("ip", "saddr"), loopback),
                        Nft.match("==", Nft.payload("ip", "daddr"), loopback.deepCopy()),
                        Nft.nothing("drop")));
    }

    private JsonNode addressKey() {
        return Nft.concat(Nft.payload(family.table(), "daddr"), Nft.meta("l4proto"), Nft.payload("th", "dport"));
    }

    private static JsonNode portKey() {
        return Nft.concat(Nft.meta("l4proto"), Nft.payload("th", "dport"));
    }

    private void sets(Ruleset before, Ruleset after) {
        after.affinitySets().forEach((name, seconds) -> {
            if (!seconds.equals(before.affinitySets().get(name))) {
                ObjectNode set = named(name).put("type", family.type()).put("timeout", seconds);
                // nft 1.0.6 knows no "dynamic" in JSON; a set with time-outs takes updates from the packet path all the
                // same.
                set.putArray("flags").add("timeout");
                command("add", "set", set);
            }
        });
    }

    private void chains(Ruleset before, Ruleset after) {
        List<String> changed = after.chains().entrySet().stream()
                .filter(entry -> !entry.getValue().equals(before.chains().get(entry.getKey())))
                .map(java.util.Map.Entry::getKey)
                .toList();
        // Chains refer to each other: all are there before any has a rule.
        for (String name : changed) {
            chain(name);
            if (before.chains().containsKey(name)) {
                command("flush", "chain", named(name));
            }
        }
        for (String name : changed) {
            after.chains().getOrDefault(name, List.of()).forEach(statements -> rule(name, statements));
        }
    }

    private void elements(Ruleset before, Ruleset after) {
        after.elements().forEach((map, wanted) -> {
            SortedMap<String, JsonNode> there = before.elements().getOrDefault(map, new TreeMap<>());
            element(
                    "delete",
                    map,
                    there.entrySet().stream()
                            .filter(entry -> !entry.getValue().equals(wanted.get(entry.getKey())))
                            .map(java.util.Map.Entry::getValue)
                            .toList());
            element(
                    "add",
                    map,
                    wanted.entrySet().stream()
                            .filter(entry -> !entry.getValue().equals(there.get(entry.getKey())))
                            .map(java.util.Map.Entry::getValue)
                            .toList());
        });
    }

    private void leftovers(Ruleset before, Ruleset after) {
        List<String> chains = before.chains().keySet().stream()
                .filter(name -> !after.chains().containsKey(name))
                .toList();
        chains.forEach(name -> command("flush", "chain", named(name)));
        chains.forEach(name -> command("delete", "chain", named(name)));
        before.affinitySets().keySet().stream()
                .filter(name -> !after.affinitySets().containsKey(name))
                .forEach(name -> command("delete", "set", named(name)));
    }

    private void element(String verb, String map, Collection<JsonNode> elements) {
        if (!elements.isEmpty()) {
            ObjectNode element = named(map);
            element.putArray("elem").addAll(elements);
            command(verb, "element", element);
        }
    }

    private void map(String name, boolean withAddress) {
        ObjectNode map = named(name);
        ArrayNode type = map.putArray("type");
        if (withAddress) {
            type.add(family.type());
        }
        type.add("inet_proto").add("inet_service");
        command("add", "map", map.put("map", "verdict"));
    }

    private void chain(String name) {
        command("add", "chain", named(name));
    }

    private void baseChain(String name, String type, String hook, int priority) {
        command(
                "add",
                "chain",
                named(name)
                        .put("type", type)
                        .put("hook", hook)
                        .put("prio", priority)
                        .put("policy", "accept"));
    }

    private void rule(String chain, List<JsonNode> statements) {
        ObjectNode rule = JsonNodeFactory.instance
                .objectNode()
                .put("family", family.table())
                .put("table", TABLE)
                .put("chain", chain);
        rule.putArray("expr").addAll(statements);
        command("add", "rule", rule);
    }

    private ObjectNode named(@Nullable String name) {
        ObjectNode object = JsonNodeFactory.instance.objectNode().put("family", family.table());
        return name == null
                ? object.put("name", TABLE)
                : object.put("table", TABLE).put("name", name);
    }

    private void command(String verb, String kind, JsonNode object) {
        commands.add(Nft.object(verb, Nft.object(kind, object)));
    }
}
