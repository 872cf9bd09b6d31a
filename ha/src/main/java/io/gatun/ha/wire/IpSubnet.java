package io.gatun.ha.wire;

import io.gatun.forwarder.control.RejectedException;
import java.net.InetAddress;

/**
 * A subnet of an interface, of either family.
 *
 * @param address any address in it
 * @param prefixLength 0-32 for IPv4, 0-128 for IPv6
 */
public record IpSubnet(IpAddress address, int prefixLength) {
    public IpSubnet {
        int longest = address.isIpv4() ? Integer.SIZE : 2 * Long.SIZE;
        if (prefixLength < 0 || prefixLength > longest) {
            throw RejectedException.invalid("prefixLength", prefixLength, "must be 0-" + longest);
        }
    }

    /** The subnet that {@code address/prefixLength} of an interface makes. */
    public static IpSubnet of(InetAddress address, int prefixLength) {
        return new IpSubnet(IpAddress.of(address), prefixLength);
    }

    /** Whether the address lies in this subnet; one of the other family never does. */
    public boolean contains(IpAddress candidate) {
        if (address.isIpv4() != candidate.isIpv4()) {
            return false;
        }
        int mappedBits = address.isIpv4() ? 2 * Long.SIZE - Integer.SIZE : 0;
        return startsAlike(candidate, mappedBits + prefixLength);
    }

    private boolean startsAlike(IpAddress candidate, int bits) {
        if (bits <= Long.SIZE) {
            return bits == 0 || (address.high() ^ candidate.high()) >>> (Long.SIZE - bits) == 0;
        }
        return address.high() == candidate.high() && (address.low() ^ candidate.low()) >>> (2 * Long.SIZE - bits) == 0;
    }

    @Override
    public String toString() {
        return address + "/" + prefixLength;
    }
}
