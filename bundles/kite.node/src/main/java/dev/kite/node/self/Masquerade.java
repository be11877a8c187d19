package dev.kite.node.self;

import dev.kite.linux.IpPrefix;
import dev.kite.linux.Nftables;
import java.io.IOException;
import java.util.List;
import java.util.StringJoiner;

/** Lets pods speak to the world outside by the node's address: one nftables table, replaced in one transaction, that outlives this process (DESIGN, decision 7). */
final class Masquerade {
    private static final String TABLE = "kite-node";

    private final Nftables nft;

    Masquerade(Nftables nft) {
        this.nft = nft;
    }

    void apply(List<String> clusterNetworks) throws IOException {
        nft.apply(render(clusterNetworks));
    }

    static String render(List<String> clusterNetworks) {
        StringJoiner commands = new StringJoiner(",", "{\"nftables\":[", "]}");
        String table = "{\"table\":{\"family\":\"inet\",\"name\":\"" + TABLE + "\"}}";
        commands.add("{\"add\":" + table + "}");
        commands.add("{\"delete\":" + table + "}");
        commands.add("{\"add\":" + table + "}");
        commands.add(
                "{\"add\":{\"chain\":{\"family\":\"inet\",\"table\":\"" + TABLE
                        + "\",\"name\":\"postrouting\",\"type\":\"nat\",\"hook\":\"postrouting\",\"prio\":100,\"policy\":\"accept\"}}}");
        for (String network : clusterNetworks) {
            IpPrefix prefix = IpPrefix.parse(network).network();
            String protocol = prefix.v6() ? "ip6" : "ip";
            String multicast = prefix.v6() ? "ff00::/8" : "224.0.0.0/4";
            commands.add("{\"add\":{\"rule\":{\"family\":\"inet\",\"table\":\"" + TABLE
                    + "\",\"chain\":\"postrouting\",\"expr\":["
                    + match(protocol, "saddr", "==", prefix) + ","
                    + match(protocol, "daddr", "!=", prefix) + ","
                    + match(protocol, "daddr", "!=", IpPrefix.parse(multicast))
                    + ",{\"masquerade\":{\"flags\":\"fully-random\"}}]}}}");
        }
        return commands.toString();
    }

    private static String match(String protocol, String field, String operator, IpPrefix prefix) {
        return "{\"match\":{\"op\":\"" + operator + "\",\"left\":{\"payload\":{\"protocol\":\"" + protocol
                + "\",\"field\":\"" + field + "\"}},\"right\":{\"prefix\":{\"addr\":\""
                + prefix.address().getHostAddress() + "\",\"len\":" + prefix.length() + "}}}}";
    }
}
