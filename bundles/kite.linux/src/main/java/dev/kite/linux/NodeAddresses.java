package dev.kite.linux;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds by which addresses a node is reached: those that its default routes send from. Pure but for {@link #detect()}. */
public final class NodeAddresses {
    /**
     * The link of the default route.
     *
     * @param link the link
     * @param addresses its global addresses, the preferred one of each family first
     */
    public record Uplink(Link link, List<InetAddress> addresses) {
        /** Copies the addresses. */
        public Uplink {
            addresses = List.copyOf(addresses);
        }
    }

    private NodeAddresses() {}

    /**
     * Looks in the calling thread's namespace.
     *
     * @return the link of the best default route, or where there is none the first link that is up with a global address; empty where there is none either
     * @throws IOException if the kernel refuses
     */
    public static Optional<Uplink> detect() throws IOException {
        try (RouteNetlink netlink = RouteNetlink.open()) {
            return choose(netlink.links(), netlink.addresses(), netlink.routes());
        }
    }

    static Optional<Uplink> choose(List<Link> links, List<LinkAddress> addresses, List<Route> routes) {
        List<Route> defaults = routes.stream()
                .filter(route -> route.isDefault() && route.table() == Route.MAIN && route.link() > 0)
                .sorted(Comparator.comparing(
                                (Route route) -> route.destination().v6())
                        .thenComparingInt(Route::metric))
                .toList();
        for (Route route : defaults) {
            Optional<Link> link =
                    links.stream().filter(one -> one.index() == route.link()).findFirst();
            if (link.isPresent()) {
                List<InetAddress> found = global(addresses, link.get());
                InetAddress source = route.source();
                if (source != null && found.remove(source)) {
                    found.addFirst(source);
                }
                if (!found.isEmpty()) {
                    return Optional.of(new Uplink(link.get(), found));
                }
            }
        }
        for (Link link : links) {
            List<InetAddress> found = global(addresses, link);
            if (link.up() && !link.loopback() && !found.isEmpty()) {
                return Optional.of(new Uplink(link, found));
            }
        }
        return Optional.empty();
    }

    private static List<InetAddress> global(List<LinkAddress> addresses, Link link) {
        List<InetAddress> found = new ArrayList<>();
        for (LinkAddress address : addresses) {
            if (address.link() == link.index() && address.scope() == LinkAddress.GLOBAL) {
                found.add(address.prefix().address());
            }
        }
        return found;
    }
}
