package dev.kite.linux;

import java.net.InetAddress;

/**
 * A VXLAN link without learning, as overlay networks want it.
 *
 * @param name the link's name
 * @param id the network's identifier, 24 bits
 * @param lower the index of the link that carries it
 * @param local the address that packets are sent from
 * @param port the UDP port
 * @param mac its hardware address, empty for a random one
 * @param mtu 0 for the kernel's choice
 */
public record Vxlan(String name, int id, int lower, InetAddress local, int port, String mac, int mtu) {}
