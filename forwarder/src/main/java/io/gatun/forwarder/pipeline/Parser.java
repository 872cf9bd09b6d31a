package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.counters.DropReason;
import io.gatun.forwarder.packet.EthernetFlyweight;
import io.gatun.forwarder.packet.IcmpFlyweight;
import io.gatun.forwarder.packet.Icmpv6;
import io.gatun.forwarder.packet.Ipv4Flyweight;
import io.gatun.forwarder.packet.Ipv6Extensions;
import io.gatun.forwarder.packet.Ipv6Flyweight;
import io.gatun.forwarder.packet.SctpFlyweight;
import io.gatun.forwarder.packet.TransportFlyweight;
import org.agrona.concurrent.UnsafeBuffer;

/** Checks every length and header field of a frame before anything reads past it, and writes down what it found. */
final class Parser {
    private static final int DATAGRAM_MAX = 65_535;

    private final long mac;
    private final EthernetFlyweight ethernet = new EthernetFlyweight();
    private final Ipv4Flyweight ip = new Ipv4Flyweight();
    private final Ipv6Flyweight ip6 = new Ipv6Flyweight();
    private final Ipv6Extensions extensions = new Ipv6Extensions();
    private final TransportFlyweight transport = new TransportFlyweight();
    private final IcmpFlyweight icmp = new IcmpFlyweight();

    /** A parser for frames that are addressed to this MAC. */
    Parser(long mac) {
        this.mac = mac;
    }

    /**
     * Parses one frame into slot {@code i} of {@code parsed}.
     *
     * @return null, or why the frame goes no further
     */
    DropReason parse(UnsafeBuffer buffer, int offset, int length, ParsedBatch parsed, int i) {
        if (length < EthernetFlyweight.LENGTH + Ipv4Flyweight.LENGTH_MIN) {
            return DropReason.TRUNCATED;
        }
        ethernet.wrap(buffer, offset);
        int type = ethernet.type();
        if (type == EthernetFlyweight.TYPE_IPV4) {
            return ethernet.destination() == mac
                    ? ipv4(buffer, offset + EthernetFlyweight.LENGTH, length - EthernetFlyweight.LENGTH, parsed, i)
                    : DropReason.NOT_OUR_MAC;
        }
        return notPlainIpv4(buffer, offset, length, type, parsed, i);
    }

    private DropReason notPlainIpv4(
            UnsafeBuffer buffer, int offset, int length, int frameType, ParsedBatch parsed, int i) {
        int type = frameType;
        int headerLength = EthernetFlyweight.LENGTH;
        if (type == EthernetFlyweight.TYPE_VLAN || type == EthernetFlyweight.TYPE_QINQ) {
            headerLength += EthernetFlyweight.TAG_LENGTH;
            type = ethernet.wrap(buffer, offset + EthernetFlyweight.TAG_LENGTH).type();
            ethernet.wrap(buffer, offset);
        }
        if (type != EthernetFlyweight.TYPE_IPV4 && type != EthernetFlyweight.TYPE_IPV6) {
            return DropReason.MALFORMED;
        }
        if (ethernet.destination() != mac) {
            return DropReason.NOT_OUR_MAC;
        }
        return type == EthernetFlyweight.TYPE_IPV4
                ? ipv4(buffer, offset + headerLength, length - headerLength, parsed, i)
                : ipv6(buffer, offset + headerLength, length - headerLength, parsed, i);
    }

    private DropReason ipv4(UnsafeBuffer buffer, int ipOffset, int length, ParsedBatch parsed, int i) {
        if (length < Ipv4Flyweight.LENGTH_MIN) {
            return DropReason.TRUNCATED;
        }
        ip.wrap(buffer, ipOffset);
        int headerLength = ip.headerLength();
        int ipLength = ip.totalLength();
        if (ip.version() != 4 || headerLength < Ipv4Flyweight.LENGTH_MIN || ipLength < headerLength) {
            return DropReason.MALFORMED;
        }
        if (ipLength > length) {
            return DropReason.TRUNCATED;
        }
        int protocol = ip.protocol();
        parsed.network(i, ipOffset, ipLength, ip.ttl(), protocol, ip.source(), ip.destination());
        int transportOffset = ipOffset + headerLength;
        int available = ipLength - headerLength;
        if (ip.isFragment()) {
            int at = ip.fragmentOffsetBytes();
            DropReason refused =
                    fragment(parsed, i, protocol, at, available, ip.moreFragments(), ip.identification(), 0);
            if (refused != null || at != 0) {
                parsed.transport(i, ParsedBatch.LATER_FRAGMENT, transportOffset, available, 0);
                return refused;
            }
        }
        return switch (protocol) {
            case Ipv4Flyweight.PROTOCOL_TCP -> tcp(buffer, parsed, i, ParsedBatch.TUPLE, transportOffset, available);
            case Ipv4Flyweight.PROTOCOL_UDP -> udp(buffer, parsed, i, ParsedBatch.TUPLE, transportOffset, available);
            case Ipv4Flyweight.PROTOCOL_ICMP -> icmp(buffer, parsed, i, ParsedBatch.ICMP, transportOffset, available);
            case Ipv4Flyweight.PROTOCOL_SCTP -> sctp(buffer, parsed, i, ParsedBatch.TUPLE, transportOffset, available);
            default -> DropReason.PROTOCOL_UNSUPPORTED;
        };
    }

    private DropReason ipv6(UnsafeBuffer buffer, int ipOffset, int length, ParsedBatch parsed, int i) {
        if (length < Ipv6Flyweight.LENGTH) {
            return DropReason.TRUNCATED;
        }
        ip6.wrap(buffer, ipOffset);
        if (ip6.version() != 6
                || AddressSet.isMapped(ip6.sourceHigh(), ip6.sourceLow())
                || AddressSet.isMapped(ip6.destinationHigh(), ip6.destinationLow())) {
            return DropReason.MALFORMED; // a mapped address is never on a wire, and here it stands for an IPv4 one
        }
        int payload = ip6.payloadLength();
        int ipLength = Ipv6Flyweight.LENGTH + payload;
        if (ipLength > length) {
            return DropReason.TRUNCATED;
        }
        int protocol = ip6.nextHeader();
        int transportOffset = ipOffset + Ipv6Flyweight.LENGTH;
        boolean extended = !isUpper(protocol);
        if (extended) {
            int walked = extensions.walk(buffer, ipOffset, ipOffset + ipLength);
            if (walked != Ipv6Extensions.OK) {
                return walked == Ipv6Extensions.TRUNCATED ? DropReason.TRUNCATED : DropReason.MALFORMED;
            }
            protocol = extensions.protocol();
            transportOffset = extensions.transportOffset();
        }
        int available = ipOffset + ipLength - transportOffset;
        parsed.network6(i, ipOffset, ipLength, ip6.hopLimit(), protocol);
        parsed.addresses6(i, ip6.sourceHigh(), ip6.sourceLow(), ip6.destinationHigh(), ip6.destinationLow());
        if (extended && extensions.isFragment()) {
            int at = extensions.fragmentOffsetBytes();
            DropReason refused = fragment(
                    parsed,
                    i,
                    protocol,
                    at,
                    available,
                    extensions.moreFragments(),
                    extensions.identification(),
                    extensions.fragmentHeaderOffset());
            if (refused != null || at != 0) {
                parsed.transport(i, ParsedBatch.LATER_FRAGMENT6, transportOffset, available, 0);
                return refused;
            }
        }
        return switch (protocol) {
            case Ipv4Flyweight.PROTOCOL_TCP -> tcp(buffer, parsed, i, ParsedBatch.TUPLE6, transportOffset, available);
            case Ipv4Flyweight.PROTOCOL_UDP -> udp(buffer, parsed, i, ParsedBatch.TUPLE6, transportOffset, available);
            case Ipv4Flyweight.PROTOCOL_ICMPV6 ->
                icmp(buffer, parsed, i, ParsedBatch.ICMP6, transportOffset, available);
            case Ipv4Flyweight.PROTOCOL_SCTP -> sctp(buffer, parsed, i, ParsedBatch.TUPLE6, transportOffset, available);
            default -> DropReason.PROTOCOL_UNSUPPORTED;
        };
    }

    /**
     * Notes a fragment. Every fragment but the last is a multiple of 8 bytes, none reaches beyond the longest datagram
     * (RFC 791 section 3.2), and none starts inside a TCP header (RFC 3128).
     */
    private static DropReason fragment(
            ParsedBatch parsed,
            int i,
            int protocol,
            int at,
            int available,
            boolean more,
            int identification,
            int headerOffset) {
        if (at + available > DATAGRAM_MAX
                || available == 0
                || (more && (available & 7) != 0)
                || (protocol == Ipv4Flyweight.PROTOCOL_TCP && at > 0 && at < TransportFlyweight.TCP_LENGTH_MIN)) {
            return DropReason.MALFORMED;
        }
        parsed.fragment(i, more ? ParsedBatch.MORE : ParsedBatch.LAST, identification, at, headerOffset);
        return null;
    }

    private DropReason tcp(UnsafeBuffer buffer, ParsedBatch parsed, int i, int kind, int offset, int available) {
        if (available < TransportFlyweight.TCP_LENGTH_MIN) {
            return DropReason.TRUNCATED;
        }
        transport.wrap(buffer, offset, Ipv4Flyweight.PROTOCOL_TCP);
        int headerLength = transport.tcpHeaderLength();
        if (headerLength < TransportFlyweight.TCP_LENGTH_MIN || headerLength > available) {
            return DropReason.MALFORMED;
        }
        parsed.transport(i, kind, offset, available, transport.ports());
        return null;
    }

    private DropReason udp(UnsafeBuffer buffer, ParsedBatch parsed, int i, int kind, int offset, int available) {
        if (available < TransportFlyweight.UDP_LENGTH) {
            return DropReason.TRUNCATED;
        }
        transport.wrap(buffer, offset, Ipv4Flyweight.PROTOCOL_UDP);
        int udpLength = transport.udpLength();
        if (udpLength < TransportFlyweight.UDP_LENGTH || (udpLength > available && !parsed.isFragment(i))) {
            return DropReason.MALFORMED;
        }
        parsed.transport(i, kind, offset, Math.min(udpLength, available), transport.ports());
        return null;
    }

    private DropReason sctp(UnsafeBuffer buffer, ParsedBatch parsed, int i, int kind, int offset, int available) {
        if (parsed.isFragment(i)) {
            return DropReason.FRAGMENT; // its checksum covers the whole datagram, which nobody here has
        }
        if (available < SctpFlyweight.LENGTH) {
            return DropReason.TRUNCATED;
        }
        transport.wrap(buffer, offset, Ipv4Flyweight.PROTOCOL_UDP);
        parsed.transport(i, kind, offset, available, transport.ports());
        return null;
    }

    private DropReason icmp(UnsafeBuffer buffer, ParsedBatch parsed, int i, int kind, int offset, int available) {
        if (available < IcmpFlyweight.LENGTH) {
            return DropReason.TRUNCATED;
        }
        icmp.wrap(buffer, offset);
        int type = icmp.type();
        boolean echo = kind == ParsedBatch.ICMP ? IcmpFlyweight.isEcho(type) : Icmpv6.isEcho(type);
        parsed.transport(i, kind, offset, available, echo ? icmp.echoPorts() : 0);
        return null;
    }

    private static boolean isUpper(int protocol) {
        return protocol == Ipv4Flyweight.PROTOCOL_TCP
                || protocol == Ipv4Flyweight.PROTOCOL_UDP
                || protocol == Ipv4Flyweight.PROTOCOL_ICMPV6
                || protocol == Ipv4Flyweight.PROTOCOL_SCTP;
    }
}
