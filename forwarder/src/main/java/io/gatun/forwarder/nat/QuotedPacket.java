package io.gatun.forwarder.nat;

import io.gatun.forwarder.packet.IcmpFlyweight;
import io.gatun.forwarder.packet.Icmpv6;
import io.gatun.forwarder.packet.InternetChecksum;
import io.gatun.forwarder.packet.Ipv4Flyweight;
import io.gatun.forwarder.packet.Ipv6Extensions;
import io.gatun.forwarder.packet.Ipv6Flyweight;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The beginning of a packet, as an ICMP or ICMPv6 error quotes it. All lengths are checked against what is quoted. One
 * object is reused.
 */
public final class QuotedPacket {
    private static final int PORTS_LENGTH = 4;

    private final Ipv4Flyweight ip = new Ipv4Flyweight();
    private final Ipv6Flyweight ip6 = new Ipv6Flyweight();
    private final Ipv6Extensions extensions = new Ipv6Extensions();
    private final IcmpFlyweight icmp = new IcmpFlyweight();

    private boolean ipv6;
    private int ipOffset;
    private int protocol;
    private int transportOffset;
    private int transportLength;
    private int available;
    private int ports;

    /**
     * Reads the quote.
     *
     * @param offset behind the eight bytes of the ICMP header
     * @param end first byte behind the ICMP message
     * @return false when there is too little to tell the flow, or the quoted packet had no ports: later fragments, other
     *     ICMP than echo, other protocols
     */
    boolean parse(UnsafeBuffer buffer, int offset, int end) {
        ipOffset = offset;
        if (end - offset < Ipv4Flyweight.LENGTH_MIN) {
            return false;
        }
        ip.wrap(buffer, offset);
        ipv6 = ip.version() == 6;
        boolean network = ipv6 ? ipv6(buffer, offset, end) : ip.version() == 4 && ipv4(offset);
        available = end - transportOffset;
        return network && available >= PORTS_LENGTH && transport(buffer);
    }

    private boolean ipv4(int offset) {
        int headerLength = ip.headerLength();
        transportOffset = offset + headerLength;
        transportLength = ip.totalLength() - headerLength;
        protocol = ip.protocol();
        return headerLength >= Ipv4Flyweight.LENGTH_MIN && transportLength >= 0 && !ip.isLaterFragment();
    }

    private boolean ipv6(UnsafeBuffer buffer, int offset, int end) {
        if (end - offset < Ipv6Flyweight.LENGTH
                || extensions.walk(buffer, offset, end) != Ipv6Extensions.OK
                || extensions.isLaterFragment()) {
            return false;
        }
        ip6.wrap(buffer, offset);
        transportOffset = extensions.transportOffset();
        transportLength = offset + Ipv6Flyweight.LENGTH + ip6.payloadLength() - transportOffset;
        protocol = extensions.protocol();
        return transportLength >= 0;
    }

    private boolean transport(UnsafeBuffer buffer) {
        return switch (protocol) {
            case Ipv4Flyweight.PROTOCOL_TCP, Ipv4Flyweight.PROTOCOL_UDP, Ipv4Flyweight.PROTOCOL_SCTP -> {
                ports = buffer.getInt(transportOffset, ByteOrder.BIG_ENDIAN);
                yield true;
            }
            case Ipv4Flyweight.PROTOCOL_ICMP, Ipv4Flyweight.PROTOCOL_ICMPV6 -> {
                if (available < IcmpFlyweight.LENGTH || ipv6 != (protocol == Ipv4Flyweight.PROTOCOL_ICMPV6)) {
                    yield false;
                }
                icmp.wrap(buffer, transportOffset);
                ports = icmp.echoPorts();
                yield ipv6 ? Icmpv6.isEcho(icmp.type()) : IcmpFlyweight.isEcho(icmp.type());
            }
            default -> false;
        };
    }

    public boolean isIpv6() {
        return ipv6;
    }

    /** The upper protocol. */
    public int protocol() {
        return protocol;
    }

    /** Source port in the upper half; of an echo, as {@code IcmpFlyweight.echoPorts} has them. */
    public int ports() {
        return ports;
    }

    /** Of a quoted IPv4 packet. */
    public int source() {
        return ip.source();
    }

    public int destination() {
        return ip.destination();
    }

    /** Of a quoted IPv6 packet, as the three below. */
    public long sourceHigh() {
        return ip6.sourceHigh();
    }

    public long sourceLow() {
        return ip6.sourceLow();
    }

    public long destinationHigh() {
        return ip6.destinationHigh();
    }

    public long destinationLow() {
        return ip6.destinationLow();
    }

    public int ipOffset() {
        return ipOffset;
    }

    public int transportOffset() {
        return transportOffset;
    }

    /** Bytes that transport header and payload had, most of which may not be quoted. */
    public int transportLength() {
        return transportLength;
    }

    /** Bytes from the transport header on that are quoted. */
    public int available() {
        return available;
    }

    Ipv4Flyweight ip() {
        return ip;
    }

    Ipv6Flyweight ip6() {
        return ip6;
    }

    Ipv6Extensions extensions() {
        return extensions;
    }

    long pseudoHeader() {
        if (ipv6) {
            return InternetChecksum.pseudoHeader6(
                    ip6.sourceHigh(),
                    ip6.sourceLow(),
                    ip6.destinationHigh(),
                    ip6.destinationLow(),
                    protocol,
                    transportLength);
        }
        return InternetChecksum.pseudoHeader(ip.source(), ip.destination(), protocol, transportLength);
    }
}
