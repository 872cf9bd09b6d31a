package io.gatun.forwarder.nat;

import io.gatun.forwarder.packet.InternetChecksum;
import io.gatun.forwarder.packet.Ipv4Flyweight;
import io.gatun.forwarder.packet.TransportFlyweight;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Gives an IPv4 packet new addresses and ports, lowers its TTL and keeps its checksums right.
 *
 * <p>A transport checksum is updated incrementally (RFC 1624), unless the field holds the folded, not complemented sum of
 * the pseudo-header: that is what Linux leaves for the device to complete (CHECKSUM_PARTIAL of
 * include/linux/skbuff.h) when a frame comes from a local stack over veth or virtio. Then the whole checksum is computed.
 * A complete checksum has that value once in 65,536 packets; computing it whole is right for it too.
 *
 * <p>Everything is read before anything is written: after a store to off-heap memory the JIT reloads all it knew.
 */
public final class Rewriter {
    private final Ipv4Flyweight ip = new Ipv4Flyweight();
    private final TransportFlyweight transport = new TransportFlyweight();

    /**
     * Rewrites in place. Lengths have been checked.
     *
     * @param ipOffset where the IPv4 header starts
     * @param transportOffset where the TCP or UDP header starts
     * @param transportLength bytes of transport header and payload
     */
    public void rewrite(
            UnsafeBuffer buffer,
            int ipOffset,
            int transportOffset,
            int transportLength,
            int newSource,
            int newDestination,
            int newPorts) {
        ip.wrap(buffer, ipOffset);
        int ttl = ip.ttl();
        int protocol = ip.protocol();
        int headerChecksum = ip.checksum();
        int source = ip.source();
        int destination = ip.destination();
        transport.wrap(buffer, transportOffset, protocol);
        int ports = transport.ports();
        int checksum = transport.checksum();

        long addresses =
                InternetChecksum.delta(source, newSource) + InternetChecksum.delta(destination, newDestination);
        long ttlLowered = InternetChecksum.delta(ttl << 8, (ttl - 1) << 8);
        ip.ttlProtocolAndChecksum(ttl - 1, protocol, InternetChecksum.update(headerChecksum, addresses + ttlLowered));
        ip.addresses(newSource, newDestination);
        transport.ports(newPorts);
        if (checksum == 0 && protocol == Ipv4Flyweight.PROTOCOL_UDP) {
            return; // the sender chose to have none
        }
        int updated;
        if (checksum
                == InternetChecksum.fold(
                        InternetChecksum.pseudoHeader(source, destination, protocol, transportLength))) {
            transport.checksum(0);
            updated = InternetChecksum.of(
                    InternetChecksum.pseudoHeader(newSource, newDestination, protocol, transportLength)
                            + InternetChecksum.sum(buffer, transportOffset, transportLength));
        } else {
            updated = InternetChecksum.update(checksum, addresses + InternetChecksum.delta(ports, newPorts));
        }
        transport.checksum(updated == 0 && protocol == Ipv4Flyweight.PROTOCOL_UDP ? 0xFFFF : updated);
    }
}
