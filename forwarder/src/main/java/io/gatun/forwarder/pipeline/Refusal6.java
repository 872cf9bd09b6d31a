package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.packet.EthernetFlyweight;
import io.gatun.forwarder.packet.IcmpFlyweight;
import io.gatun.forwarder.packet.Icmpv6;
import io.gatun.forwarder.packet.InternetChecksum;
import io.gatun.forwarder.packet.Ipv4Flyweight;
import io.gatun.forwarder.packet.Ipv6Flyweight;
import io.gatun.forwarder.packet.SctpFlyweight;
import io.gatun.forwarder.packet.TransportFlyweight;
import org.agrona.concurrent.UnsafeBuffer;

/** What {@link Refusal} is for IPv4: the answer a host would give over IPv6, in place of the frame. */
final class Refusal6 {
    /** An ICMPv6 error quotes what fits into the least MTU (RFC 4443 section 3.1): 1,280 - 40 - 8. */
    private static final int QUOTE_MAX = 1_232;

    private final EthernetFlyweight ethernet = new EthernetFlyweight();
    private final Ipv6Flyweight ip = new Ipv6Flyweight();
    private final TransportFlyweight transport = new TransportFlyweight();
    private final IcmpFlyweight icmp = new IcmpFlyweight();
    private final SctpAbort sctp = new SctpAbort();

    /**
     * Answers an unwanted TCP segment.
     *
     * @return bytes of the answer's frame, or {@link Refusal#SILENT} when the segment is itself a RST
     */
    int reset(UnsafeBuffer buffer, int offset, ParsedBatch parsed, int i) {
        transport.wrap(buffer, parsed.transportOffset(i), Ipv4Flyweight.PROTOCOL_TCP);
        int flags = transport.tcpFlags();
        if ((flags & TransportFlyweight.RST) != 0) {
            return Refusal.SILENT;
        }
        boolean acknowledged = (flags & TransportFlyweight.ACK) != 0;
        int occupies = parsed.transportLength(i)
                - transport.tcpHeaderLength()
                + Integer.bitCount(flags & (TransportFlyweight.SYN | TransportFlyweight.FIN));
        int sequence = acknowledged ? transport.tcpAcknowledgment() : 0;
        int acknowledgment = acknowledged ? 0 : transport.tcpSequence() + occupies;
        int answerFlags = acknowledged ? TransportFlyweight.RST : TransportFlyweight.RST | TransportFlyweight.ACK;

        int transportOffset =
                header(buffer, offset, parsed, i, Ipv4Flyweight.PROTOCOL_TCP, TransportFlyweight.TCP_LENGTH_MIN);
        transport
                .wrap(buffer, transportOffset, Ipv4Flyweight.PROTOCOL_TCP)
                .tcpHeader(Integer.rotateLeft(parsed.ports(i), 16), sequence, acknowledgment, answerFlags);
        long sum = pseudoHeader(parsed, i, Ipv4Flyweight.PROTOCOL_TCP, TransportFlyweight.TCP_LENGTH_MIN)
                + InternetChecksum.sum(buffer, transportOffset, TransportFlyweight.TCP_LENGTH_MIN);
        transport.checksum(InternetChecksum.of(sum));
        return transportOffset + TransportFlyweight.TCP_LENGTH_MIN - offset;
    }

    /** Answers an unwanted UDP datagram. @return bytes of the answer's frame */
    int portUnreachable(UnsafeBuffer buffer, int offset, ParsedBatch parsed, int i) {
        int ipOffset = parsed.ipOffset(i);
        int quoted = Math.min(parsed.transportOffset(i) - ipOffset + TransportFlyweight.UDP_LENGTH, QUOTE_MAX);
        int icmpOffset = ipOffset + Ipv6Flyweight.LENGTH;
        // The quote moves up inside the frame; UnsafeBuffer.putBytes copes with overlap like memmove.
        buffer.putBytes(icmpOffset + IcmpFlyweight.LENGTH, buffer, ipOffset, quoted);
        int length = IcmpFlyweight.LENGTH + quoted;
        header(buffer, offset, parsed, i, Ipv4Flyweight.PROTOCOL_ICMPV6, length);
        icmp.wrap(buffer, icmpOffset)
                .header(
                        Icmpv6.DESTINATION_UNREACHABLE,
                        Icmpv6.PORT_UNREACHABLE,
                        0,
                        quoted,
                        pseudoHeader(parsed, i, Ipv4Flyweight.PROTOCOL_ICMPV6, length));
        return icmpOffset + length - offset;
    }

    /** Answers an echo request, or a first fragment of one. @return bytes of the answer's frame */
    int echoReply(UnsafeBuffer buffer, int offset, ParsedBatch parsed, int i) {
        icmp.wrap(buffer, parsed.transportOffset(i));
        buffer.putByte(parsed.transportOffset(i), (byte) Icmpv6.ECHO_REPLY);
        icmp.checksum(InternetChecksum.update(
                icmp.checksum(), InternetChecksum.delta(Icmpv6.ECHO_REQUEST << 8, Icmpv6.ECHO_REPLY << 8)));
        return turned(buffer, offset, parsed, i);
    }

    /** Sends a packet back as it is, with source and destination exchanged. @return bytes of its frame */
    int turned(UnsafeBuffer buffer, int offset, ParsedBatch parsed, int i) {
        turnAround(buffer, offset);
        ip.wrap(buffer, parsed.ipOffset(i)).hopLimit(64);
        ip.addresses(
                /* sourceHigh= */ parsed.destinationHigh(i),
                /* sourceLow= */ parsed.destinationLow(i),
                /* destinationHigh= */ parsed.sourceHigh(i),
                /* destinationLow= */ parsed.sourceLow(i));
        return parsed.ipOffset(i) - offset + parsed.ipLength(i);
    }

    /** Answers an unwanted SCTP packet. @return bytes of the answer's frame, or {@link Refusal#SILENT} */
    int abort(UnsafeBuffer buffer, int offset, ParsedBatch parsed, int i) {
        if (!sctp.read(buffer, parsed.transportOffset(i), parsed.transportLength(i))) {
            return Refusal.SILENT;
        }
        int transportOffset =
                header(buffer, offset, parsed, i, Ipv4Flyweight.PROTOCOL_SCTP, SctpFlyweight.ABORT_LENGTH);
        sctp.write(buffer, transportOffset);
        return transportOffset + SctpFlyweight.ABORT_LENGTH - offset;
    }

    /** Writes Ethernet and IPv6 headers of an answer. @return where its payload starts */
    private int header(UnsafeBuffer buffer, int offset, ParsedBatch parsed, int i, int protocol, int payloadLength) {
        turnAround(buffer, offset);
        ip.wrap(buffer, parsed.ipOffset(i))
                .header(
                        protocol,
                        payloadLength,
                        /* sourceHigh= */ parsed.destinationHigh(i),
                        /* sourceLow= */ parsed.destinationLow(i),
                        /* destinationHigh= */ parsed.sourceHigh(i),
                        /* destinationLow= */ parsed.sourceLow(i));
        return parsed.ipOffset(i) + Ipv6Flyweight.LENGTH;
    }

    private static long pseudoHeader(ParsedBatch parsed, int i, int protocol, int length) {
        return InternetChecksum.pseudoHeader6(
                /* sourceHigh= */ parsed.destinationHigh(i),
                /* sourceLow= */ parsed.destinationLow(i),
                /* destinationHigh= */ parsed.sourceHigh(i),
                /* destinationLow= */ parsed.sourceLow(i),
                protocol,
                length);
    }

    /** Back to the MAC it came from: on a flat network that is the sender or the router that leads to it. */
    private void turnAround(UnsafeBuffer buffer, int offset) {
        ethernet.wrap(buffer, offset);
        ethernet.addresses(/* destination= */ ethernet.source(), /* source= */ ethernet.destination());
    }
}
