package io.gatun.kube.ipam;

import io.gatun.kube.model.Family;
import io.gatun.kube.model.IpAddress;
import java.math.BigInteger;
import java.util.Optional;

/**
 * Addresses in a row, both ends included.
 *
 * @param first lowest
 * @param last highest, of the same family
 * @param edges whether addresses that end in .0 or .255 belong to it. In a CIDR of /24 or shorter they do not: hosts take
 *     them for a network's and its broadcast address.
 */
public record AddressRange(IpAddress first, IpAddress last, boolean edges) {
    private static final int EDGES_FROM = 25;
    private static final BigInteger OCTET = BigInteger.valueOf(0xff);

    /**
     * Reads {@code 192.168.80.200/32}, {@code 10.0.0.5/24} (which starts at 10.0.0.5), {@code 10.0.0.5-10.0.0.9}, or one
     * address.
     *
     * @return empty when it is none of these
     */
    public static Optional<AddressRange> parse(String text) {
        int slash = text.indexOf('/');
        if (slash >= 0) {
            return IpAddress.parse(text.substring(0, slash)).flatMap(start -> cidr(start, text.substring(slash + 1)));
        }
        int dash = text.indexOf('-');
        Optional<IpAddress> first =
                IpAddress.parse(dash < 0 ? text : text.substring(0, dash).strip());
        Optional<IpAddress> last =
                dash < 0 ? first : IpAddress.parse(text.substring(dash + 1).strip());
        return first.flatMap(from -> last.filter(to -> to.family() == from.family() && to.compareTo(from) >= 0)
                .map(to -> new AddressRange(from, to, true)));
    }

    private static Optional<AddressRange> cidr(IpAddress start, String lengthText) {
        if (!lengthText.matches("\\d{1,3}")
                || Integer.parseInt(lengthText) > start.family().bits()) {
            return Optional.empty();
        }
        int length = Integer.parseInt(lengthText);
        int hostBits = start.family().bits() - length;
        BigInteger host = BigInteger.ONE.shiftLeft(hostBits).subtract(BigInteger.ONE);
        IpAddress last = new IpAddress(start.family(), start.value().or(host));
        // The first address of a network of IPv6 is that of its routers (RFC 4291 section 2.6.1).
        boolean routers = start.family() == Family.IPV6
                && hostBits > 1
                && start.value().and(host).signum() == 0;
        return Optional.of(new AddressRange(
                routers ? start.plus(1) : start, last, start.family() == Family.IPV6 || length >= EDGES_FROM));
    }

    /** Of its addresses. */
    public Family family() {
        return first.family();
    }

    /** Whether it may be handed out. */
    public boolean contains(IpAddress address) {
        return address.family() == family()
                && address.compareTo(first) >= 0
                && address.compareTo(last) <= 0
                && (edges || !edge(address));
    }

    /** The lowest address of it that is not below another, or empty. */
    public Optional<IpAddress> from(IpAddress lowest) {
        IpAddress address = lowest.compareTo(first) < 0 ? first : lowest;
        while (!edges && edge(address)) {
            address = address.plus(1);
        }
        return address.compareTo(last) <= 0 ? Optional.of(address) : Optional.empty();
    }

    /** How many addresses there are, those at edges included. */
    public BigInteger size() {
        return last.value().subtract(first.value()).add(BigInteger.ONE);
    }

    private static boolean edge(IpAddress address) {
        BigInteger low = address.value().and(OCTET);
        return low.signum() == 0 || low.equals(OCTET);
    }

    @Override
    public String toString() {
        return first.equals(last) ? first.toString() : first + "-" + last;
    }
}
