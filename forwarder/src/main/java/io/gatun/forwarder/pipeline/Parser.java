package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.counters.DropReason;
import io.gatun.forwarder.packet.EthernetFlyweight;
import io.gatun.forwarder.packet.IcmpFlyweight;
import io.gatun.forwarder.packet.Ipv4Flyweight;
import io.gatun.forwarder.packet.TransportFlyweight;
import org.agrona.concurrent.UnsafeBuffer;

/** Checks every length and header field of a frame before anything reads past it, and writes down what it found. */
final class Parser {
    private final long mac;
    private final EthernetFlyweight ethernet = new EthernetFlyweight();
    private final Ipv4Flyweight ip = new Ipv4Flyweight();
    private final TransportFlyweight transport = new TransportFlyweight();

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
        if (ethernet.type() != EthernetFlyweight.TYPE_IPV4) {
            return DropReason.MALFORMED;
        }
        if (ethernet.destination() != mac) {
            return DropReason.NOT_OUR_MAC;
        }
        int ipOffset = offset + EthernetFlyweight.LENGTH;
        ip.wrap(buffer, ipOffset);
        int headerLength = ip.headerLength();
        int ipLength = ip.totalLength();
        if (ip.version() != 4 || headerLength < Ipv4Flyweight.LENGTH_MIN || ipLength < headerLength) {
            return DropReason.MALFORMED;
        }
        if (ipLength > length - EthernetFlyweight.LENGTH) {
            return DropReason.TRUNCATED;
        }
        int protocol = ip.protocol();
        parsed.network(i, ipOffset, ipLength, ip.ttl(), protocol, ip.source(), ip.destination());
        if (ip.isFragment()) {
            return DropReason.FRAGMENT;
        }
        int transportOffset = ipOffset + headerLength;
        int available = ipLength - headerLength;
        return switch (protocol) {
            case Ipv4Flyweight.PROTOCOL_TCP -> tcp(buffer, parsed, i, transportOffset, available);
            case Ipv4Flyweight.PROTOCOL_UDP -> udp(buffer, parsed, i, transportOffset, available);
            case Ipv4Flyweight.PROTOCOL_ICMP -> icmp(parsed, i, transportOffset, available);
            default -> DropReason.PROTOCOL_UNSUPPORTED;
        };
    }

    private DropReason tcp(UnsafeBuffer buffer, ParsedBatch parsed, int i, int offset, int available) {
        if (available < TransportFlyweight.TCP_LENGTH_MIN) {
            return DropReason.TRUNCATED;
        }
        transport.wrap(buffer, offset, Ipv4Flyweight.PROTOCOL_TCP);
        int headerLength = transport.tcpHeaderLength();
        if (headerLength < TransportFlyweight.TCP_LENGTH_MIN || headerLength > available) {
            return DropReason.MALFORMED;
        }
        parsed.transport(i, offset, available, transport.ports());
        return null;
    }

    private DropReason udp(UnsafeBuffer buffer, ParsedBatch parsed, int i, int offset, int available) {
        if (available < TransportFlyweight.UDP_LENGTH) {
            return DropReason.TRUNCATED;
        }
        transport.wrap(buffer, offset, Ipv4Flyweight.PROTOCOL_UDP);
        int udpLength = transport.udpLength();
        if (udpLength < TransportFlyweight.UDP_LENGTH || udpLength > available) {
            return DropReason.MALFORMED;
        }
        parsed.transport(i, offset, udpLength, transport.ports());
        return null;
    }

    private static DropReason icmp(ParsedBatch parsed, int i, int offset, int available) {
        if (available < IcmpFlyweight.LENGTH) {
            return DropReason.TRUNCATED;
        }
        parsed.icmp(i, offset, available);
        return null;
    }
}
