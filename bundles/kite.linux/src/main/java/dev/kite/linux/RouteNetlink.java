package dev.kite.linux;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Links, addresses, routes and neighbours of one network namespace (rtnetlink(7)): that of the thread that calls {@link #open}, whatever thread uses it later.
 * Thread-safe.
 */
public final class RouteNetlink implements AutoCloseable {
    private static final int NETLINK_ROUTE = 0;
    private static final int NEW_LINK = 16;
    private static final int DELETE_LINK = 17;
    private static final int GET_LINK = 18;
    private static final int NEW_ADDRESS = 20;
    private static final int DELETE_ADDRESS = 21;
    private static final int GET_ADDRESS = 22;
    private static final int NEW_ROUTE = 24;
    private static final int DELETE_ROUTE = 25;
    private static final int GET_ROUTE = 26;
    private static final int NEW_NEIGHBOUR = 28;
    private static final int DELETE_NEIGHBOUR = 29;
    private static final int GET_NEIGHBOUR = 30;
    private static final int IFF_UP = 1;
    private static final int IFF_LOOPBACK = 8;
    private static final int IFLA_ADDRESS = 1;
    private static final int IFLA_NAME = 3;
    private static final int IFLA_MTU = 4;
    private static final int IFLA_LINK = 5;
    private static final int IFLA_MASTER = 10;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_NET_NS_FD = 28;
    private static final int INFO_KIND = 1;
    private static final int INFO_DATA = 2;
    private static final int CREATE = NetlinkMessage.ACK | NetlinkMessage.CREATE | NetlinkMessage.EXCLUSIVE;
    private static final int REPLACE = NetlinkMessage.ACK | NetlinkMessage.CREATE | NetlinkMessage.REPLACE;

    private final NetlinkSocket socket;

    private RouteNetlink(NetlinkSocket socket) {
        this.socket = socket;
    }

    /**
     * Opens a connection in the calling thread's namespace.
     *
     * @return the connection, to be closed
     * @throws IOException if the kernel refuses
     */
    public static RouteNetlink open() throws IOException {
        return new RouteNetlink(new NetlinkSocket(NETLINK_ROUTE));
    }

    /**
     * Lists the links.
     *
     * @return all links by index
     * @throws IOException if the kernel refuses
     */
    public List<Link> links() throws IOException {
        List<Link> links = new ArrayList<>();
        for (NetlinkSocket.Answer answer :
                socket.dump("list links", linkMessage(GET_LINK, NetlinkMessage.DUMP, 0, 0))) {
            ByteBuffer body = answer.body();
            if (answer.type() != NEW_LINK || body.remaining() < 16) {
                continue;
            }
            int index = body.getInt(4);
            int flags = body.getInt(8);
            Map<Integer, ByteBuffer> attributes = NetlinkMessage.attributes(body.position(16));
            ByteBuffer info = attributes.get(IFLA_LINKINFO);
            String kind = info == null
                    ? ""
                    : NetlinkMessage.text(NetlinkMessage.attributes(info).get(INFO_KIND));
            links.add(new Link(
                    index,
                    NetlinkMessage.text(attributes.get(IFLA_NAME)),
                    kind,
                    RouteMessages.mac(attributes.get(IFLA_ADDRESS)),
                    NetlinkMessage.number(attributes.get(IFLA_MTU), 0),
                    (flags & IFF_UP) != 0,
                    (flags & IFF_LOOPBACK) != 0,
                    NetlinkMessage.number(attributes.get(IFLA_MASTER), 0),
                    NetlinkMessage.number(attributes.get(IFLA_LINK), 0)));
        }
        return List.copyOf(links);
    }

    /**
     * Finds a link.
     *
     * @param name its name
     * @return the link, or empty
     * @throws IOException if the kernel refuses
     */
    public Optional<Link> link(String name) throws IOException {
        return links().stream().filter(link -> link.name().equals(name)).findFirst();
    }

    /**
     * Creates a bridge, which is down.
     *
     * @param name its name
     * @param mtu 0 for the kernel's choice
     * @throws IOException with EEXIST if there is such a link
     */
    public void createBridge(String name, int mtu) throws IOException {
        NetlinkMessage message = linkMessage(NEW_LINK, CREATE, 0, 0).text(IFLA_NAME, name);
        mtu(message, mtu).nested(IFLA_LINKINFO, () -> message.text(INFO_KIND, "bridge"));
        socket.change("create bridge " + name, message);
    }

    /**
     * Creates two links that are each other's peers, which are down.
     *
     * @param name the one
     * @param peer the other
     * @param peerNamespace where the other goes, null for here
     * @param mtu 0 for the kernel's choice
     * @throws IOException with EEXIST if there is such a link
     */
    public void createVeth(String name, String peer, @Nullable NetworkNamespace peerNamespace, int mtu)
            throws IOException {
        int fd = peerNamespace == null ? -1 : Libc.open(peerNamespace.path(), Libc.O_RDONLY | Libc.O_CLOEXEC);
        try {
            NetlinkMessage message = linkMessage(NEW_LINK, CREATE, 0, 0).text(IFLA_NAME, name);
            mtu(message, mtu)
                    .nested(
                            IFLA_LINKINFO,
                            () -> message.text(INFO_KIND, "veth")
                                    .nested(
                                            INFO_DATA,
                                            () -> message.nested(1, () -> {
                                                message.u8(0, 0)
                                                        .u16(0)
                                                        .u32(0)
                                                        .u32(0)
                                                        .u32(0)
                                                        .text(IFLA_NAME, peer);
                                                mtu(message, mtu);
                                                if (fd >= 0) {
                                                    message.number(IFLA_NET_NS_FD, fd);
                                                }
                                            })));
            socket.change("create veth " + name, message);
        } finally {
            if (fd >= 0) {
                Libc.close(fd);
            }
        }
    }

    /**
     * Creates a VXLAN link, which is down.
     *
     * @param vxlan what
     * @throws IOException with EEXIST if there is such a link
     */
    public void createVxlan(Vxlan vxlan) throws IOException {
        NetlinkMessage message = linkMessage(NEW_LINK, CREATE, 0, 0).text(IFLA_NAME, vxlan.name());
        if (!vxlan.mac().isEmpty()) {
            message.attribute(IFLA_ADDRESS, RouteMessages.macBytes(vxlan.mac()));
        }
        boolean v6 = vxlan.local() instanceof Inet6Address;
        mtu(message, vxlan.mtu())
                .nested(
                        IFLA_LINKINFO,
                        () -> message.text(INFO_KIND, "vxlan")
                                .nested(
                                        INFO_DATA,
                                        () -> message.number(1, vxlan.id())
                                                .number(3, vxlan.lower())
                                                .attribute(
                                                        v6 ? 17 : 4,
                                                        vxlan.local().getAddress())
                                                .flag(7, false)
                                                .port(15, vxlan.port())));
        socket.change("create vxlan " + vxlan.name(), message);
    }

    /**
     * Deletes a link.
     *
     * @param link its index
     * @throws IOException with ENODEV if there is none
     */
    public void deleteLink(int link) throws IOException {
        socket.change("delete link " + link, linkMessage(DELETE_LINK, NetlinkMessage.ACK, link, 0));
    }

    /**
     * Sets a link up or down.
     *
     * @param link its index
     * @param up which
     * @throws IOException if the kernel refuses
     */
    public void setUp(int link, boolean up) throws IOException {
        NetlinkMessage message = new NetlinkMessage(NEW_LINK, NetlinkMessage.ACK)
                .u8(0, 0)
                .u16(0)
                .u32(link)
                .u32(up ? IFF_UP : 0)
                .u32(IFF_UP);
        socket.change("set link " + link + (up ? " up" : " down"), message);
    }

    /**
     * Puts a link into a bridge, or takes it out.
     *
     * @param link its index
     * @param master the bridge's index, 0 for none
     * @throws IOException if the kernel refuses
     */
    public void setMaster(int link, int master) throws IOException {
        socket.change(
                "set master of link " + link,
                linkMessage(NEW_LINK, NetlinkMessage.ACK, link, 0).number(IFLA_MASTER, master));
    }

    /**
     * Sets a link's largest packet.
     *
     * @param link its index
     * @param mtu bytes
     * @throws IOException if the kernel refuses
     */
    public void setMtu(int link, int mtu) throws IOException {
        socket.change(
                "set mtu of link " + link,
                linkMessage(NEW_LINK, NetlinkMessage.ACK, link, 0).number(IFLA_MTU, mtu));
    }

    /**
     * Moves a link to another namespace, where it is down.
     *
     * @param link its index
     * @param to where
     * @throws IOException if the kernel refuses
     */
    public void move(int link, NetworkNamespace to) throws IOException {
        int fd = Libc.open(to.path(), Libc.O_RDONLY | Libc.O_CLOEXEC);
        try {
            socket.change(
                    "move link " + link,
                    linkMessage(NEW_LINK, NetlinkMessage.ACK, link, 0).number(IFLA_NET_NS_FD, fd));
        } finally {
            Libc.close(fd);
        }
    }

    /**
     * Lists addresses.
     *
     * @return those of all links
     * @throws IOException if the kernel refuses
     */
    public List<LinkAddress> addresses() throws IOException {
        List<LinkAddress> addresses = new ArrayList<>();
        NetlinkMessage message = new NetlinkMessage(GET_ADDRESS, NetlinkMessage.DUMP)
                .u8(0, 0, 0, 0)
                .u32(0);
        for (NetlinkSocket.Answer answer : socket.dump("list addresses", message)) {
            ByteBuffer body = answer.body();
            if (answer.type() != NEW_ADDRESS || body.remaining() < 8) {
                continue;
            }
            int length = Byte.toUnsignedInt(body.get(1));
            int scope = Byte.toUnsignedInt(body.get(3));
            int link = body.getInt(4);
            Map<Integer, ByteBuffer> attributes = NetlinkMessage.attributes(body.position(8));
            InetAddress local = RouteMessages.address(attributes.get(2));
            InetAddress address = local != null ? local : RouteMessages.address(attributes.get(1));
            if (address != null) {
                addresses.add(new LinkAddress(link, new IpPrefix(address, length), scope));
            }
        }
        return List.copyOf(addresses);
    }

    /**
     * Gives a link an address; does nothing where it has it.
     *
     * @param link the link's index
     * @param address the address with its network's length
     * @throws IOException if the kernel refuses
     */
    public void addAddress(int link, IpPrefix address) throws IOException {
        socket.change("add address " + address, RouteMessages.address(NEW_ADDRESS, REPLACE, link, address));
    }

    /**
     * Takes an address from a link.
     *
     * @param link the link's index
     * @param address the address with its network's length
     * @throws IOException with EADDRNOTAVAIL if the link hasn't it
     */
    public void deleteAddress(int link, IpPrefix address) throws IOException {
        socket.change(
                "delete address " + address, RouteMessages.address(DELETE_ADDRESS, NetlinkMessage.ACK, link, address));
    }

    /**
     * Lists unicast routes.
     *
     * @return those of all tables, IPv4 and IPv6
     * @throws IOException if the kernel refuses
     */
    public List<Route> routes() throws IOException {
        List<Route> routes = new ArrayList<>();
        NetlinkMessage message = new NetlinkMessage(GET_ROUTE, NetlinkMessage.DUMP)
                .u8(0, 0, 0, 0, 0, 0, 0, 0)
                .u32(0);
        for (NetlinkSocket.Answer answer : socket.dump("list routes", message)) {
            ByteBuffer body = answer.body();
            if (answer.type() == NEW_ROUTE && body.remaining() >= 12 && body.get(7) == 1) {
                routes.add(RouteMessages.route(body));
            }
        }
        return List.copyOf(routes);
    }

    /**
     * Sets a route; one to the same destination with the same metric is replaced.
     *
     * @param route the route
     * @throws IOException if the kernel refuses
     */
    public void setRoute(Route route) throws IOException {
        socket.change("set route to " + route.destination(), RouteMessages.route(NEW_ROUTE, REPLACE, route));
    }

    /**
     * Deletes a route.
     *
     * @param route the route
     * @throws IOException with ESRCH if there is none such
     */
    public void deleteRoute(Route route) throws IOException {
        socket.change(
                "delete route to " + route.destination(), RouteMessages.route(DELETE_ROUTE, NetlinkMessage.ACK, route));
    }

    /**
     * Lists neighbours.
     *
     * @param forwarding whether of the forwarding tables, else of ARP and NDP
     * @return those of all links
     * @throws IOException if the kernel refuses
     */
    public List<Neighbour> neighbours(boolean forwarding) throws IOException {
        List<Neighbour> neighbours = new ArrayList<>();
        NetlinkMessage message = new NetlinkMessage(GET_NEIGHBOUR, NetlinkMessage.DUMP)
                .u8(forwarding ? RouteMessages.AF_BRIDGE : 0, 0)
                .u16(0)
                .u32(0)
                .u16(0)
                .u8(0, 0);
        for (NetlinkSocket.Answer answer : socket.dump("list neighbours", message)) {
            ByteBuffer body = answer.body();
            if (answer.type() != NEW_NEIGHBOUR
                    || body.remaining() < 12
                    || (body.get(0) == RouteMessages.AF_BRIDGE) != forwarding) {
                continue;
            }
            int link = body.getInt(4);
            boolean permanent = (body.getShort(8) & RouteMessages.NUD_PERMANENT) != 0;
            Map<Integer, ByteBuffer> attributes = NetlinkMessage.attributes(body.position(12));
            neighbours.add(new Neighbour(
                    link,
                    forwarding,
                    RouteMessages.address(attributes.get(1)),
                    RouteMessages.mac(attributes.get(2)),
                    permanent));
        }
        return List.copyOf(neighbours);
    }

    /**
     * Sets a neighbour; one of the same address (forwarding: of the same hardware address) is replaced.
     *
     * @param neighbour the neighbour
     * @throws IOException if the kernel refuses
     */
    public void setNeighbour(Neighbour neighbour) throws IOException {
        socket.change("set neighbour " + neighbour.mac(), RouteMessages.neighbour(NEW_NEIGHBOUR, REPLACE, neighbour));
    }

    /**
     * Deletes a neighbour.
     *
     * @param neighbour the neighbour
     * @throws IOException with ENOENT if there is none such
     */
    public void deleteNeighbour(Neighbour neighbour) throws IOException {
        socket.change(
                "delete neighbour " + neighbour.mac(),
                RouteMessages.neighbour(DELETE_NEIGHBOUR, NetlinkMessage.ACK, neighbour));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static NetlinkMessage linkMessage(int type, int flags, int index, int up) {
        return new NetlinkMessage(type, flags)
                .u8(0, 0)
                .u16(0)
                .u32(index)
                .u32(up)
                .u32(up);
    }

    private static NetlinkMessage mtu(NetlinkMessage message, int mtu) {
        return mtu > 0 ? message.number(IFLA_MTU, mtu) : message;
    }
}
