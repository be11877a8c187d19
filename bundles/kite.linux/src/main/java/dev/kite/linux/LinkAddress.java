package dev.kite.linux;

/**
 * An address of a link.
 *
 * @param link the link's index
 * @param prefix the address with its network's length
 * @param scope 0 global, 253 link, 254 host (rtnetlink(7))
 */
public record LinkAddress(int link, IpPrefix prefix, int scope) {
    /** Reachable from everywhere. */
    public static final int GLOBAL = 0;
}
