package io.gatun.forwarder.nat;

import io.gatun.forwarder.packet.Ipv4Flyweight;
import io.gatun.forwarder.packet.Ipv6Flyweight;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Puts a packet into another one of the same family: IPv4 in IPv4 (RFC 2003), IPv6 in IPv6 (RFC 2473). The inner packet,
 * its TTL among it, is as the caller made it, with complete checksums: no device looks inside for one to complete. DSCP
 * and ECN are copied outwards (RFC 6040), don't-fragment too.
 */
public final class Tunnel {
    /** Bytes that IPv4 in IPv4 adds, all of them of the headroom. */
    public static final int OVERHEAD = Ipv4Flyweight.LENGTH_MIN;

    /** Bytes that IPv6 in IPv6 adds, all of them of the headroom. */
    public static final int OVERHEAD6 = Ipv6Flyweight.LENGTH;

    private final Ipv4Flyweight ip = new Ipv4Flyweight();
    private final Ipv6Flyweight ip6 = new Ipv6Flyweight();
    private int identification;

    /**
     * Writes an IPv4 header before the one at {@code ipOffset} and moves the link-layer header before it.
     *
     * @param frameOffset where the Ethernet header starts; there are {@link #OVERHEAD} bytes of room before it
     * @return where the frame starts now; it has become longer by as much
     */
    public int encapsulate(UnsafeBuffer buffer, int frameOffset, int ipOffset, int source, int destination) {
        ip.wrap(buffer, ipOffset);
        int length = ip.totalLength() + OVERHEAD;
        int typeOfService = ip.typeOfService();
        int flags = ip.flagsAndFragment() & Ipv4Flyweight.DONT_FRAGMENT;
        int id = flags == 0 ? identification++ & 0xFFFF : 0; // RFC 6864: of meaning only where it may be fragmented
        LinkLayer.move(buffer, frameOffset, ipOffset, -OVERHEAD);
        ip.wrap(buffer, ipOffset - OVERHEAD)
                .header(
                        typeOfService,
                        length,
                        id,
                        flags,
                        Ipv4Flyweight.TTL_DEFAULT,
                        Ipv4Flyweight.PROTOCOL_IPIP,
                        source,
                        destination);
        return frameOffset - OVERHEAD;
    }

    /**
     * Writes an IPv6 header before the one at {@code ipOffset} and moves the link-layer header before it.
     *
     * @param frameOffset where the Ethernet header starts; there are {@link #OVERHEAD6} bytes of room before it
     * @return where the frame starts now; it has become longer by as much
     */
    public int encapsulate6(
            UnsafeBuffer buffer,
            int frameOffset,
            int ipOffset,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow) {
        ip6.wrap(buffer, ipOffset);
        int trafficClass = ip6.trafficClass();
        int flowLabel = ip6.flowLabel();
        int payload = ip6.payloadLength() + Ipv6Flyweight.LENGTH;
        LinkLayer.move(buffer, frameOffset, ipOffset, -OVERHEAD6);
        int outer = ipOffset - OVERHEAD6;
        ip6.wrap(buffer, outer)
                .lengths(trafficClass, payload, Ipv4Flyweight.PROTOCOL_IPV6, Ipv4Flyweight.TTL_DEFAULT)
                .addresses(sourceHigh, sourceLow, destinationHigh, destinationLow);
        // RFC 6438: the inner flow's label spreads a tunnel's flows over equal paths.
        buffer.putInt(outer, ip6.firstWord() | flowLabel, ByteOrder.BIG_ENDIAN);
        return frameOffset - OVERHEAD6;
    }
}
