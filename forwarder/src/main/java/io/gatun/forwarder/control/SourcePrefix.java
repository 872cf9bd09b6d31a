package io.gatun.forwarder.control;

import java.net.InetAddress;

/**
 * A network from which a service may be used.
 *
 * @param address any address of the network; bits beyond the length are ignored
 * @param length bits that count, 0-32 for IPv4, 0-128 for IPv6
 */
public record SourcePrefix(InetAddress address, int length) {
    @Override
    public String toString() {
        return AddressText.of(address) + "/" + length;
    }
}
