package dev.kite.controllers.nodes;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The equal parts of a cluster network, one for each node: a /24 of an IPv4 network, a /64 of an IPv6 one, as kube-controller-manager's defaults. Not thread-safe. */
final class PodNetworks {
    private static final int IPV4_NODE_PREFIX = 24;
    private static final int IPV6_NODE_PREFIX = 64;

    private final BigInteger base;
    private final int bytes;
    private final int nodePrefix;
    private final BigInteger count;
    private final Set<BigInteger> taken = new HashSet<>();

    /**
     * Divides a network.
     *
     * @param cidr the cluster network, for example 10.42.0.0/16
     * @throws IllegalArgumentException if it is no network, or smaller than a node's part
     */
    PodNetworks(String cidr) {
        this(cidr, cidr.contains(":") ? IPV6_NODE_PREFIX : IPV4_NODE_PREFIX);
    }

    /**
     * Divides a network.
     *
     * @param cidr the cluster network, for example 10.42.0.0/16
     * @param nodePrefix how long the prefix of a node's part is
     * @throws IllegalArgumentException if it is no network, smaller than a node's part, or has too many parts
     */
    PodNetworks(String cidr, int nodePrefix) {
        int slash = cidr.indexOf('/');
        byte[] address = literal(slash < 0 ? cidr : cidr.substring(0, slash));
        this.bytes = address.length;
        int bits = bytes * 8;
        int prefix = slash < 0 ? bits : Integer.parseInt(cidr.substring(slash + 1));
        this.nodePrefix = nodePrefix;
        if (nodePrefix > bits) {
            throw new IllegalArgumentException("a node's part of " + cidr + " can't be a /" + nodePrefix);
        }
        if (prefix < 0 || prefix > nodePrefix) {
            throw new IllegalArgumentException(cidr + " is too small to give each node a /" + nodePrefix);
        }
        BigInteger mask = BigInteger.ONE.shiftLeft(bits - prefix).subtract(BigInteger.ONE);
        this.base = new BigInteger(1, address).andNot(mask);
        this.count = BigInteger.ONE.shiftLeft(nodePrefix - prefix);
    }

    private static byte[] literal(String address) {
        // Only digits, letters a to f, dots and colons: never a name that would be looked up.
        if (!address.matches("[0-9a-fA-F.:]+")) {
            throw new IllegalArgumentException(address + " is no IP address");
        }
        try {
            return InetAddress.ofLiteral(address).getAddress();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(address + " is no IP address", e);
        }
    }

    /**
     * Takes a part that a node has already; one of another network is left alone.
     *
     * @param cidr the node's network
     * @return whether it is a part of this network that was free
     */
    boolean take(String cidr) {
        BigInteger index = index(cidr);
        return index != null && taken.add(index);
    }

    private @Nullable BigInteger index(String cidr) {
        int slash = cidr.indexOf('/');
        if (slash < 0 || !cidr.substring(slash + 1).equals(Integer.toString(nodePrefix))) {
            return null;
        }
        byte[] address = literal(cidr.substring(0, slash));
        if (address.length != bytes) {
            return null;
        }
        BigInteger index = new BigInteger(1, address).subtract(base).shiftRight(bytes * 8 - nodePrefix);
        return index.signum() < 0 || index.compareTo(count) >= 0 ? null : index;
    }

    /**
     * Takes the lowest free part.
     *
     * @return the network, or null when all are taken
     */
    @Nullable
    String next() {
        for (BigInteger index = BigInteger.ZERO; index.compareTo(count) < 0; index = index.add(BigInteger.ONE)) {
            if (taken.add(index)) {
                return format(base.add(index.shiftLeft(bytes * 8 - nodePrefix)));
            }
        }
        return null;
    }

    private String format(BigInteger value) {
        byte[] plain = value.toByteArray();
        byte[] address = new byte[bytes];
        int length = Math.min(plain.length, bytes);
        System.arraycopy(plain, plain.length - length, address, bytes - length, length);
        try {
            return InetAddress.getByAddress(address).getHostAddress() + "/" + nodePrefix;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }
}
