package io.gatun.forwarder.nat;

import io.gatun.forwarder.packet.Crc32c;
import io.gatun.forwarder.packet.InternetChecksum;
import io.gatun.forwarder.packet.Ipv4Flyweight;
import io.gatun.forwarder.packet.SctpFlyweight;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Gives an IPv4 packet new addresses and ports, lowers its TTL and keeps its checksums right.
 *
 * <p>A transport checksum is updated incrementally (RFC 1624), unless the field holds the folded, not complemented sum of
 * the pseudo-header: that is what Linux leaves for the device to complete (CHECKSUM_PARTIAL of
 * include/linux/skbuff.h) when a frame comes from a local stack over veth or virtio. Then, with
 * {@link Checksums#DETECT}, the whole checksum is computed. A complete checksum has that value once in 65,536 packets;
 * computing it whole is right for it too.
 *
 * <p>Everything is read before anything is written: after a store to off-heap memory the JIT reloads all it knew.
 */
public final class Rewriter {
    /** For {@link #rewriteFragment}: the identification stays. */
    public static final int SAME_IDENTIFICATION = -1;

    private final Ipv4Flyweight ip = new Ipv4Flyweight();
    private final TransportRewriter transport = new TransportRewriter();
    private final SctpFlyweight sctp = new SctpFlyweight();
    private final Crc32c crc = new Crc32c();
    private final Echo echo = new Echo();

    /** As the other one, with {@link Checksums#DETECT}. */
    public void rewrite(
            UnsafeBuffer buffer,
            int ipOffset,
            int transportOffset,
            int transportLength,
            int newSource,
            int newDestination,
            int newPorts) {
        rewrite(
                buffer,
                ipOffset,
                transportOffset,
                transportLength,
                Checksums.DETECT,
                newSource,
                newDestination,
                newPorts);
    }

    /**
     * Rewrites TCP, UDP, SCTP or an ICMP echo in place. Lengths have been checked. The first fragment of an SCTP packet
     * must keep its ports: its CRC needs the length of the whole.
     *
     * @param ipOffset where the IPv4 header starts
     * @param transportOffset where the transport header starts
     * @param transportLength bytes of transport header and payload
     * @param checksums a constant of {@link Checksums}
     * @param newPorts source in the upper half; of an echo, as {@code IcmpFlyweight.echoPorts} has them
     */
    public void rewrite(
            UnsafeBuffer buffer,
            int ipOffset,
            int transportOffset,
            int transportLength,
            int checksums,
            int newSource,
            int newDestination,
            int newPorts) {
        ip.wrap(buffer, ipOffset);
        int protocol = ip.protocol();
        if (protocol != Ipv4Flyweight.PROTOCOL_TCP && protocol != Ipv4Flyweight.PROTOCOL_UDP) {
            network(newSource, newDestination);
            withoutPseudoHeader(buffer, transportOffset, transportLength, checksums, protocol, newPorts);
            return;
        }
        int ttl = ip.ttl();
        int headerChecksum = ip.checksum();
        int source = ip.source();
        int destination = ip.destination();
        transport.rewrite(
                buffer,
                transportOffset,
                transportLength,
                protocol,
                checksums,
                InternetChecksum.pseudoHeader(source, destination, protocol, transportLength),
                InternetChecksum.pseudoHeader(newSource, newDestination, protocol, transportLength),
                newPorts);

        long addresses =
                InternetChecksum.delta(source, newSource) + InternetChecksum.delta(destination, newDestination);
        long ttlLowered = InternetChecksum.delta(ttl << 8, (ttl - 1) << 8);
        ip.ttlProtocolAndChecksum(ttl - 1, protocol, InternetChecksum.update(headerChecksum, addresses + ttlLowered));
        ip.addresses(newSource, newDestination);
    }

    /**
     * Rewrites a fragment that has no transport header: addresses, TTL, header checksum.
     *
     * @param newIdentification 16 bits, or {@link #SAME_IDENTIFICATION}
     */
    public void rewriteFragment(
            UnsafeBuffer buffer, int ipOffset, int newSource, int newDestination, int newIdentification) {
        ip.wrap(buffer, ipOffset);
        network(newSource, newDestination);
        if (newIdentification != SAME_IDENTIFICATION) {
            identification(newIdentification);
        }
    }

    /** Gives a packet, as the first fragment of one, another identification. */
    public void rewriteIdentification(UnsafeBuffer buffer, int ipOffset, int newIdentification) {
        ip.wrap(buffer, ipOffset);
        identification(newIdentification);
    }

    private void network(int newSource, int newDestination) {
        int ttl = ip.ttl();
        long delta = InternetChecksum.delta(ip.source(), newSource)
                + InternetChecksum.delta(ip.destination(), newDestination)
                + InternetChecksum.delta(ttl << 8, (ttl - 1) << 8);
        ip.ttlProtocolAndChecksum(ttl - 1, ip.protocol(), InternetChecksum.update(ip.checksum(), delta));
        ip.addresses(newSource, newDestination);
    }

    private void identification(int newIdentification) {
        long delta = InternetChecksum.delta(ip.identification(), newIdentification);
        ip.checksum(InternetChecksum.update(ip.checksum(), delta)).identification(newIdentification);
    }

    private void withoutPseudoHeader(
            UnsafeBuffer buffer, int offset, int length, int checksums, int protocol, int newPorts) {
        if (protocol == Ipv4Flyweight.PROTOCOL_SCTP) {
            crc.ports(sctp, buffer, offset, length, newPorts);
        } else if (protocol == Ipv4Flyweight.PROTOCOL_ICMP) {
            echo.rewrite(buffer, offset, length, checksums, newPorts);
        }
    }
}
