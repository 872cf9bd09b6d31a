package io.gatun.forwarder.agent;

import io.gatun.forwarder.control.AddressText;
import io.gatun.forwarder.packet.EthernetFlyweight;
import io.gatun.forwarder.packet.Ipv4Flyweight;
import io.gatun.forwarder.packet.Ipv6Extensions;
import io.gatun.forwarder.packet.Ipv6Flyweight;
import io.gatun.forwarder.packet.TransportFlyweight;
import java.net.InetAddress;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * From where to where a frame goes, read from its first bytes. The pipeline has found its headers to be whole.
 *
 * @param mac the destination MAC
 * @param protocol IP protocol number behind extension headers; 4 or 41 for a packet in a packet
 * @param ports source and destination port, or 0 where there are none or they were not kept
 * @param laterFragment whether the frame carries a later piece of a datagram, which has no ports
 */
record FrameEnds(
        long mac, InetAddress source, InetAddress destination, int protocol, int ports, boolean laterFragment) {
    private static final int IPV4_IN_IP = 4;
    private static final int IPV6_IN_IP = 41;

    static FrameEnds of(DirectBuffer frame) {
        UnsafeBuffer buffer = new UnsafeBuffer(frame);
        EthernetFlyweight ethernet = new EthernetFlyweight().wrap(buffer, 0);
        long mac = ethernet.destination();
        int type = ethernet.type();
        int at = EthernetFlyweight.LENGTH;
        if (type == EthernetFlyweight.TYPE_VLAN || type == EthernetFlyweight.TYPE_QINQ) {
            type = ethernet.wrap(buffer, EthernetFlyweight.TAG_LENGTH).type();
            at += EthernetFlyweight.TAG_LENGTH;
        }
        return type == EthernetFlyweight.TYPE_IPV6 ? ipv6(buffer, at, mac) : ipv4(buffer, at, mac);
    }

    private static FrameEnds ipv4(UnsafeBuffer buffer, int at, long mac) {
        Ipv4Flyweight ip = new Ipv4Flyweight().wrap(buffer, at);
        boolean later = ip.isLaterFragment();
        return new FrameEnds(
                mac,
                Ipv4.toAddress(ip.source()),
                Ipv4.toAddress(ip.destination()),
                ip.protocol(),
                later ? 0 : ports(buffer, at + ip.headerLength(), ip.protocol()),
                later);
    }

    private static FrameEnds ipv6(UnsafeBuffer buffer, int at, long mac) {
        Ipv6Flyweight ip = new Ipv6Flyweight().wrap(buffer, at);
        Ipv6Extensions extensions = new Ipv6Extensions();
        boolean kept = extensions.walk(buffer, at, buffer.capacity()) == Ipv6Extensions.OK;
        boolean later = kept && extensions.isLaterFragment();
        return new FrameEnds(
                mac,
                Addresses.of(ip.sourceHigh(), ip.sourceLow()),
                Addresses.of(ip.destinationHigh(), ip.destinationLow()),
                extensions.protocol(),
                kept && !later ? ports(buffer, extensions.transportOffset(), extensions.protocol()) : 0,
                later);
    }

    private static int ports(UnsafeBuffer buffer, int at, int protocol) {
        boolean has = protocol == Ipv4Flyweight.PROTOCOL_TCP
                || protocol == Ipv4Flyweight.PROTOCOL_UDP
                || protocol == Ipv4Flyweight.PROTOCOL_SCTP;
        // The layout of UDP is enough: all three begin with their ports.
        return has && at + Integer.BYTES <= buffer.capacity()
                ? new TransportFlyweight()
                        .wrap(buffer, at, Ipv4Flyweight.PROTOCOL_UDP)
                        .ports()
                : 0;
    }

    int sourcePort() {
        return ports >>> 16;
    }

    int destinationPort() {
        return ports & 0xFFFF;
    }

    /** Whether it is a packet in a packet. */
    boolean isTunnel() {
        return protocol == IPV4_IN_IP || protocol == IPV6_IN_IP;
    }

    /** Whether this is what comes back for {@code other}. */
    boolean answers(FrameEnds other) {
        return source.equals(other.destination) && destination.equals(other.source);
    }

    boolean sameEnds(FrameEnds other) {
        return source.equals(other.source) && destination.equals(other.destination) && ports == other.ports;
    }

    /** {@code tcp 192.168.80.10:51000 > 192.168.80.200:80}. */
    String text() {
        return word() + end(source, sourcePort()) + " > " + end(destination, destinationPort());
    }

    private String word() {
        return switch (protocol) {
            case Ipv4Flyweight.PROTOCOL_TCP -> "tcp ";
            case Ipv4Flyweight.PROTOCOL_UDP -> "udp ";
            case Ipv4Flyweight.PROTOCOL_SCTP -> "sctp ";
            case Ipv4Flyweight.PROTOCOL_ICMP -> "icmp ";
            case Ipv4Flyweight.PROTOCOL_ICMPV6 -> "icmpv6 ";
            default -> "";
        };
    }

    static String end(InetAddress address, int port) {
        return port == 0 ? AddressText.of(address) : AddressText.of(address, port);
    }
}
