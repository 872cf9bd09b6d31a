package io.gatun.ha.wire;

import io.gatun.forwarder.control.RejectedException;
import java.net.Inet4Address;

/**
 * A subnet of an interface.
 *
 * @param address any address in it, as {@link Ipv4Address#toInt}
 * @param prefixLength 0-32
 */
public record Ipv4Subnet(int address, int prefixLength) {
    public Ipv4Subnet {
        if (prefixLength < 0 || prefixLength > Integer.SIZE) {
            throw RejectedException.invalid("prefixLength", prefixLength, "must be 0-32");
        }
    }

    /** The subnet that {@code address/prefixLength} of an interface makes. */
    public static Ipv4Subnet of(Inet4Address address, int prefixLength) {
        return new Ipv4Subnet(Ipv4Address.toInt(address), prefixLength);
    }

    /** Whether the address lies in this subnet. */
    public boolean contains(int candidate) {
        return prefixLength == 0 || (address ^ candidate) >>> (Integer.SIZE - prefixLength) == 0;
    }

    @Override
    public String toString() {
        return Ipv4Address.toString(address) + "/" + prefixLength;
    }
}
