package dev.kite.linux;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How addresses, routes and neighbours are written in rtnetlink(7)'s messages, and read. Attribute numbers are those of linux/if_addr.h, rtnetlink.h and neighbour.h. */
final class RouteMessages {
    private static final int AF_INET = 2;
    static final int AF_BRIDGE = 7;
    private static final int AF_INET6 = 10;
    private static final int SCOPE_LINK = 253;
    static final int NUD_PERMANENT = 0x80;
    private static final int NTF_SELF = 2;
    private static final int RTNH_F_ONLINK = 4;

    private RouteMessages() {}

    static Route route(ByteBuffer body) {
        int family = body.get(0);
        int length = Byte.toUnsignedInt(body.get(1));
        int table = Byte.toUnsignedInt(body.get(4));
        int protocol = Byte.toUnsignedInt(body.get(5));
        boolean onLink = (body.getInt(8) & RTNH_F_ONLINK) != 0;
        Map<Integer, ByteBuffer> attributes = NetlinkMessage.attributes(body.position(12));
        InetAddress to = address(attributes.get(1));
        if (to == null) {
            to = IpPrefix.of(new byte[family == AF_INET6 ? 16 : 4]);
        }
        return new Route(
                new IpPrefix(to, length),
                address(attributes.get(5)),
                NetlinkMessage.number(attributes.get(4), 0),
                address(attributes.get(7)),
                NetlinkMessage.number(attributes.get(6), 0),
                NetlinkMessage.number(attributes.get(15), table),
                protocol,
                onLink);
    }

    static NetlinkMessage address(int type, int flags, int link, IpPrefix address) {
        byte[] bytes = address.address().getAddress();
        int nodad = address.v6() ? 2 : 0; // an overlay's address is used at once, without duplicate detection
        return new NetlinkMessage(type, flags)
                .u8(address.v6() ? AF_INET6 : AF_INET, address.length(), nodad, LinkAddress.GLOBAL)
                .u32(link)
                .attribute(2, bytes)
                .attribute(1, bytes);
    }

    static NetlinkMessage route(int type, int flags, Route route) {
        int scope = route.gateway() == null && !route.destination().v6() ? SCOPE_LINK : 0;
        NetlinkMessage message = new NetlinkMessage(type, flags)
                .u8(
                        route.destination().v6() ? AF_INET6 : AF_INET,
                        route.destination().length(),
                        0,
                        0)
                .u8(route.table() < 256 ? route.table() : 0, route.protocol(), scope, 1)
                .u32(route.onLink() ? RTNH_F_ONLINK : 0);
        if (!route.isDefault()) {
            message.attribute(1, route.destination().network().address().getAddress());
        }
        if (route.gateway() != null) {
            message.attribute(5, route.gateway().getAddress());
        }
        if (route.link() > 0) {
            message.number(4, route.link());
        }
        if (route.source() != null) {
            message.attribute(7, route.source().getAddress());
        }
        if (route.metric() > 0) {
            message.number(6, route.metric());
        }
        return message.number(15, route.table());
    }

    static NetlinkMessage neighbour(int type, int flags, Neighbour neighbour) {
        InetAddress address = neighbour.address();
        int family = neighbour.forwarding() ? AF_BRIDGE : address instanceof Inet6Address ? AF_INET6 : AF_INET;
        NetlinkMessage message = new NetlinkMessage(type, flags)
                .u8(family, 0)
                .u16(0)
                .u32(neighbour.link())
                .u16(neighbour.permanent() ? NUD_PERMANENT : 0x02)
                .u8(neighbour.forwarding() ? NTF_SELF : 0, 0);
        if (address != null) {
            message.attribute(1, address.getAddress());
        }
        return message.attribute(2, macBytes(neighbour.mac()));
    }

    static @Nullable InetAddress address(@Nullable ByteBuffer value) {
        byte[] bytes = NetlinkMessage.bytes(value);
        return bytes == null || (bytes.length != 4 && bytes.length != 16) ? null : IpPrefix.of(bytes);
    }

    static String mac(@Nullable ByteBuffer value) {
        byte[] bytes = NetlinkMessage.bytes(value);
        return bytes == null || bytes.length != 6
                ? ""
                : HexFormat.ofDelimiter(":").formatHex(bytes);
    }

    static byte[] macBytes(String mac) {
        return HexFormat.ofDelimiter(":").parseHex(mac);
    }
}
