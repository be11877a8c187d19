package dev.kite.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes Services as nftables chains: a verdict map leads from address and port to the Service's chain, which picks an endpoint's chain at random, which rewrites the destination. Connections that come
 * from outside the pods' network, or back to the pod that made them, are marked for masquerading. A pure function of its inputs.
 */
final class ServiceChains {
    static final String SERVICE_IPS = "service-ips";
    static final String NODE_PORTS = "service-nodeports";
    static final String CLUSTER_IPS = "cluster-ips";
    static final String WITHOUT_ENDPOINTS = "no-endpoint-services";
    static final String WITHOUT_ENDPOINTS_NODE_PORTS = "no-endpoint-nodeports";
    static final String REJECT = "reject-chain";
    static final int MASQUERADE_MARK = 0x4000;
    private static final int NAME_BOUND = 100;

    private final Family family;
    private final boolean masqueradeAll;
    private final List<String> clusterCidrs;
    private final SortedMap<String, List<List<JsonNode>>> chains = new TreeMap<>();
    private final SortedMap<String, SortedMap<String, JsonNode>> elements = new TreeMap<>();
    private final SortedMap<String, Integer> affinitySets = new TreeMap<>();

    private ServiceChains(Family family, List<String> clusterCidrs, boolean masqueradeAll) {
        this.family = family;
        this.masqueradeAll = masqueradeAll;
        this.clusterCidrs =
                clusterCidrs.stream().filter(cidr -> family.owns(cidr)).toList();
        for (String map :
                List.of(SERVICE_IPS, NODE_PORTS, CLUSTER_IPS, WITHOUT_ENDPOINTS, WITHOUT_ENDPOINTS_NODE_PORTS)) {
            elements.put(map, new TreeMap<>());
        }
    }

    static Ruleset write(Family family, List<String> clusterCidrs, ProxyRules proxy, List<ServicePort> ports) {
        ServiceChains writer = new ServiceChains(family, clusterCidrs, proxy.masqueradeAll());
        ports.forEach(writer::add);
        return new Ruleset(writer.chains, writer.elements, writer.affinitySets);
    }

    private void add(ServicePort port) {
        put(CLUSTER_IPS, port.clusterIp(), Nft.text(port.clusterIp()));
        if (port.clusterEndpoints().isEmpty()) {
            address(WITHOUT_ENDPOINTS, port.clusterIp(), port, REJECT);
        } else {
            String chain = name("service", port.id(), "");
            List<List<JsonNode>> rules = new ArrayList<>();
            rules.add(markFromOutside(port.clusterIp()));
            choose(rules, port, port.clusterEndpoints());
            chains.put(chain, rules);
            address(SERVICE_IPS, port.clusterIp(), port, chain);
        }
        external(port);
    }

    private void external(ServicePort port) {
        if (port.nodePort() == 0 && port.externalAddresses().isEmpty()) {
            return;
        }
        boolean none = port.externalEndpoints().isEmpty();
        String chain = none ? REJECT : name("external", port.id(), "");
        if (!none) {
            List<List<JsonNode>> rules = new ArrayList<>();
            if (!port.externalLocal()) {
                rules.add(List.of(Nft.setMark(MASQUERADE_MARK)));
            }
            choose(rules, port, port.externalEndpoints());
            chains.put(chain, rules);
        }
        for (String address : port.externalAddresses()) {
            address(none ? WITHOUT_ENDPOINTS : SERVICE_IPS, address, port, chain);
        }
        if (port.nodePort() != 0) {
            JsonNode key = Nft.concat(Nft.text(port.protocol()), Nft.number(port.nodePort()));
            put(none ? WITHOUT_ENDPOINTS_NODE_PORTS : NODE_PORTS, key.toString(), Nft.array(key, Nft.go(chain)));
        }
    }

    private void address(String map, String address, ServicePort port, String chain) {
        JsonNode key = Nft.concat(Nft.text(address), Nft.text(port.protocol()), Nft.number(port.port()));
        put(map, key.toString(), Nft.array(key, Nft.go(chain)));
    }

    private void put(String map, String key, JsonNode element) {
        elements.computeIfAbsent(map, _ -> new TreeMap<>()).putIfAbsent(key, element);
    }

    /** Who reaches a cluster address from outside the pods' network must get the answer by this node. */
    private List<JsonNode> markFromOutside(String clusterIp) {
        List<JsonNode> rule = new ArrayList<>();
        rule.add(Nft.match("==", Nft.payload(family.table(), "daddr"), Nft.text(clusterIp)));
        for (String cidr : masqueradeAll ? List.<String>of() : clusterCidrs) {
            rule.add(Nft.match("!=", Nft.payload(family.table(), "saddr"), Nft.prefix(cidr)));
        }
        rule.add(Nft.setMark(MASQUERADE_MARK));
        return rule;
    }

    private void choose(List<List<JsonNode>> rules, ServicePort port, List<ServicePort.Endpoint> endpoints) {
        ArrayNode verdicts = Nft.array();
        for (int i = 0; i < endpoints.size(); i++) {
            String chain = endpoint(port, endpoints.get(i));
            verdicts.add(Nft.array(Nft.number(i), Nft.go(chain)));
            if (port.affinitySeconds() > 0) {
                rules.add(List.of(
                        Nft.match("==", Nft.payload(family.table(), "saddr"), Nft.text("@" + affinitySet(chain))),
                        Nft.go(chain)));
            }
        }
        rules.add(List.of(Nft.verdicts(Nft.random(endpoints.size()), Nft.object("set", verdicts))));
    }

    private String endpoint(ServicePort port, ServicePort.Endpoint endpoint) {
        String chain = name("endpoint", port.id(), endpoint.address() + "/" + endpoint.port());
        if (!chains.containsKey(chain)) {
            JsonNode source = Nft.payload(family.table(), "saddr");
            List<List<JsonNode>> rules = new ArrayList<>();
            rules.add(List.of(Nft.match("==", source, Nft.text(endpoint.address())), Nft.setMark(MASQUERADE_MARK)));
            if (port.affinitySeconds() > 0) {
                String set = affinitySet(chain);
                affinitySets.put(set, port.affinitySeconds());
                rules.add(List.of(Nft.updateSet(source, set)));
            }
            rules.add(List.of(
                    Nft.match("==", Nft.meta("l4proto"), Nft.text(port.protocol())),
                    Nft.dnat(endpoint.address(), endpoint.port())));
            chains.put(chain, rules);
        }
        return chain;
    }

    private static String affinitySet(String chain) {
        return "affinity" + chain.substring("endpoint".length());
    }

    /** Names are bounded by the kernel and must differ where cut; the hash sees to that. */
    private static String name(String kind, String id, String suffix) {
        String full = id + (suffix.isEmpty() ? "" : "__" + suffix);
        String name = kind + "-" + hash(full) + "-" + full;
        return name.length() <= NAME_BOUND ? name : name.substring(0, NAME_BOUND);
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
