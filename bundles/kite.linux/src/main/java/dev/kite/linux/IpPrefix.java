package dev.kite.linux;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * An address with the length of its network's prefix, for example {@code 10.42.0.1/24}. Whether host bits are set is the caller's to decide.
 *
 * @param address the address
 * @param length the prefix's length in bits
 */
public record IpPrefix(InetAddress address, int length) {
    /** Checks the length. */
    public IpPrefix {
        if (length < 0 || length > address.getAddress().length * 8) {
            throw new IllegalArgumentException("prefix length " + length + " for " + address.getHostAddress());
        }
    }

    /**
     * Reads CIDR notation.
     *
     * @param text {@code 10.42.0.0/24} or {@code fd00::/64}
     * @return the prefix
     * @throws IllegalArgumentException if it isn't one
     */
    public static IpPrefix parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("not a CIDR: " + text);
        }
        try {
            return new IpPrefix(literal(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a CIDR: " + text, e);
        }
    }

    /**
     * Reads an address without ever asking DNS.
     *
     * @param text the address
     * @return it
     * @throws IllegalArgumentException if it isn't one
     */
    public static InetAddress literal(String text) {
        return InetAddress.ofLiteral(text);
    }

    /** @return the network's first address with the same length */
    public IpPrefix network() {
        byte[] bytes = address.getAddress();
        for (int bit = length; bit < bytes.length * 8; bit++) {
            bytes[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
        return new IpPrefix(of(bytes), length);
    }

    /**
     * Returns an address of the network.
     *
     * @param offset how far from the network's first address
     * @return the address
     */
    public InetAddress nth(long offset) {
        byte[] bytes = network().address.getAddress();
        long carry = offset;
        for (int i = bytes.length - 1; i >= 0 && carry > 0; i--) {
            carry += bytes[i] & 0xff;
            bytes[i] = (byte) carry;
            carry >>>= 8;
        }
        return of(bytes);
    }

    /**
     * Tells whether an address is in the network.
     *
     * @param other the address, of any family
     * @return whether it is
     */
    public boolean contains(@Nullable InetAddress other) {
        return other != null
                && other.getAddress().length == address.getAddress().length
                && new IpPrefix(other, length).network().address.equals(network().address);
    }

    /** @return whether it is IPv6 */
    public boolean v6() {
        return address.getAddress().length == 16;
    }

    static InetAddress of(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address of " + bytes.length + " bytes", e);
        }
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + length;
    }
}
