package dev.kite.cel.library;

import dev.kite.cel.eval.CelError;
import dev.kite.cel.eval.LibraryValue;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** IP addresses and networks: no zones, no IPv4-mapped IPv6, no leading zeros. */
final class Networks {
    static final List<Function> FUNCTIONS = List.of(
            Function.of("string_to_ip", "ip(string) net.IP", (e, a) -> ip((String) a[0])),
            Function.of("is_ip", "isIP(string) bool", (e, a) -> parse((String) a[0]) != null),
            Function.of(
                    "ip_is_canonical",
                    "ip.isCanonical(string) bool",
                    (e, a) -> ip((String) a[0]).toString().equals(a[0])),
            Function.of("ip_to_string", "string(net.IP) string", (e, a) -> a[0].toString()),
            Function.of("ip_family", "net.IP#family() int", (e, a) -> ((Ip) a[0]).bytes.length == 4 ? 4L : 6L),
            Function.of("ip_is_unspecified", "net.IP#isUnspecified() bool", (e, a) -> ((Ip) a[0]).isAll(0)),
            Function.of("ip_is_loopback", "net.IP#isLoopback() bool", (e, a) -> ((Ip) a[0]).isLoopback()),
            Function.of(
                    "ip_is_link_local_multicast",
                    "net.IP#isLinkLocalMulticast() bool",
                    (e, a) -> ((Ip) a[0]).isLinkLocalMulticast()),
            Function.of(
                    "ip_is_link_local_unicast",
                    "net.IP#isLinkLocalUnicast() bool",
                    (e, a) -> ((Ip) a[0]).isLinkLocalUnicast()),
            Function.of(
                    "ip_is_global_unicast", "net.IP#isGlobalUnicast() bool", (e, a) -> ((Ip) a[0]).isGlobalUnicast()),
            Function.of("string_to_cidr", "cidr(string) net.CIDR", (e, a) -> cidr((String) a[0])),
            Function.of("is_cidr", "isCIDR(string) bool", (e, a) -> parseCidr((String) a[0]) != null),
            Function.of("cidr_to_string", "string(net.CIDR) string", (e, a) -> a[0].toString()),
            Function.of("cidr_ip", "net.CIDR#ip() net.IP", (e, a) -> ((Cidr) a[0]).ip),
            Function.of("cidr_prefix_length", "net.CIDR#prefixLength() int", (e, a) -> (long) ((Cidr) a[0]).length),
            Function.of("cidr_masked", "net.CIDR#masked() net.CIDR", (e, a) -> ((Cidr) a[0]).masked()),
            Function.of(
                    "cidr_contains_ip_string",
                    "net.CIDR#containsIP(string) bool",
                    (e, a) -> ((Cidr) a[0]).contains(ip((String) a[1]))),
            Function.of(
                    "cidr_contains_ip_ip",
                    "net.CIDR#containsIP(net.IP) bool",
                    (e, a) -> ((Cidr) a[0]).contains((Ip) a[1])),
            Function.of(
                    "cidr_contains_cidr_string",
                    "net.CIDR#containsCIDR(string) bool",
                    (e, a) -> ((Cidr) a[0]).contains(cidr((String) a[1]))),
            Function.of(
                    "cidr_contains_cidr",
                    "net.CIDR#containsCIDR(net.CIDR) bool",
                    (e, a) -> ((Cidr) a[0]).contains((Cidr) a[1])));

    private Networks() {}

    /** An address of 4 or 16 bytes. */
    record Ip(byte[] bytes) implements LibraryValue {
        @Override
        public String typeName() {
            return "net.IP";
        }

        @Override
        public long size() {
            return bytes.length;
        }

        boolean isAll(int value) {
            for (byte b : bytes) {
                if ((b & 255) != value) {
                    return false;
                }
            }
            return true;
        }

        private int at(int i) {
            return bytes[i] & 255;
        }

        boolean isLoopback() {
            if (bytes.length == 4) {
                return at(0) == 127;
            }
            return at(15) == 1 && new Ip(Arrays.copyOf(bytes, 15)).isAll(0);
        }

        boolean isLinkLocalMulticast() {
            return bytes.length == 4 ? at(0) == 224 && at(1) == 0 && at(2) == 0 : at(0) == 255 && (at(1) & 15) == 2;
        }

        boolean isLinkLocalUnicast() {
            return bytes.length == 4 ? at(0) == 169 && at(1) == 254 : at(0) == 0xfe && (at(1) & 0xc0) == 0x80;
        }

        private boolean isMulticast() {
            return bytes.length == 4 ? (at(0) & 0xf0) == 0xe0 : at(0) == 255;
        }

        boolean isGlobalUnicast() {
            return !isAll(0)
                    && !(bytes.length == 4 && isAll(255))
                    && !isLoopback()
                    && !isMulticast()
                    && !isLinkLocalUnicast();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Ip ip && Arrays.equals(bytes, ip.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        /** The canonical text (RFC 5952). */
        @Override
        public String toString() {
            if (bytes.length == 4) {
                return at(0) + "." + at(1) + "." + at(2) + "." + at(3);
            }
            int bestStart = -1;
            int bestLength = 1;
            for (int i = 0; i < 8; i++) {
                int length = 0;
                while (i + length < 8 && group(i + length) == 0) {
                    length++;
                }
                if (length > bestLength) {
                    bestStart = i;
                    bestLength = length;
                }
            }
            StringBuilder out = new StringBuilder();
            for (int i = 0; i < 8; i++) {
                if (i == bestStart) {
                    out.append("::");
                    i += bestLength - 1;
                    continue;
                }
                out.append(out.isEmpty() || out.charAt(out.length() - 1) == ':' ? "" : ":")
                        .append(Integer.toHexString(group(i)));
            }
            return out.toString();
        }

        private int group(int i) {
            return at(2 * i) << 8 | at(2 * i + 1);
        }
    }

    /** An address and the length of its network's prefix. */
    record Cidr(Ip ip, int length) implements LibraryValue {
        @Override
        public String typeName() {
            return "net.CIDR";
        }

        /** As upstream: the address's bits over eight. */
        @Override
        public long size() {
            return (length + 7L) / 8;
        }

        Cidr masked() {
            byte[] masked = ip.bytes.clone();
            for (int i = 0; i < masked.length; i++) {
                int bits = Math.clamp(length - 8L * i, 0, 8);
                masked[i] &= (byte) (0xff00 >> bits);
            }
            return new Cidr(new Ip(masked), length);
        }

        boolean contains(Ip other) {
            return other.bytes.length == ip.bytes.length
                    && new Cidr(other, length).masked().ip.equals(masked().ip);
        }

        boolean contains(Cidr other) {
            return other.length >= length && contains(other.ip);
        }

        @Override
        public String toString() {
            return ip + "/" + length;
        }
    }

    static Ip ip(String text) {
        byte[] bytes = parse(text);
        if (bytes == null) {
            throw new CelError(Addresses.error(text));
        }
        return new Ip(bytes);
    }

    static Cidr cidr(String text) {
        Cidr cidr = parseCidr(text);
        if (cidr == null) {
            throw new CelError("network address parse error during conversion from string: "
                    + "network address parse error during conversion from string: " + Addresses.prefixError(text));
        }
        return cidr;
    }

    private static @Nullable Cidr parseCidr(String text) {
        int slash = text.lastIndexOf('/');
        String length = slash < 0 ? "" : text.substring(slash + 1);
        byte[] bytes = slash < 0 ? null : parse(text.substring(0, slash));
        if (bytes == null || !isNumber(length, 3) || Integer.parseInt(length) > bytes.length * 8) {
            return null;
        }
        return new Cidr(new Ip(bytes), Integer.parseInt(length));
    }

    private static boolean isNumber(String text, int most) {
        return !text.isEmpty()
                && text.length() <= most
                && text.chars().allMatch(c -> c >= '0' && c <= '9')
                && (text.length() == 1 || text.charAt(0) != '0');
    }

    /** The bytes, or null for what isn't an address. */
    static byte @Nullable [] parse(String text) {
        if (text.length() > 45) {
            return null;
        }
        return text.indexOf(':') >= 0 ? parse6(text) : parse4(text);
    }

    private static byte @Nullable [] parse4(String text) {
        String[] parts = text.split("\\.", -1);
        byte[] bytes = new byte[4];
        if (parts.length != 4) {
            return null;
        }
        for (int i = 0; i < 4; i++) {
            if (!isNumber(parts[i], 3) || Integer.parseInt(parts[i]) > 255) {
                return null;
            }
            bytes[i] = (byte) Integer.parseInt(parts[i]);
        }
        return bytes;
    }

    private static byte @Nullable [] parse6(String text) {
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            return null;
        }
        byte[] head = groups(gap < 0 ? text : text.substring(0, gap), gap < 0);
        byte[] tail = gap < 0 ? new byte[0] : groups(text.substring(gap + 2), true);
        if (head == null || tail == null) {
            return null;
        }
        int length = head.length + tail.length;
        if (gap < 0 ? length != 16 : length > 14) {
            return null;
        }
        byte[] bytes = Arrays.copyOf(head, 16);
        System.arraycopy(tail, 0, bytes, 16 - tail.length, tail.length);
        return isMapped(bytes) ? null : bytes;
    }

    private static boolean isMapped(byte[] bytes) {
        return bytes[10] == -1 && bytes[11] == -1 && new Ip(Arrays.copyOf(bytes, 10)).isAll(0);
    }

    private static byte @Nullable [] groups(String text, boolean last) {
        if (text.isEmpty()) {
            return new byte[0];
        }
        String[] parts = text.split(":", -1);
        byte[] bytes = new byte[0];
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i];
            if (last && i == parts.length - 1 && part.indexOf('.') > 0) {
                byte[] four = parse4(part);
                if (four == null) {
                    return null;
                }
                bytes = Arrays.copyOf(bytes, bytes.length + 4);
                System.arraycopy(four, 0, bytes, bytes.length - 4, 4);
                return bytes.length > 16 ? null : bytes;
            }
            if (part.isEmpty()
                    || part.length() > 4
                    || part.chars().anyMatch(c -> Character.digit(c, 16) < 0 || c > 127)) {
                return null;
            }
            int value = Integer.parseInt(part, 16);
            bytes = Arrays.copyOf(bytes, bytes.length + 2);
            bytes[bytes.length - 2] = (byte) (value >> 8);
            bytes[bytes.length - 1] = (byte) value;
        }
        return bytes.length > 16 ? null : bytes;
    }
}
