package io.gatun.forwarder.nat;

import io.gatun.forwarder.packet.EthernetFlyweight;
import io.gatun.forwarder.packet.IcmpFlyweight;
import io.gatun.forwarder.packet.Icmpv6;
import io.gatun.forwarder.packet.InternetChecksum;
import io.gatun.forwarder.packet.Ipv4Flyweight;
import io.gatun.forwarder.packet.Ipv6Extensions;
import io.gatun.forwarder.packet.Ipv6Flyweight;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Makes an ICMP or ICMPv6 error of our own in the place of the frame that it is about, which it quotes, and turns the
 * MACs round. The quote stays where it is: the headers are written before it, {@link #OVERHEAD} or {@link #OVERHEAD6}
 * bytes that must be free before the frame. Where the frame is then, tell {@link #frameOffset} and {@link #frameLength}.
 */
public final class IcmpAnswer {
    /** Bytes of headroom for an ICMP error. */
    public static final int OVERHEAD = Ipv4Flyweight.LENGTH_MIN + IcmpFlyweight.LENGTH;

    /** Bytes of headroom for an ICMPv6 error. */
    public static final int OVERHEAD6 = Ipv6Flyweight.LENGTH + IcmpFlyweight.LENGTH;

    /** As much as every IPv4 host can take in, RFC 1812 section 4.3.2.3. */
    private static final int PACKET_MAX = 576;

    /** Internetwork control, RFC 1812 section 4.3.2.5. */
    private static final int TYPE_OF_SERVICE = 0xC0;

    private static final int MULTICAST_BIT = 1;

    private final EthernetFlyweight ethernet = new EthernetFlyweight();
    private final Ipv4Flyweight ip = new Ipv4Flyweight();
    private final Ipv6Flyweight ip6 = new Ipv6Flyweight();
    private final Ipv6Extensions extensions = new Ipv6Extensions();
    private final IcmpFlyweight icmp = new IcmpFlyweight();
    private int frameOffset;
    private int frameLength;

    /** Where the answer starts: before the frame that it is about. */
    public int frameOffset() {
        return frameOffset;
    }

    /** Bytes of the answer, from its Ethernet header on. */
    public int frameLength() {
        return frameLength;
    }

    /**
     * Whether a host may be told of this IPv4 packet at all: not of errors, later fragments, or what was for or from many
     * (RFC 1122 section 3.2.2).
     *
     * @param end first byte behind the packet
     */
    public boolean isAllowed(UnsafeBuffer buffer, int frame, int ipOffset, int end) {
        ip.wrap(buffer, ipOffset);
        int source = ip.source();
        if ((buffer.getByte(frame) & MULTICAST_BIT) != 0
                || ip.isLaterFragment()
                || source == 0
                || (source >>> 28) >= 14
                || (ip.destination() >>> 28) >= 14) {
            return false;
        }
        int transport = ipOffset + ip.headerLength();
        return ip.protocol() != Ipv4Flyweight.PROTOCOL_ICMP
                || (transport < end
                        && IcmpFlyweight.isEcho(icmp.wrap(buffer, transport).type()));
    }

    /** The same for an IPv6 packet, RFC 4443 section 2.4 (e). */
    public boolean isAllowed6(UnsafeBuffer buffer, int frame, int ipOffset, int end) {
        ip6.wrap(buffer, ipOffset);
        long high = ip6.sourceHigh();
        if ((buffer.getByte(frame) & MULTICAST_BIT) != 0
                || (high | ip6.sourceLow()) == 0
                || (high >>> 56) == 0xFF
                || (ip6.destinationHigh() >>> 56) == 0xFF
                || extensions.walk(buffer, ipOffset, end) != Ipv6Extensions.OK
                || extensions.isLaterFragment()) {
            return false;
        }
        int transport = extensions.transportOffset();
        return extensions.protocol() != Ipv4Flyweight.PROTOCOL_ICMPV6
                || (transport < end
                        && Icmpv6.isEcho(icmp.wrap(buffer, transport).type()));
    }

    /**
     * Fragmentation needed and don't-fragment set, with the MTU of RFC 1191.
     *
     * @param frame where the Ethernet header of the frame starts
     * @param ipOffset where its IPv4 header starts
     * @param end first byte behind its IPv4 packet
     * @param source our address
     */
    public void tooBig(UnsafeBuffer buffer, int frame, int ipOffset, int end, int source, int mtu) {
        answer(
                buffer,
                frame,
                ipOffset,
                end,
                source,
                IcmpFlyweight.DESTINATION_UNREACHABLE,
                IcmpFlyweight.FRAGMENTATION_NEEDED,
                mtu & 0xFFFF);
    }

    /** Destination unreachable, with a code of {@link IcmpFlyweight}. */
    public void unreachable(UnsafeBuffer buffer, int frame, int ipOffset, int end, int source, int code) {
        answer(buffer, frame, ipOffset, end, source, IcmpFlyweight.DESTINATION_UNREACHABLE, code, 0);
    }

    /** Time to live exceeded in transit. */
    public void timeExceeded(UnsafeBuffer buffer, int frame, int ipOffset, int end, int source) {
        answer(buffer, frame, ipOffset, end, source, IcmpFlyweight.TIME_EXCEEDED, 0, 0);
    }

    /** Packet too big, RFC 4443 section 3.2. */
    public void tooBig6(
            UnsafeBuffer buffer, int frame, int ipOffset, int end, long sourceHigh, long sourceLow, int mtu) {
        answer6(buffer, frame, ipOffset, end, sourceHigh, sourceLow, Icmpv6.PACKET_TOO_BIG, 0, mtu);
    }

    /** Destination unreachable, with a code of {@link Icmpv6}. */
    public void unreachable6(
            UnsafeBuffer buffer, int frame, int ipOffset, int end, long sourceHigh, long sourceLow, int code) {
        answer6(buffer, frame, ipOffset, end, sourceHigh, sourceLow, Icmpv6.DESTINATION_UNREACHABLE, code, 0);
    }

    /** Hop limit exceeded in transit. */
    public void timeExceeded6(UnsafeBuffer buffer, int frame, int ipOffset, int end, long sourceHigh, long sourceLow) {
        answer6(buffer, frame, ipOffset, end, sourceHigh, sourceLow, Icmpv6.TIME_EXCEEDED, 0, 0);
    }

    private void answer(
            UnsafeBuffer buffer, int frame, int ipOffset, int end, int source, int type, int code, int rest) {
        int quoted = Math.min(end - ipOffset, PACKET_MAX - OVERHEAD);
        int destination = ip.wrap(buffer, ipOffset).source();
        turnRound(buffer, frame, ipOffset, OVERHEAD, quoted);
        int newIp = ipOffset - OVERHEAD;
        icmp.wrap(buffer, newIp + Ipv4Flyweight.LENGTH_MIN).header(type, code, rest, quoted, 0);
        ip.wrap(buffer, newIp)
                .header(
                        TYPE_OF_SERVICE,
                        OVERHEAD + quoted,
                        0,
                        Ipv4Flyweight.DONT_FRAGMENT,
                        Ipv4Flyweight.TTL_DEFAULT,
                        Ipv4Flyweight.PROTOCOL_ICMP,
                        source,
                        destination);
    }

    private void answer6(
            UnsafeBuffer buffer,
            int frame,
            int ipOffset,
            int end,
            long sourceHigh,
            long sourceLow,
            int type,
            int code,
            int rest) {
        int quoted = Math.min(end - ipOffset, Ipv6Flyweight.MTU_MIN - OVERHEAD6);
        ip6.wrap(buffer, ipOffset);
        long destinationHigh = ip6.sourceHigh();
        long destinationLow = ip6.sourceLow();
        turnRound(buffer, frame, ipOffset, OVERHEAD6, quoted);
        int newIp = ipOffset - OVERHEAD6;
        int length = IcmpFlyweight.LENGTH + quoted;
        long pseudo = InternetChecksum.pseudoHeader6(
                sourceHigh, sourceLow, destinationHigh, destinationLow, Ipv4Flyweight.PROTOCOL_ICMPV6, length);
        icmp.wrap(buffer, newIp + Ipv6Flyweight.LENGTH).header(type, code, rest, quoted, pseudo);
        ip6.wrap(buffer, newIp)
                .header(Ipv4Flyweight.PROTOCOL_ICMPV6, length, sourceHigh, sourceLow, destinationHigh, destinationLow);
    }

    private void turnRound(UnsafeBuffer buffer, int frame, int ipOffset, int overhead, int quoted) {
        ethernet.wrap(buffer, frame);
        long destination = ethernet.source();
        long source = ethernet.destination();
        LinkLayer.move(buffer, frame, ipOffset, -overhead);
        frameOffset = frame - overhead;
        ethernet.wrap(buffer, frameOffset).addresses(destination, source);
        frameLength = ipOffset - frame + overhead + quoted;
    }
}
