package dev.kite.linux;

/**
 * A network interface.
 *
 * @param index its index in its namespace
 * @param name its name
 * @param kind {@code bridge}, {@code veth}, {@code vxlan}, ...; empty for hardware and lo
 * @param mac its hardware address {@code 02:42:ac:11:00:02}, empty where it has none
 * @param mtu the largest packet in bytes
 * @param up whether it is set up
 * @param loopback whether it is lo
 * @param master the index of the bridge that it is in, 0 for none
 * @param peer the index of its peer (veth) or lower link, in the peer's namespace; 0 for none
 */
public record Link(
        int index, String name, String kind, String mac, int mtu, boolean up, boolean loopback, int master, int peer) {}
