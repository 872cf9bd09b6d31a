package io.gatun.forwarder.packet;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What the headers of TCP (RFC 9293 section 3.1) and UDP (RFC 768) have in common, and the TCP fields that a load
 * balancer reads.
 *
 * <pre>
 *       0       2       4               8               12  13  14      16      18
 *  TCP  +-------+-------+---------------+---------------+---+---+-------+-------+-------+
 *       | sport | dport | sequence      | acknowledgment|off|flg| window| check | urgent|
 *       +-------+-------+---------------+---------------+---+---+-------+-------+-------+
 *  UDP  +-------+-------+-------+-------+
 *       | sport | dport | length| check |
 *       +-------+-------+-------+-------+
 * </pre>
 */
public final class TransportFlyweight {
    /** Bytes of a TCP header without options. */
    public static final int TCP_LENGTH_MIN = 20;

    /** Bytes of a UDP header. */
    public static final int UDP_LENGTH = 8;

    public static final int FIN = 0x01;
    public static final int SYN = 0x02;
    public static final int RST = 0x04;
    public static final int ACK = 0x10;

    private static final int TCP_SEQUENCE = 4;
    private static final int TCP_ACKNOWLEDGMENT = 8;
    private static final int TCP_OFFSET = 12;
    private static final int TCP_FLAGS = 13;
    private static final int TCP_WINDOW = 14;
    private static final int TCP_CHECKSUM = 16;
    private static final int UDP_LENGTH_FIELD = 4;
    private static final int UDP_CHECKSUM = 6;

    private UnsafeBuffer buffer;
    private int offset;
    private int checksumOffset;

    /** Wraps a header of the protocol, which must be TCP or UDP. */
    public TransportFlyweight wrap(UnsafeBuffer buffer, int offset, int protocol) {
        this.buffer = buffer;
        this.offset = offset;
        this.checksumOffset = offset + (protocol == Ipv4Flyweight.PROTOCOL_TCP ? TCP_CHECKSUM : UDP_CHECKSUM);
        return this;
    }

    /** Both ports in one int: source in the upper half. */
    public int ports() {
        return buffer.getInt(offset, ByteOrder.BIG_ENDIAN);
    }

    public TransportFlyweight ports(int ports) {
        buffer.putInt(offset, ports, ByteOrder.BIG_ENDIAN);
        return this;
    }

    public int checksum() {
        return buffer.getShort(checksumOffset, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    public TransportFlyweight checksum(int checksum) {
        buffer.putShort(checksumOffset, (short) checksum, ByteOrder.BIG_ENDIAN);
        return this;
    }

    /** Bytes of the TCP header with options. */
    public int tcpHeaderLength() {
        return (buffer.getByte(offset + TCP_OFFSET) & 0xF0) >>> 2;
    }

    public int tcpFlags() {
        return buffer.getByte(offset + TCP_FLAGS) & 0xFF;
    }

    public int tcpSequence() {
        return buffer.getInt(offset + TCP_SEQUENCE, ByteOrder.BIG_ENDIAN);
    }

    public int tcpAcknowledgment() {
        return buffer.getInt(offset + TCP_ACKNOWLEDGMENT, ByteOrder.BIG_ENDIAN);
    }

    /** The length field of UDP: header and payload. */
    public int udpLength() {
        return buffer.getShort(offset + UDP_LENGTH_FIELD, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    /** Writes a TCP header of 20 bytes without options, window 0 and checksum 0. */
    public TransportFlyweight tcpHeader(int ports, int sequence, int acknowledgment, int flags) {
        ports(ports);
        buffer.putInt(offset + TCP_SEQUENCE, sequence, ByteOrder.BIG_ENDIAN);
        buffer.putInt(offset + TCP_ACKNOWLEDGMENT, acknowledgment, ByteOrder.BIG_ENDIAN);
        buffer.putByte(offset + TCP_OFFSET, (byte) (TCP_LENGTH_MIN << 2));
        buffer.putByte(offset + TCP_FLAGS, (byte) flags);
        buffer.putShort(offset + TCP_WINDOW, (short) 0);
        buffer.putInt(offset + TCP_CHECKSUM, 0);
        return this;
    }
}
