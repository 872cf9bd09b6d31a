package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.nat.PortSpace;

/**
 * The source that packets towards an endpoint get: an address that brings the replies back to us.
 *
 * @param high upper half of the address, 0 for IPv4
 * @param low lower half; of IPv4 the mapped address
 * @param ports the source ports to go with it
 */
public record Source(long high, long low, PortSpace ports) {
    /** An IPv4 address. */
    public static Source ofIpv4(int address, PortSpace ports) {
        return new Source(AddressSet.MAPPED_HIGH, AddressSet.mapped(address), ports);
    }

    int address() {
        return (int) low;
    }
}
