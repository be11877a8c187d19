package dev.kite.apiserver.registry;

import dev.kite.apiserver.validation.AddressTexts;
import java.math.BigInteger;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of one network that Services may have: all but its first and last. Those that nobody asks for by name come from the upper part, so that the
 * lower stays free for those that are (Kubernetes' ServiceIPStaticSubrange). Immutable.
 */
public final class AddressPool {
    private static final int TRIES = 64;

    /** So many addresses in a row that are all taken end the search: more Services than that are in no cluster. */
    private static final long SEARCH = 1 << 20;

    private final String cidr;
    private final BigInteger base;
    private final int bytes;
    private final int free;
    private final long size;

    /**
     * A pool.
     *
     * @param cidr the network, for example {@code 10.43.0.0/16}
     * @throws IllegalArgumentException if it is none
     */
    public AddressPool(String cidr) {
        int slash = cidr.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("not a network: " + cidr);
        }
        byte[] address = AddressTexts.parse(cidr.substring(0, slash));
        if (address == null) {
            throw new IllegalArgumentException("not a network: " + cidr);
        }
        int prefix = Integer.parseInt(cidr.substring(slash + 1));
        this.cidr = cidr;
        this.bytes = address.length;
        int free = bytes * 8 - prefix;
        if (prefix < 0 || free < 2) {
            throw new IllegalArgumentException("too small a network: " + cidr);
        }
        this.base = new BigInteger(1, address).shiftRight(free).shiftLeft(free);
        this.free = free;
        // Beyond 2^48 addresses of IPv6 nobody needs to count.
        this.size = 1L << Math.min(free, 48);
    }

    /** @return the network */
    public String cidr() {
        return cidr;
    }

    /** @return whether its addresses are IPv6 */
    public boolean isV6() {
        return bytes == 16;
    }

    /** @return IPv4 or IPv6 */
    public String family() {
        return isV6() ? "IPv6" : "IPv4";
    }

    /** @return the first address that may be used: that of the kubernetes Service */
    public String first() {
        return at(1);
    }

    /**
     * Tells whether an address is one that Services may have.
     *
     * @param address the address
     * @return whether it is
     */
    public boolean contains(String address) {
        byte[] parsed = AddressTexts.parse(address);
        if (parsed == null || parsed.length != bytes) {
            return false;
        }
        BigInteger offset = new BigInteger(1, parsed).subtract(base);
        BigInteger end = BigInteger.ONE.shiftLeft(free);
        BigInteger last = end.subtract(isV6() ? BigInteger.ONE : BigInteger.TWO);
        return offset.signum() > 0 && offset.compareTo(last) <= 0;
    }

    /**
     * Tells whether a network lies in this one, or is the same.
     *
     * @param other the network
     * @return whether all its addresses are this one's
     */
    public boolean contains(AddressPool other) {
        return other.bytes == bytes
                && other.free <= free
                && other.base.shiftRight(free).equals(base.shiftRight(free));
    }

    /**
     * Finds a free address.
     *
     * @param used tells which are not free
     * @return the address, or null where none is left
     */
    public @Nullable String free(Predicate<String> used) {
        long usable = isV6() ? size - 1 : size - 2;
        // min(max(16, size/16), 256): Kubernetes' size of the part for static addresses.
        long lower = size <= 16 ? 0 : Math.min(Math.max(16, size / 16), 256);
        String upper = freeIn(lower + 1, usable, used);
        return upper != null ? upper : freeIn(1, lower, used);
    }

    private @Nullable String freeIn(long from, long to, Predicate<String> used) {
        if (to < from) {
            return null;
        }
        long span = to - from + 1;
        for (int i = 0; i < TRIES; i++) {
            String address = at(from + ThreadLocalRandom.current().nextLong(span));
            if (!used.test(address)) {
                return address;
            }
        }
        long start = ThreadLocalRandom.current().nextLong(span);
        for (long i = 0; i < Math.min(span, SEARCH); i++) {
            String address = at(from + (start + i) % span);
            if (!used.test(address)) {
                return address;
            }
        }
        return null;
    }

    private String at(long offset) {
        return AddressTexts.text(AddressTexts.bytes(base.add(BigInteger.valueOf(offset)), bytes));
    }
}
