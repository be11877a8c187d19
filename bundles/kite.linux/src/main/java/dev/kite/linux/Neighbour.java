package dev.kite.linux;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * A neighbour: an entry of the ARP and NDP tables, or of a bridge's or VXLAN's forwarding table.
 *
 * @param link the link's index
 * @param forwarding whether it is in the forwarding table (address: the remote end of the tunnel) and not in ARP or NDP
 * @param address its address, null where the kernel has none
 * @param mac its hardware address
 * @param permanent whether it stays until deleted
 */
public record Neighbour(
        int link, boolean forwarding, @Nullable InetAddress address, String mac, boolean permanent) {}
