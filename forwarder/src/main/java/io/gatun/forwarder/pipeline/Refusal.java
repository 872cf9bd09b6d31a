package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.packet.EthernetFlyweight;
import io.gatun.forwarder.packet.IcmpFlyweight;
import io.gatun.forwarder.packet.InternetChecksum;
import io.gatun.forwarder.packet.Ipv4Flyweight;
import io.gatun.forwarder.packet.SctpFlyweight;
import io.gatun.forwarder.packet.TransportFlyweight;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Turns a frame that nobody here wants into the answer a host would give, in place: RST for TCP (RFC 9293 section
 * 3.10.7.1), port-unreachable for UDP (RFC 1122 section 4.1.3.1), echo reply for an echo request.
 */
final class Refusal {
    /** Not answered. */
    static final int SILENT = 0;

    private static final int QUOTED_TRANSPORT = 8;

    private final EthernetFlyweight ethernet = new EthernetFlyweight();
    private final Ipv4Flyweight ip = new Ipv4Flyweight();
    private final TransportFlyweight transport = new TransportFlyweight();
    private final IcmpFlyweight icmp = new IcmpFlyweight();
    private final SctpAbort sctp = new SctpAbort();

    /**
     * Answers an unwanted TCP segment.
     *
     * @return bytes of the answer's frame, or {@link #SILENT} when the segment is itself a RST
     */
    int reset(UnsafeBuffer buffer, int offset, ParsedBatch parsed, int i) {
        transport.wrap(buffer, parsed.transportOffset(i), Ipv4Flyweight.PROTOCOL_TCP);
        int flags = transport.tcpFlags();
        if ((flags & TransportFlyweight.RST) != 0) {
            return SILENT;
        }
        boolean acknowledged = (flags & TransportFlyweight.ACK) != 0;
        int segmentLength = parsed.transportLength(i) - transport.tcpHeaderLength();
        int occupies = segmentLength + bit(flags, TransportFlyweight.SYN) + bit(flags, TransportFlyweight.FIN);
        int sequence = acknowledged ? transport.tcpAcknowledgment() : 0;
        int acknowledgment = acknowledged ? 0 : transport.tcpSequence() + occupies;
        int answerFlags = acknowledged ? TransportFlyweight.RST : TransportFlyweight.RST | TransportFlyweight.ACK;

        turnAround(buffer, offset);
        int ipOffset = parsed.ipOffset(i);
        int source = parsed.destination(i);
        int destination = parsed.source(i);
        ip.wrap(buffer, ipOffset)
                .header(
                        Ipv4Flyweight.PROTOCOL_TCP,
                        Ipv4Flyweight.LENGTH_MIN + TransportFlyweight.TCP_LENGTH_MIN,
                        source,
                        destination);
        int transportOffset = ipOffset + Ipv4Flyweight.LENGTH_MIN;
        transport
                .wrap(buffer, transportOffset, Ipv4Flyweight.PROTOCOL_TCP)
                .tcpHeader(Integer.rotateLeft(parsed.ports(i), 16), sequence, acknowledgment, answerFlags);
        long sum = InternetChecksum.pseudoHeader(
                        source, destination, Ipv4Flyweight.PROTOCOL_TCP, TransportFlyweight.TCP_LENGTH_MIN)
                + InternetChecksum.sum(buffer, transportOffset, TransportFlyweight.TCP_LENGTH_MIN);
        transport.checksum(InternetChecksum.of(sum));
        return transportOffset + TransportFlyweight.TCP_LENGTH_MIN - offset;
    }

    /** Answers an unwanted UDP datagram. @return bytes of the answer's frame */
    int portUnreachable(UnsafeBuffer buffer, int offset, ParsedBatch parsed, int i) {
        int ipOffset = parsed.ipOffset(i);
        int quoted = parsed.transportOffset(i) - ipOffset + QUOTED_TRANSPORT;
        int icmpOffset = ipOffset + Ipv4Flyweight.LENGTH_MIN;
        // The quote moves up inside the frame; UnsafeBuffer.putBytes copes with overlap like memmove.
        buffer.putBytes(icmpOffset + IcmpFlyweight.LENGTH, buffer, ipOffset, quoted);
        turnAround(buffer, offset);
        int totalLength = Ipv4Flyweight.LENGTH_MIN + IcmpFlyweight.LENGTH + quoted;
        ip.wrap(buffer, ipOffset)
                .header(
                        Ipv4Flyweight.PROTOCOL_ICMP,
                        totalLength,
                        /* source= */ parsed.destination(i),
                        /* destination= */ parsed.source(i));
        icmp.wrap(buffer, icmpOffset)
                .header(IcmpFlyweight.DESTINATION_UNREACHABLE, IcmpFlyweight.PORT_UNREACHABLE, quoted);
        return ipOffset - offset + totalLength;
    }

    /** Answers an unwanted SCTP packet. @return bytes of the answer's frame, or {@link #SILENT} */
    int abort(UnsafeBuffer buffer, int offset, ParsedBatch parsed, int i) {
        if (!sctp.read(buffer, parsed.transportOffset(i), parsed.transportLength(i))) {
            return SILENT;
        }
        turnAround(buffer, offset);
        ip.wrap(buffer, parsed.ipOffset(i))
                .header(
                        Ipv4Flyweight.PROTOCOL_SCTP,
                        Ipv4Flyweight.LENGTH_MIN + SctpFlyweight.ABORT_LENGTH,
                        /* source= */ parsed.destination(i),
                        /* destination= */ parsed.source(i));
        int transportOffset = parsed.ipOffset(i) + Ipv4Flyweight.LENGTH_MIN;
        sctp.write(buffer, transportOffset);
        return transportOffset + SctpFlyweight.ABORT_LENGTH - offset;
    }

    /** Answers an echo request, or the first fragment of one. @return bytes of the answer's frame */
    int echoReply(UnsafeBuffer buffer, int offset, ParsedBatch parsed, int i) {
        icmp.wrap(buffer, parsed.transportOffset(i));
        icmp.toEchoReply(parsed.transportLength(i));
        return turned(buffer, offset, parsed, i);
    }

    /** Sends a packet back as it is, with source and destination exchanged. @return bytes of its frame */
    int turned(UnsafeBuffer buffer, int offset, ParsedBatch parsed, int i) {
        turnAround(buffer, offset);
        ip.wrap(buffer, parsed.ipOffset(i));
        int ttl = ip.ttl();
        ip.ttl(64).checksum(InternetChecksum.update(ip.checksum(), InternetChecksum.delta(ttl << 8, 64 << 8)));
        ip.addresses(/* source= */ parsed.destination(i), /* destination= */ parsed.source(i));
        return parsed.ipOffset(i) - offset + parsed.ipLength(i);
    }

    /** Back to the MAC it came from: on a flat network that is the sender or the router that leads to it. */
    private void turnAround(UnsafeBuffer buffer, int offset) {
        ethernet.wrap(buffer, offset);
        ethernet.addresses(/* destination= */ ethernet.source(), /* source= */ ethernet.destination());
    }

    private static int bit(int flags, int flag) {
        return (flags & flag) != 0 ? 1 : 0;
    }
}
