package io.gatun.forwarder.nat;

import io.gatun.forwarder.packet.Crc32c;
import io.gatun.forwarder.packet.InternetChecksum;
import io.gatun.forwarder.packet.Ipv4Flyweight;
import io.gatun.forwarder.packet.Ipv6Flyweight;
import io.gatun.forwarder.packet.SctpFlyweight;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Gives an IPv6 packet new addresses and ports, lowers its hop limit and keeps its transport checksum right; the same
 * rules as {@link Rewriter}. IPv6 has no header checksum, and UDP over it none of zero: one that is there nevertheless
 * (RFC 6936, or garbage) is left alone.
 */
public final class Rewriter6 {
    /** For {@link #rewriteFragment}: the identification stays. */
    public static final long SAME_IDENTIFICATION = -1;

    private static final int IDENTIFICATION = 4;

    private final Ipv6Flyweight ip = new Ipv6Flyweight();
    private final TransportRewriter transport = new TransportRewriter();
    private final SctpFlyweight sctp = new SctpFlyweight();
    private final Crc32c crc = new Crc32c();
    private final Echo echo = new Echo();

    /**
     * Rewrites TCP, UDP, SCTP or an ICMPv6 echo in place. Lengths have been checked. The first fragment of an SCTP packet
     * must keep its ports: its CRC needs the length of the whole.
     *
     * @param ipOffset where the IPv6 header starts
     * @param transportOffset where the transport header starts, behind all extension headers
     * @param transportLength bytes of transport header and payload
     * @param protocol what is at {@code transportOffset}
     * @param checksums a constant of {@link Checksums}
     * @param newPorts source in the upper half; of an echo, as {@code IcmpFlyweight.echoPorts} has them
     */
    public void rewrite(
            UnsafeBuffer buffer,
            int ipOffset,
            int transportOffset,
            int transportLength,
            int protocol,
            int checksums,
            long newSourceHigh,
            long newSourceLow,
            long newDestinationHigh,
            long newDestinationLow,
            int newPorts) {
        ip.wrap(buffer, ipOffset);
        long before = InternetChecksum.pseudoHeader6(
                ip.sourceHigh(), ip.sourceLow(), ip.destinationHigh(), ip.destinationLow(), protocol, transportLength);
        long after = InternetChecksum.pseudoHeader6(
                newSourceHigh, newSourceLow, newDestinationHigh, newDestinationLow, protocol, transportLength);
        if (protocol == Ipv4Flyweight.PROTOCOL_TCP || protocol == Ipv4Flyweight.PROTOCOL_UDP) {
            transport.rewrite(buffer, transportOffset, transportLength, protocol, checksums, before, after, newPorts);
        } else if (protocol == Ipv4Flyweight.PROTOCOL_ICMPV6) {
            echo.rewrite6(buffer, transportOffset, before, after, newPorts);
        } else if (protocol == Ipv4Flyweight.PROTOCOL_SCTP) {
            crc.ports(sctp, buffer, transportOffset, transportLength, newPorts);
        }
        ip.hopLimit(ip.hopLimit() - 1);
        ip.addresses(newSourceHigh, newSourceLow, newDestinationHigh, newDestinationLow);
    }

    /**
     * Rewrites a fragment that has no transport header: addresses and hop limit.
     *
     * @param fragmentHeaderOffset where the fragment header starts
     * @param newIdentification 32 bits without sign, or {@link #SAME_IDENTIFICATION}
     */
    public void rewriteFragment(
            UnsafeBuffer buffer,
            int ipOffset,
            int fragmentHeaderOffset,
            long newSourceHigh,
            long newSourceLow,
            long newDestinationHigh,
            long newDestinationLow,
            long newIdentification) {
        ip.wrap(buffer, ipOffset);
        ip.hopLimit(ip.hopLimit() - 1);
        ip.addresses(newSourceHigh, newSourceLow, newDestinationHigh, newDestinationLow);
        if (newIdentification != SAME_IDENTIFICATION) {
            rewriteIdentification(buffer, fragmentHeaderOffset, (int) newIdentification);
        }
    }

    /** Gives a fragment, as the first one of a packet, another identification. */
    public void rewriteIdentification(UnsafeBuffer buffer, int fragmentHeaderOffset, int newIdentification) {
        buffer.putInt(fragmentHeaderOffset + IDENTIFICATION, newIdentification, ByteOrder.BIG_ENDIAN);
    }
}
