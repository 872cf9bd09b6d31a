package io.gatun.forwarder.packet;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * IPv4 header, RFC 791 section 3.1.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------+-------+---------------+-------------------------------+
 *  |version| IHL   | type of serv. | total length                  |
 *  +-------+-------+---------------+-----+-------------------------+
 *  | identification                |flags| fragment offset         |
 *  +---------------+---------------+-----+-------------------------+
 *  | time to live  | protocol      | header checksum               |
 *  +---------------+---------------+-------------------------------+
 *  | source address                                                |
 *  +---------------------------------------------------------------+
 *  | destination address                                           |
 *  +---------------------------------------------------------------+
 * </pre>
 */
public final class Ipv4Flyweight {
    /** Bytes of a header without options. */
    public static final int LENGTH_MIN = 20;

    public static final int PROTOCOL_ICMP = 1;
    public static final int PROTOCOL_TCP = 6;
    public static final int PROTOCOL_UDP = 17;

    private static final int TOTAL_LENGTH = 2;
    private static final int IDENTIFICATION = 4;
    private static final int FRAGMENT = 6;
    private static final int TTL = 8;
    private static final int PROTOCOL = 9;
    private static final int CHECKSUM = 10;
    private static final int SOURCE = 12;
    private static final int DESTINATION = 16;

    /** More-fragments flag and offset; don't-fragment (0x4000) is not among them. */
    private static final int FRAGMENT_MASK = 0x3FFF;

    private UnsafeBuffer buffer;
    private int offset;

    public Ipv4Flyweight wrap(UnsafeBuffer buffer, int offset) {
        this.buffer = buffer;
        this.offset = offset;
        return this;
    }

    public int version() {
        return (buffer.getByte(offset) & 0xF0) >>> 4;
    }

    /** Bytes of the header with options: IHL times four. */
    public int headerLength() {
        return (buffer.getByte(offset) & 0x0F) << 2;
    }

    public int totalLength() {
        return unsignedShort(TOTAL_LENGTH);
    }

    public boolean isFragment() {
        return (unsignedShort(FRAGMENT) & FRAGMENT_MASK) != 0;
    }

    public int ttl() {
        return buffer.getByte(offset + TTL) & 0xFF;
    }

    public int protocol() {
        return buffer.getByte(offset + PROTOCOL) & 0xFF;
    }

    public int checksum() {
        return unsignedShort(CHECKSUM);
    }

    public int source() {
        return buffer.getInt(offset + SOURCE, ByteOrder.BIG_ENDIAN);
    }

    public int destination() {
        return buffer.getInt(offset + DESTINATION, ByteOrder.BIG_ENDIAN);
    }

    public Ipv4Flyweight addresses(int source, int destination) {
        long both = ((long) source << 32) | (destination & 0xFFFF_FFFFL);
        buffer.putLong(offset + SOURCE, both, ByteOrder.BIG_ENDIAN);
        return this;
    }

    /** Writes the 32-bit word that the three share. */
    public Ipv4Flyweight ttlProtocolAndChecksum(int ttl, int protocol, int checksum) {
        buffer.putInt(offset + TTL, (ttl << 24) | (protocol << 16) | checksum, ByteOrder.BIG_ENDIAN);
        return this;
    }

    public Ipv4Flyweight ttl(int ttl) {
        buffer.putByte(offset + TTL, (byte) ttl);
        return this;
    }

    public Ipv4Flyweight checksum(int checksum) {
        buffer.putShort(offset + CHECKSUM, (short) checksum, ByteOrder.BIG_ENDIAN);
        return this;
    }

    /** Writes a whole header without options, with its checksum, identification 0 and don't-fragment set. */
    public Ipv4Flyweight header(int protocol, int totalLength, int source, int destination) {
        buffer.putShort(offset, (short) 0x4500, ByteOrder.BIG_ENDIAN);
        buffer.putShort(offset + TOTAL_LENGTH, (short) totalLength, ByteOrder.BIG_ENDIAN);
        buffer.putShort(offset + IDENTIFICATION, (short) 0, ByteOrder.BIG_ENDIAN);
        buffer.putShort(offset + FRAGMENT, (short) 0x4000, ByteOrder.BIG_ENDIAN);
        buffer.putByte(offset + TTL, (byte) 64);
        buffer.putByte(offset + PROTOCOL, (byte) protocol);
        checksum(0);
        addresses(source, destination);
        return checksum(InternetChecksum.of(InternetChecksum.sum(buffer, offset, LENGTH_MIN)));
    }

    private int unsignedShort(int field) {
        return buffer.getShort(offset + field, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }
}
