package io.gatun.forwarder.nat;

import io.gatun.forwarder.packet.Crc32c;
import io.gatun.forwarder.packet.EthernetFlyweight;
import io.gatun.forwarder.packet.IcmpFlyweight;
import io.gatun.forwarder.packet.Icmpv6;
import io.gatun.forwarder.packet.InternetChecksum;
import io.gatun.forwarder.packet.Ipv4Flyweight;
import io.gatun.forwarder.packet.Ipv6Extensions;
import io.gatun.forwarder.packet.Ipv6Flyweight;
import io.gatun.forwarder.packet.SctpFlyweight;
import io.gatun.forwarder.packet.TransportFlyweight;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Makes IPv4 packets of IPv6 packets and back, in place, with new addresses and ports: RFC 7915 for the headers, RFC 6146
 * for what a NAT64 does with them. Transport header and payload stay where they are; the IP header is written anew before
 * them, and the link-layer header moves and gets the other type. TTL and hop limit are lowered. ICMP errors are those of
 * {@link ErrorTranslator64}.
 *
 * <pre>
 *  | Ethernet | IPv6, 40 bytes, and extension headers | TCP ...
 *             +------- 20 bytes or more ------+
 *                                 | Ethernet  | IPv4   | TCP ...
 * </pre>
 */
public final class Translator64 {
    /** What a method returns instead of an offset: RFC 7915 has no translation for it. Nothing has been changed. */
    public static final int UNTRANSLATABLE = -1;

    /** Bytes of headroom that the way to IPv6 needs: the difference of the headers and a fragment header. */
    public static final int GROWTH_MAX = 28;

    /** Up to this length an IPv4 packet may be fragmented again on its way, RFC 7915 section 5.1. */
    static final int FRAGMENTABLE_MAX = 1260;

    private final Ipv4Flyweight ip = new Ipv4Flyweight();
    private final Ipv6Flyweight ip6 = new Ipv6Flyweight();
    private final IcmpFlyweight icmp = new IcmpFlyweight();
    private final TransportFlyweight transport = new TransportFlyweight();
    private final TransportRewriter ports = new TransportRewriter();
    private final SctpFlyweight sctp = new SctpFlyweight();
    private final Crc32c crc = new Crc32c();
    private final Echo echo = new Echo();
    private int identification;

    /**
     * Makes an IPv4 packet of an IPv6 packet. The first fragment of an SCTP packet must keep its ports.
     *
     * @param frame where the Ethernet header starts
     * @param extensions of the packet, as {@link Ipv6Extensions#walk} has just found them
     * @param end first byte behind the packet
     * @param checksums a constant of {@link Checksums}; a fragment is always {@link Checksums#INCREMENTAL}
     * @param newPorts as for {@link Rewriter}
     * @return where the frame starts now, or {@link #UNTRANSLATABLE}: ICMPv6 that is no echo, or fragmented
     */
    public int toIpv4(
            UnsafeBuffer buffer,
            int frame,
            int ipOffset,
            Ipv6Extensions extensions,
            int end,
            int checksums,
            int newSource,
            int newDestination,
            int newPorts) {
        ip6.wrap(buffer, ipOffset);
        int protocol = extensions.protocol();
        int offset = extensions.transportOffset();
        if (protocol == Ipv4Flyweight.PROTOCOL_ICMPV6
                && (extensions.isFragment()
                        || !Icmpv6.isEcho(icmp.wrap(buffer, offset).type()))) {
            return UNTRANSLATABLE;
        }
        int newProtocol = protocol == Ipv4Flyweight.PROTOCOL_ICMPV6 ? Ipv4Flyweight.PROTOCOL_ICMP : protocol;
        if (!extensions.isLaterFragment()) {
            int length = sumLength(buffer, offset, end, protocol);
            long before = InternetChecksum.pseudoHeader6(
                    ip6.sourceHigh(), ip6.sourceLow(), ip6.destinationHigh(), ip6.destinationLow(), protocol, length);
            long after = InternetChecksum.pseudoHeader(newSource, newDestination, newProtocol, length);
            if (protocol == Ipv4Flyweight.PROTOCOL_ICMPV6) {
                echo.toIpv4(buffer, offset, length, before, newPorts);
            } else {
                int mode = extensions.isFragment() ? Checksums.INCREMENTAL : checksums;
                transport(buffer, offset, length, protocol, mode, before, after, newPorts);
            }
        }
        int newIp = offset - Ipv4Flyweight.LENGTH_MIN;
        int total = end - newIp;
        int typeOfService = ip6.trafficClass();
        int ttl = ip6.hopLimit() - 1;
        int flags = total > FRAGMENTABLE_MAX ? Ipv4Flyweight.DONT_FRAGMENT : 0;
        int id = identification;
        if (extensions.isFragment()) {
            flags = flagsAndFragment(extensions);
            id = extensions.identification() & 0xFFFF;
        } else {
            identification = (identification + 1) & 0xFFFF;
        }
        LinkLayer.move(buffer, frame, ipOffset, newIp - ipOffset, EthernetFlyweight.TYPE_IPV4);
        ip.wrap(buffer, newIp).header(typeOfService, total, id, flags, ttl, newProtocol, newSource, newDestination);
        return frame + newIp - ipOffset;
    }

    /**
     * Makes an IPv6 packet of an IPv4 packet, with a fragment header when it is a fragment. Options are lost. The first
     * fragment of an SCTP packet must keep its ports.
     *
     * @param frame where the Ethernet header starts, with {@link #GROWTH_MAX} bytes of room before it
     * @param end first byte behind the packet
     * @param checksums a constant of {@link Checksums}; a fragment is always {@link Checksums#INCREMENTAL}
     * @param newPorts as for {@link Rewriter}
     * @return where the frame starts now, or {@link #UNTRANSLATABLE}: ICMP that is no echo, or fragmented; a source route
     *     that has not come to its end; a fragmented UDP packet without checksum
     */
    public int toIpv6(
            UnsafeBuffer buffer,
            int frame,
            int ipOffset,
            int end,
            int checksums,
            long newSourceHigh,
            long newSourceLow,
            long newDestinationHigh,
            long newDestinationLow,
            int newPorts) {
        ip.wrap(buffer, ipOffset);
        int offset = ipOffset + ip.headerLength();
        int protocol = ip.protocol();
        if (!translatable(buffer, ipOffset, offset, protocol)) {
            return UNTRANSLATABLE;
        }
        boolean piece = ip.isFragment();
        int newProtocol = protocol == Ipv4Flyweight.PROTOCOL_ICMP ? Ipv4Flyweight.PROTOCOL_ICMPV6 : protocol;
        if (!ip.isLaterFragment()) {
            int length = sumLength(buffer, offset, end, protocol);
            long before = InternetChecksum.pseudoHeader(ip.source(), ip.destination(), protocol, length);
            long after = InternetChecksum.pseudoHeader6(
                    newSourceHigh, newSourceLow, newDestinationHigh, newDestinationLow, newProtocol, length);
            if (protocol == Ipv4Flyweight.PROTOCOL_ICMP) {
                echo.toIpv6(buffer, offset, length, after, newPorts);
            } else {
                int mode = piece ? Checksums.INCREMENTAL : checksums;
                transport(buffer, offset, length, protocol, mode, before, after, newPorts);
                fillUdp(buffer, offset, length, protocol, after);
            }
        }
        int payload = end - offset + (piece ? Ipv6Extensions.FRAGMENT_LENGTH : 0);
        int newIp = end - payload - Ipv6Flyweight.LENGTH;
        int trafficClass = ip.typeOfService();
        int hopLimit = ip.ttl() - 1;
        int field = ip.flagsAndFragment();
        int id = ip.identification();
        LinkLayer.move(buffer, frame, ipOffset, newIp - ipOffset, EthernetFlyweight.TYPE_IPV6);
        ip6.wrap(buffer, newIp)
                .lengths(trafficClass, payload, piece ? Ipv4Flyweight.PROTOCOL_FRAGMENT : newProtocol, hopLimit)
                .addresses(newSourceHigh, newSourceLow, newDestinationHigh, newDestinationLow);
        if (piece) {
            fragmentHeader(buffer, newIp + Ipv6Flyweight.LENGTH, newProtocol, field, id);
        }
        return frame + newIp - ipOffset;
    }

    private boolean translatable(UnsafeBuffer buffer, int ipOffset, int offset, int protocol) {
        if (offset - ipOffset > Ipv4Flyweight.LENGTH_MIN
                && sourceRouted(buffer, ipOffset + Ipv4Flyweight.LENGTH_MIN, offset)) {
            return false;
        }
        if (protocol == Ipv4Flyweight.PROTOCOL_ICMP) {
            return !ip.isFragment()
                    && IcmpFlyweight.isEcho(icmp.wrap(buffer, offset).type());
        }
        return protocol != Ipv4Flyweight.PROTOCOL_UDP
                || !ip.isFirstFragment()
                || transport.wrap(buffer, offset, protocol).checksum() != 0;
    }

    /** Whether there is a loose or strict source route with hops left, RFC 791 section 3.1. */
    private static boolean sourceRouted(UnsafeBuffer buffer, int start, int end) {
        int at = start;
        while (at < end) {
            int kind = buffer.getByte(at) & 0xFF;
            if (kind == 0) {
                return false;
            }
            if (kind == 1) {
                at++;
                continue;
            }
            int length = at + 1 < end ? buffer.getByte(at + 1) & 0xFF : 0;
            if (length < 2 || at + length > end) {
                return false;
            }
            if ((kind == 131 || kind == 137) && length >= 3 && (buffer.getByte(at + 2) & 0xFF) <= length) {
                return true;
            }
            at += length;
        }
        return false;
    }

    /** What the pseudo-header counts: UDP says so itself, for the others it is all there is. */
    private int sumLength(UnsafeBuffer buffer, int offset, int end, int protocol) {
        int available = end - offset;
        if (protocol != Ipv4Flyweight.PROTOCOL_UDP || available < TransportFlyweight.UDP_LENGTH) {
            return available;
        }
        return Math.min(available, transport.wrap(buffer, offset, protocol).udpLength());
    }

    private void transport(
            UnsafeBuffer buffer,
            int offset,
            int length,
            int protocol,
            int checksums,
            long before,
            long after,
            int newPorts) {
        if (protocol == Ipv4Flyweight.PROTOCOL_SCTP) {
            crc.ports(sctp, buffer, offset, length, newPorts);
            return;
        }
        if (protocol != Ipv4Flyweight.PROTOCOL_TCP && protocol != Ipv4Flyweight.PROTOCOL_UDP) {
            return;
        }
        ports.rewrite(buffer, offset, length, protocol, checksums, before, after, newPorts);
    }

    /** IPv6 has no UDP without checksum: RFC 7915 section 4.5 has the translator compute it. */
    private void fillUdp(UnsafeBuffer buffer, int offset, int length, int protocol, long pseudo) {
        if (protocol == Ipv4Flyweight.PROTOCOL_UDP
                && transport.wrap(buffer, offset, protocol).checksum() == 0) {
            int checksum = InternetChecksum.of(pseudo + InternetChecksum.sum(buffer, offset, length));
            transport.checksum(checksum == 0 ? 0xFFFF : checksum);
        }
    }

    /** The flags and offset of IPv4 that tell what a fragment header tells. */
    static int flagsAndFragment(Ipv6Extensions extensions) {
        return extensions.fragmentOffsetBytes() >>> 3 | (extensions.moreFragments() ? Ipv4Flyweight.MORE_FRAGMENTS : 0);
    }

    /** The fragment header that tells what flags and offset of IPv4 tell. */
    static void fragmentHeader(UnsafeBuffer buffer, int offset, int protocol, int flagsAndFragment, int id) {
        Ipv6Extensions.fragmentHeader(
                buffer,
                offset,
                protocol,
                (flagsAndFragment & 0x1FFF) << 3,
                (flagsAndFragment & Ipv4Flyweight.MORE_FRAGMENTS) != 0,
                id);
    }
}
