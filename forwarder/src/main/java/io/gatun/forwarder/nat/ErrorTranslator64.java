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
 * Makes an ICMP error of an ICMPv6 error and back, in place, with the packet that it quotes: RFC 7915 sections 4.2, 4.3,
 * 5.2 and 5.3. The quoted transport header stays where it is; the three headers before it are written anew. The result is
 * told by {@link #frameOffset} and {@link #end}. Extensions of RFC 4884 are cut off.
 */
public final class ErrorTranslator64 {
    /** Bytes of headroom that the way to IPv6 needs: twice the difference of the headers, and a fragment header. */
    public static final int GROWTH_MAX = 48;

    private final QuotedTransport transport = new QuotedTransport();
    private final IcmpFlyweight icmp = new IcmpFlyweight();
    private final Ipv4Flyweight ip = new Ipv4Flyweight();
    private final Ipv6Flyweight ip6 = new Ipv6Flyweight();

    private int frameOffset;
    private int end;
    private int newRest;

    /** Where the translated frame starts. */
    public int frameOffset() {
        return frameOffset;
    }

    /** First byte behind the translated packet. */
    public int end() {
        return end;
    }

    /**
     * Makes an ICMP error of an ICMPv6 error.
     *
     * @param frame where the Ethernet header starts
     * @param packetEnd first byte behind the ICMPv6 message
     * @param quote of this message, as {@link IcmpErrors#quoted} has just found it
     * @param mtuMax the most that packet-too-big may tell: the MTU of the IPv4 link, and that of the IPv6 link less 20
     * @return false, and nothing changed, when RFC 7915 has no translation or the checksum was wrong
     */
    public boolean toIpv4(
            UnsafeBuffer buffer,
            int frame,
            int ipOffset,
            int icmpOffset,
            int packetEnd,
            QuotedPacket quote,
            int newSource,
            int newDestination,
            int newQuotedSource,
            int newQuotedDestination,
            int newQuotedPorts,
            int mtuMax) {
        icmp.wrap(buffer, icmpOffset);
        int message = IcmpTypes64.toIpv4(icmp.type(), icmp.code());
        if (!quote.isIpv6()
                || message == IcmpTypes64.NONE
                || !restToIpv4(mtuMax)
                || !checksumRight(buffer, icmpOffset, packetEnd, pseudo6(buffer, ipOffset, packetEnd - icmpOffset))) {
            return false;
        }
        end = Math.max(quote.transportOffset() + 4, extensionsCut(icmpOffset, packetEnd, quotedUnits6(), 8));
        int typeOfService = ip6.wrap(buffer, ipOffset).trafficClass();
        int ttl = ip6.hopLimit() - 1;
        int protocol =
                quote.protocol() == Ipv4Flyweight.PROTOCOL_ICMPV6 ? Ipv4Flyweight.PROTOCOL_ICMP : quote.protocol();
        long newPseudo =
                InternetChecksum.pseudoHeader(newQuotedSource, newQuotedDestination, protocol, quote.transportLength());
        transport.translate(buffer, quote, newPseudo, newQuotedPorts);
        Ipv6Extensions extensions = quote.extensions();
        int total = Ipv4Flyweight.LENGTH_MIN + quote.transportLength();
        int flags = total > Translator64.FRAGMENTABLE_MAX ? Ipv4Flyweight.DONT_FRAGMENT : 0;
        if (extensions.isFragment()) {
            flags = Translator64.flagsAndFragment(extensions);
        }
        int id = extensions.identification() & 0xFFFF;
        int quotedTos = quote.ip6().trafficClass();
        int quotedTtl = quote.ip6().hopLimit();
        int newQuoted = quote.transportOffset() - Ipv4Flyweight.LENGTH_MIN;
        int newIcmp = newQuoted - IcmpFlyweight.LENGTH;
        int newIp = newIcmp - Ipv4Flyweight.LENGTH_MIN;
        LinkLayer.move(buffer, frame, ipOffset, newIp - ipOffset, EthernetFlyweight.TYPE_IPV4);
        ip.wrap(buffer, newQuoted)
                .header(quotedTos, total, id, flags, quotedTtl, protocol, newQuotedSource, newQuotedDestination);
        icmp.wrap(buffer, newIcmp).header(message >>> 8, message & 0xFF, newRest, end - newQuoted, 0);
        ip.wrap(buffer, newIp)
                .header(
                        typeOfService,
                        end - newIp,
                        0,
                        Ipv4Flyweight.DONT_FRAGMENT,
                        ttl,
                        Ipv4Flyweight.PROTOCOL_ICMP,
                        newSource,
                        newDestination);
        frameOffset = frame + newIp - ipOffset;
        return true;
    }

    /**
     * Makes an ICMPv6 error of an ICMP error.
     *
     * @param frame where the Ethernet header starts, with {@link #GROWTH_MAX} bytes of room before it
     * @param packetEnd first byte behind the ICMP message
     * @param quote of this message, as {@link IcmpErrors#quoted} has just found it
     * @param mtuMax the most that packet-too-big may tell: the MTU of the IPv6 link, and that of the IPv4 link and 20
     * @return false, and nothing changed, when RFC 7915 has no translation or the checksum was wrong
     */
    public boolean toIpv6(
            UnsafeBuffer buffer,
            int frame,
            int ipOffset,
            int icmpOffset,
            int packetEnd,
            QuotedPacket quote,
            long newSourceHigh,
            long newSourceLow,
            long newDestinationHigh,
            long newDestinationLow,
            long newQuotedSourceHigh,
            long newQuotedSourceLow,
            long newQuotedDestinationHigh,
            long newQuotedDestinationLow,
            int newQuotedPorts,
            int mtuMax) {
        icmp.wrap(buffer, icmpOffset);
        int message = IcmpTypes64.toIpv6(icmp.type(), icmp.code());
        if (quote.isIpv6()
                || message == IcmpTypes64.NONE
                || !restToIpv6(message, quote, mtuMax)
                || !checksumRight(buffer, icmpOffset, packetEnd, 0)) {
            return false;
        }
        end = Math.max(
                quote.transportOffset() + 4, extensionsCut(icmpOffset, packetEnd, (icmp.rest() >>> 16) & 0xFF, 4));
        int trafficClass = ip.wrap(buffer, ipOffset).typeOfService();
        int hopLimit = ip.ttl() - 1;
        int protocol =
                quote.protocol() == Ipv4Flyweight.PROTOCOL_ICMP ? Ipv4Flyweight.PROTOCOL_ICMPV6 : quote.protocol();
        long newPseudo = InternetChecksum.pseudoHeader6(
                newQuotedSourceHigh,
                newQuotedSourceLow,
                newQuotedDestinationHigh,
                newQuotedDestinationLow,
                protocol,
                quote.transportLength());
        transport.translate(buffer, quote, newPseudo, newQuotedPorts);
        int newQuoted = quotedToIpv6(buffer, quote, protocol, frame, ipOffset);
        ip6.wrap(buffer, newQuoted)
                .addresses(newQuotedSourceHigh, newQuotedSourceLow, newQuotedDestinationHigh, newQuotedDestinationLow);
        int newIcmp = newQuoted - IcmpFlyweight.LENGTH;
        int newIp = newIcmp - Ipv6Flyweight.LENGTH;
        end = Math.min(end, newIp + Ipv6Flyweight.MTU_MIN); // RFC 4443 section 2.4 (c)
        ip6.wrap(buffer, newIp)
                .lengths(trafficClass, end - newIcmp, Ipv4Flyweight.PROTOCOL_ICMPV6, hopLimit)
                .addresses(newSourceHigh, newSourceLow, newDestinationHigh, newDestinationLow);
        long pseudo = pseudo6(buffer, newIp, end - newIcmp);
        icmp.wrap(buffer, newIcmp).header(message >>> 8, message & 0xFF, newRest, end - newQuoted, pseudo);
        frameOffset = frame + newIp - ipOffset;
        return true;
    }

    /** Moves the link-layer header and writes the quoted IPv6 header but for its addresses; returns where it starts. */
    private int quotedToIpv6(UnsafeBuffer buffer, QuotedPacket quote, int protocol, int frame, int ipOffset) {
        Ipv4Flyweight quoted = quote.ip();
        int field = quoted.flagsAndFragment();
        int id = quoted.identification();
        int trafficClass = quoted.typeOfService();
        int hopLimit = quoted.ttl();
        int fragmentLength = quoted.isFragment() ? Ipv6Extensions.FRAGMENT_LENGTH : 0;
        int newQuoted = quote.transportOffset() - fragmentLength - Ipv6Flyweight.LENGTH;
        int newIp = newQuoted - IcmpFlyweight.LENGTH - Ipv6Flyweight.LENGTH;
        LinkLayer.move(buffer, frame, ipOffset, newIp - ipOffset, EthernetFlyweight.TYPE_IPV6);
        if (fragmentLength != 0) {
            Translator64.fragmentHeader(buffer, newQuoted + Ipv6Flyweight.LENGTH, protocol, field, id);
        }
        ip6.wrap(buffer, newQuoted)
                .lengths(
                        trafficClass,
                        fragmentLength + quote.transportLength(),
                        fragmentLength == 0 ? protocol : Ipv4Flyweight.PROTOCOL_FRAGMENT,
                        hopLimit);
        return newQuoted;
    }

    private boolean restToIpv4(int mtuMax) {
        newRest = 0;
        if (icmp.type() == Icmpv6.PACKET_TOO_BIG) {
            newRest = IcmpTypes64.mtuToIpv4(icmp.rest(), mtuMax);
        } else if (icmp.type() == Icmpv6.PARAMETER_PROBLEM && icmp.code() == Icmpv6.ERRONEOUS_FIELD) {
            int pointer = IcmpTypes64.pointerToIpv4(icmp.rest());
            newRest = pointer << 24;
            return pointer != IcmpTypes64.NONE;
        }
        return true;
    }

    private boolean restToIpv6(int message, QuotedPacket quote, int mtuMax) {
        newRest = 0;
        if (message >>> 8 == Icmpv6.PACKET_TOO_BIG) {
            newRest = IcmpTypes64.mtuToIpv6(icmp.nextHopMtu(), quote.ip().totalLength(), mtuMax);
        } else if (message >>> 8 == Icmpv6.PARAMETER_PROBLEM) {
            boolean protocol = (message & 0xFF) == Icmpv6.UNKNOWN_NEXT_HEADER;
            newRest = protocol ? 6 : IcmpTypes64.pointerToIpv6(icmp.rest() >>> 24);
            return newRest != IcmpTypes64.NONE;
        }
        return true;
    }

    /** RFC 4884 section 4.4: only these two have a length; the others have something else in the same place. */
    private int quotedUnits6() {
        int type = icmp.type();
        return type == Icmpv6.DESTINATION_UNREACHABLE || type == Icmpv6.TIME_EXCEEDED ? icmp.rest() >>> 24 : 0;
    }

    /**
     * Where the message ends without the extensions of RFC 4884.
     *
     * @param length of the quote in units of {@code unit} bytes, 0 when there are no extensions
     */
    private static int extensionsCut(int icmpOffset, int packetEnd, int length, int unit) {
        return length == 0 ? packetEnd : Math.min(packetEnd, icmpOffset + IcmpFlyweight.LENGTH + length * unit);
    }

    private static boolean checksumRight(UnsafeBuffer buffer, int icmpOffset, int packetEnd, long pseudo) {
        return InternetChecksum.fold(pseudo + InternetChecksum.sum(buffer, icmpOffset, packetEnd - icmpOffset))
                == 0xFFFF;
    }

    private long pseudo6(UnsafeBuffer buffer, int ipOffset, int length) {
        ip6.wrap(buffer, ipOffset);
        return InternetChecksum.pseudoHeader6(
                ip6.sourceHigh(),
                ip6.sourceLow(),
                ip6.destinationHigh(),
                ip6.destinationLow(),
                Ipv4Flyweight.PROTOCOL_ICMPV6,
                length);
    }
}
