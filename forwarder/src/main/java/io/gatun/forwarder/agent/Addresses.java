package io.gatun.forwarder.agent;

import io.gatun.forwarder.nexthop.NextHopTable;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * Addresses of both families between the control plane's objects and the packet path's two longs, where an IPv4 address is
 * the mapped one. {@link Ipv4} is for places that know no other family.
 */
final class Addresses {
    private Addresses() {}

    /** First eight bytes, read big-endian; 0 for IPv4. */
    static long high(InetAddress address) {
        return address instanceof Inet6Address
                ? ByteBuffer.wrap(address.getAddress()).getLong(0)
                : 0;
    }

    /** Last eight bytes, read big-endian; of the mapped address for IPv4. */
    static long low(InetAddress address) {
        return address instanceof Inet4Address ipv4
                ? NextHopTable.mapped(Ipv4.toInt(ipv4))
                : ByteBuffer.wrap(address.getAddress()).getLong(Long.BYTES);
    }

    /** The address of these halves: an {@link Inet4Address} for a mapped one. */
    static InetAddress of(long high, long low) {
        if (NextHopTable.isMapped(high, low)) {
            return Ipv4.toAddress((int) low);
        }
        byte[] bytes =
                ByteBuffer.allocate(2 * Long.BYTES).putLong(high).putLong(low).array();
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("sixteen bytes are an IPv6 address", e);
        }
    }

    /** Bits of an address of this family. */
    static int bits(InetAddress address) {
        return address instanceof Inet4Address ? Integer.SIZE : 2 * Long.SIZE;
    }

    /** Whether two addresses are of one family and share their first {@code prefixLength} bits. */
    static boolean sameSubnet(InetAddress a, InetAddress b, int prefixLength) {
        if (bits(a) != bits(b)) {
            return false;
        }
        int differFrom = firstDifference(high(a) ^ high(b), low(a) ^ low(b)) - (2 * Long.SIZE - bits(a));
        return differFrom >= prefixLength;
    }

    private static int firstDifference(long high, long low) {
        return high != 0 ? Long.numberOfLeadingZeros(high) : Long.SIZE + Long.numberOfLeadingZeros(low);
    }
}
