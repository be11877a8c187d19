package dev.kite.apiserver.validation;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** IP addresses and networks in the one form in which they are compared and stored. Stateless. */
public final class AddressTexts {
    private AddressTexts() {}

    /**
     * Reads an address.
     *
     * @param address the text
     * @return its 4 or 16 bytes, or null where it is none
     */
    public static byte @Nullable [] parse(String address) {
        boolean literal = !address.isEmpty()
                && address.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == '.' || c == ':')
                && (address.indexOf(':') >= 0 || address.split("\\.", -1).length == 4);
        if (!literal) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(address).getAddress();
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /**
     * Writes an address.
     *
     * @param address 4 or 16 bytes
     * @return the text
     */
    public static String text(byte[] address) {
        try {
            InetAddress made = InetAddress.getByAddress(address);
            return address.length == 4 ? made.getHostAddress() : Ipv6Text.of(address);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }

    /**
     * The one form of an address.
     *
     * @param address an address
     * @return that form; the text itself where it is no address
     */
    public static String address(String address) {
        byte[] parsed = parse(address);
        return parsed == null ? address : text(parsed);
    }

    /**
     * The one form of a network: no bits behind the prefix.
     *
     * @param cidr a network
     * @return that form; the text itself where it is no network
     */
    public static String network(String cidr) {
        int slash = cidr.indexOf('/');
        byte[] parsed = slash < 0 ? null : parse(cidr.substring(0, slash));
        String prefix = cidr.substring(slash + 1);
        if (parsed == null || !prefix.matches("\\d{1,3}")) {
            return cidr;
        }
        int free = parsed.length * 8 - Integer.parseInt(prefix);
        if (free < 0) {
            return cidr;
        }
        BigInteger base = new BigInteger(1, parsed).shiftRight(free).shiftLeft(free);
        return text(bytes(base, parsed.length)) + "/" + Integer.parseInt(prefix);
    }

    /**
     * A number as an address.
     *
     * @param number the number
     * @param length 4 or 16
     * @return its lowest bytes
     */
    public static byte[] bytes(BigInteger number, int length) {
        byte[] all = number.toByteArray();
        byte[] address = new byte[length];
        int used = Math.min(all.length, length);
        System.arraycopy(all, all.length - used, address, length - used, used);
        return address;
    }
}
