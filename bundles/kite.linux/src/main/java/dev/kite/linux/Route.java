package dev.kite.linux;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * A route.
 *
 * @param destination where to; length 0 is the default route
 * @param gateway by which neighbour, null for what is on the link
 * @param link by which link, 0 for none given
 * @param source the address that packets get, null for the kernel's choice
 * @param metric the lower is taken first
 * @param table the routing table, {@link #MAIN}
 * @param protocol who made it: 2 the kernel, 3 boot, 4 an administrator
 * @param onLink whether the gateway is taken as being on the link though no address says so
 */
public record Route(
        IpPrefix destination,
        @Nullable InetAddress gateway,
        int link,
        @Nullable InetAddress source,
        int metric,
        int table,
        int protocol,
        boolean onLink) {
    /** The main table. */
    public static final int MAIN = 254;

    /**
     * A route by a neighbour.
     *
     * @param destination where to
     * @param gateway by which neighbour
     * @param link by which link
     * @return the route
     */
    public static Route via(IpPrefix destination, InetAddress gateway, int link) {
        return new Route(destination, gateway, link, null, 0, MAIN, 3, false);
    }

    /**
     * A route by a neighbour that no address of the link covers.
     *
     * @param destination where to
     * @param gateway by which neighbour
     * @param link by which link
     * @return the route
     */
    public static Route viaOnLink(IpPrefix destination, InetAddress gateway, int link) {
        return new Route(destination, gateway, link, null, 0, MAIN, 3, true);
    }

    /**
     * A route to what is on a link.
     *
     * @param destination where to
     * @param link by which link
     * @return the route
     */
    public static Route on(IpPrefix destination, int link) {
        return new Route(destination, null, link, null, 0, MAIN, 3, false);
    }

    /** @return whether it is a default route */
    public boolean isDefault() {
        return destination.length() == 0;
    }
}
