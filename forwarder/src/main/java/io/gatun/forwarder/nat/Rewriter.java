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
        int protocol = ip.protocol();
        int source = ip.source();
        int destination = ip.destination();
        transport.wrap(buffer, transportOffset, protocol);
        int ports = transport.ports();
        long addressDelta =
                InternetChecksum.delta(source, newSource) + InternetChecksum.delta(destination, newDestination);
        lowerTtl(addressDelta);
        ip.addresses(newSource, newDestination);
        transport.ports(newPorts);

        int checksum = transport.checksum();
        if (checksum == 0 && protocol == Ipv4Flyweight.PROTOCOL_UDP) {
            return;
        }
        long pseudo = InternetChecksum.pseudoHeader(source, destination, protocol, transportLength);
        int updated;
        if (checksum == InternetChecksum.fold(pseudo)) {
            transport.checksum(0);
            updated = InternetChecksum.of(
                    InternetChecksum.pseudoHeader(newSource, newDestination, protocol, transportLength)
                            + InternetChecksum.sum(buffer, transportOffset, transportLength));
        } else {
            updated = InternetChecksum.update(checksum, addressDelta + InternetChecksum.delta(ports, newPorts));
        }
        transport.checksum(updated == 0 && protocol == Ipv4Flyweight.PROTOCOL_UDP ? 0xFFFF : updated);
    }

    /** Lowers the TTL, which shares a 16-bit word with the protocol, and brings the header checksum up to date. */
    private void lowerTtl(long addressDelta) {
        int ttl = ip.ttl();
        ip.ttl(ttl - 1);
        long delta = addressDelta + InternetChecksum.delta(ttl << 8, (ttl - 1) << 8);
        ip.checksum(InternetChecksum.update(ip.checksum(), delta));
    }
}
