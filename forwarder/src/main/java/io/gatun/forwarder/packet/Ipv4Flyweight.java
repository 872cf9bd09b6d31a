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

    /** What our own packets start with. */
    public static final int TTL_DEFAULT = 64;

    public static final int PROTOCOL_ICMP = 1;

    /** IPv4 in IP, RFC 2003. */
    public static final int PROTOCOL_IPIP = 4;

    public static final int PROTOCOL_TCP = 6;
    public static final int PROTOCOL_UDP = 17;

    /** IPv6 in IP, RFC 2473. */
    public static final int PROTOCOL_IPV6 = 41;

    /** IPv6's fragment header, RFC 8200 section 4.5. */
    public static final int PROTOCOL_FRAGMENT = 44;

    public static final int PROTOCOL_ICMPV6 = 58;
    public static final int PROTOCOL_SCTP = 132;

    /** Don't-fragment among {@link #flagsAndFragment}. */
    public static final int DONT_FRAGMENT = 0x4000;

    /** More-fragments among {@link #flagsAndFragment}. */
    public static final int MORE_FRAGMENTS = 0x2000;

    private static final int TYPE_OF_SERVICE = 1;
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

    private static final int FRAGMENT_OFFSET_MASK = 0x1FFF;

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

    /** The octet once called type of service: DSCP and ECN. */
    public int typeOfService() {
        return buffer.getByte(offset + TYPE_OF_SERVICE) & 0xFF;
    }

    public int totalLength() {
        return unsignedShort(TOTAL_LENGTH);
    }

    public Ipv4Flyweight totalLength(int bytes) {
        buffer.putShort(offset + TOTAL_LENGTH, (short) bytes, ByteOrder.BIG_ENDIAN);
        return this;
    }

    public int identification() {
        return unsignedShort(IDENTIFICATION);
    }

    public Ipv4Flyweight identification(int identification) {
        buffer.putShort(offset + IDENTIFICATION, (short) identification, ByteOrder.BIG_ENDIAN);
        return this;
    }

    /** Three flags and the fragment offset in units of eight bytes. */
    public int flagsAndFragment() {
        return unsignedShort(FRAGMENT);
    }

    public boolean dontFragment() {
        return (unsignedShort(FRAGMENT) & DONT_FRAGMENT) != 0;
    }

    public boolean moreFragments() {
        return (unsignedShort(FRAGMENT) & MORE_FRAGMENTS) != 0;
    }

    public int fragmentOffsetBytes() {
        return (unsignedShort(FRAGMENT) & FRAGMENT_OFFSET_MASK) << 3;
    }

    /** Any piece of a packet, the first among them. */
    public boolean isFragment() {
        return (unsignedShort(FRAGMENT) & FRAGMENT_MASK) != 0;
    }

    /** The piece that has the transport header. */
    public boolean isFirstFragment() {
        return (unsignedShort(FRAGMENT) & FRAGMENT_MASK) == MORE_FRAGMENTS;
    }

    /** A piece without the transport header. */
    public boolean isLaterFragment() {
        return (unsignedShort(FRAGMENT) & FRAGMENT_OFFSET_MASK) != 0;
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
        return header(0, totalLength, 0, DONT_FRAGMENT, TTL_DEFAULT, protocol, source, destination);
    }

    /**
     * Writes a whole header without options, with its checksum.
     *
     * @param flagsAndFragment flags and offset, see {@link #flagsAndFragment}
     */
    public Ipv4Flyweight header(
            int typeOfService,
            int totalLength,
            int identification,
            int flagsAndFragment,
            int ttl,
            int protocol,
            int source,
            int destination) {
        buffer.putShort(offset, (short) (0x4500 | typeOfService), ByteOrder.BIG_ENDIAN);
        totalLength(totalLength);
        identification(identification);
        buffer.putShort(offset + FRAGMENT, (short) flagsAndFragment, ByteOrder.BIG_ENDIAN);
        ttlProtocolAndChecksum(ttl, protocol, 0);
        addresses(source, destination);
        return checksum(InternetChecksum.of(InternetChecksum.sum(buffer, offset, LENGTH_MIN)));
    }

    private int unsignedShort(int field) {
        return buffer.getShort(offset + field, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }
}
