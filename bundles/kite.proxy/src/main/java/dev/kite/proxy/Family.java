package dev.kite.proxy;

/** An address family with its names in nftables and in the API. */
enum Family {
    IPV4("ip", "ipv4_addr", "IPv4"),
    IPV6("ip6", "ipv6_addr", "IPv6");

    private final String table;
    private final String type;
    private final String addressType;

    Family(String table, String type, String addressType) {
        this.table = table;
        this.type = type;
        this.addressType = addressType;
    }

    /** nftables' family of tables and protocol of payloads. */
    String table() {
        return table;
    }

    /** nftables' type of addresses. */
    String type() {
        return type;
    }

    /** EndpointSlice's addressType. */
    String addressType() {
        return addressType;
    }

    boolean owns(String address) {
        return !address.isEmpty() && (address.indexOf(':') >= 0) == (this == IPV6);
    }
}
