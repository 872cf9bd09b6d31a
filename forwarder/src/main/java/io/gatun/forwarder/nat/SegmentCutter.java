package io.gatun.forwarder.nat;

import io.gatun.forwarder.packet.InternetChecksum;
import io.gatun.forwarder.packet.Ipv4Flyweight;
import io.gatun.forwarder.packet.Ipv6Flyweight;
import io.gatun.forwarder.packet.TransportFlyweight;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Cuts a TCP super-frame, or one of several UDP datagrams, into what its sender meant, one after the other, as the kernel
 * does before a device without TSO (tcp_gso_segment of net/ipv4/tcp_offload.c, __udp_gso_segment of udp_offload.c):
 * sequence numbers and IPv4 identifications go up, FIN and PSH stay with the last segment and CWR with the first, every
 * length and checksum is computed. Needed where no device does
 * it: in front of a tunnel, or when a frame leaves by another engine than it came.
 */
public final class SegmentCutter {
    private static final int UDP_LENGTH = 4;
    private static final int SEQUENCE = 4;
    private static final int FLAGS = 13;
    private static final int CWR = 0x80;
    private static final int LAST_ONLY = TransportFlyweight.FIN | 0x08;

    private final Ipv4Flyweight ip = new Ipv4Flyweight();
    private final Ipv6Flyweight ip6 = new Ipv6Flyweight();
    private final TransportFlyweight transport = new TransportFlyweight();

    private UnsafeBuffer source;
    private int frameOffset;
    private int ipOffset;
    private int protocol;
    private int transportOffset;
    private int headersLength;
    private int payloadOffset;
    private int end;
    private int segmentSize;
    private int segments;
    private int next;
    private boolean ipv6;
    private int sequence;
    private int flags;
    private int identification;

    /**
     * Looks at a frame; nothing is cut yet. Lengths have been checked, and the frame must stay as it is until the last
     * segment is out.
     *
     * @param frameOffset where the Ethernet header starts
     * @param ipOffset where the IPv4 or IPv6 header starts
     * @param protocol TCP or UDP
     * @param transportOffset where its header starts
     * @param end first byte behind the payload
     * @param gsoSize payload bytes of each segment but the last
     * @return segments that {@link #next} will make, at least 1
     */
    public int begin(
            UnsafeBuffer source,
            int frameOffset,
            int ipOffset,
            int protocol,
            int transportOffset,
            int end,
            int gsoSize) {
        this.source = source;
        this.frameOffset = frameOffset;
        this.ipOffset = ipOffset;
        this.protocol = protocol;
        this.transportOffset = transportOffset;
        this.end = end;
        segmentSize = Math.max(gsoSize, 1);
        transport.wrap(source, transportOffset, protocol);
        if (isTcp()) {
            payloadOffset = transportOffset + transport.tcpHeaderLength();
            sequence = transport.tcpSequence();
            flags = transport.tcpFlags();
        } else {
            payloadOffset = transportOffset + TransportFlyweight.UDP_LENGTH;
        }
        headersLength = payloadOffset - frameOffset;
        ipv6 = ip.wrap(source, ipOffset).version() != 4;
        identification = ipv6 ? 0 : ip.identification();
        segments = Math.max(1, (end - payloadOffset + segmentSize - 1) / segmentSize);
        next = 0;
        return segments;
    }

    public boolean hasNext() {
        return next < segments;
    }

    /** Bytes of the next segment's frame, to find room for. */
    public int nextLength() {
        return headersLength + payloadLength();
    }

    /**
     * Writes the next segment.
     *
     * @param target where to, not the frame itself; {@link #nextLength} bytes from {@code targetOffset} on
     * @return bytes of the frame
     */
    public int next(UnsafeBuffer target, int targetOffset) {
        int payload = payloadLength();
        int from = payloadOffset + next * segmentSize;
        target.putBytes(targetOffset, source, frameOffset, headersLength);
        target.putBytes(targetOffset + headersLength, source, from, payload);
        int at = targetOffset + transportOffset - frameOffset;
        int length = payloadOffset - transportOffset + payload;
        if (isTcp()) {
            tcpHeader(target, at);
        } else {
            target.putShort(at + UDP_LENGTH, (short) length, ByteOrder.BIG_ENDIAN);
        }
        long pseudo = ipHeader(target, targetOffset + ipOffset - frameOffset, length);
        transport.wrap(target, at, protocol).checksum(0);
        int checksum = InternetChecksum.of(pseudo + InternetChecksum.sum(target, at, length));
        transport.checksum(checksum == 0 && !isTcp() ? 0xFFFF : checksum);
        next++;
        return headersLength + payload;
    }

    private int payloadLength() {
        return Math.min(segmentSize, end - payloadOffset - next * segmentSize);
    }

    private boolean isTcp() {
        return protocol == Ipv4Flyweight.PROTOCOL_TCP;
    }

    private void tcpHeader(UnsafeBuffer target, int tcpAt) {
        int mine = flags;
        if (next > 0) {
            mine &= ~CWR;
        }
        if (next < segments - 1) {
            mine &= ~LAST_ONLY;
        }
        target.putInt(tcpAt + SEQUENCE, sequence + next * segmentSize, ByteOrder.BIG_ENDIAN);
        target.putByte(tcpAt + FLAGS, (byte) mine);
    }

    /** Returns the partial sum of the pseudo-header. */
    private long ipHeader(UnsafeBuffer target, int ipAt, int transportLength) {
        int headerLength = transportOffset - ipOffset;
        if (ipv6) {
            ip6.wrap(target, ipAt).payloadLength(headerLength - Ipv6Flyweight.LENGTH + transportLength);
            return InternetChecksum.pseudoHeader6(
                    ip6.sourceHigh(),
                    ip6.sourceLow(),
                    ip6.destinationHigh(),
                    ip6.destinationLow(),
                    protocol,
                    transportLength);
        }
        ip.wrap(target, ipAt).totalLength(headerLength + transportLength).identification(identification + next);
        ip.checksum(0);
        ip.checksum(InternetChecksum.of(InternetChecksum.sum(target, ipAt, headerLength)));
        return InternetChecksum.pseudoHeader(ip.source(), ip.destination(), protocol, transportLength);
    }
}
