package io.gatun.forwarder.packet;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * IPv6 header, RFC 8200 section 3. Addresses are two longs, as read big-endian.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------+---------------+---------------------------------------+
 *  |version| traffic class | flow label                            |
 *  +-------+-----------------------+---------------+---------------+
 *  | payload length                | next header   | hop limit     |
 *  +-------------------------------+---------------+---------------+
 *  | source address, 16 bytes                                      |
 *  +---------------------------------------------------------------+
 *  | destination address, 16 bytes                                 |
 *  +---------------------------------------------------------------+
 * </pre>
 */
public final class Ipv6Flyweight {
    /** Bytes of the header without extension headers. */
    public static final int LENGTH = 40;

    /** Every link carries packets of this size whole, RFC 8200 section 5. */
    public static final int MTU_MIN = 1280;

    private static final int PAYLOAD_LENGTH = 4;
    private static final int NEXT_HEADER = 6;
    private static final int HOP_LIMIT = 7;
    private static final int SOURCE = 8;
    private static final int DESTINATION = 24;

    private UnsafeBuffer buffer;
    private int offset;

    public Ipv6Flyweight wrap(UnsafeBuffer buffer, int offset) {
        this.buffer = buffer;
        this.offset = offset;
        return this;
    }

    public int version() {
        return (buffer.getByte(offset) & 0xF0) >>> 4;
    }

    /** DSCP and ECN, the same octet as IPv4's type of service. */
    public int trafficClass() {
        return (buffer.getShort(offset, ByteOrder.BIG_ENDIAN) >>> 4) & 0xFF;
    }

    public int flowLabel() {
        return firstWord() & 0xF_FFFF;
    }

    /** Version, traffic class and flow label. */
    public int firstWord() {
        return buffer.getInt(offset, ByteOrder.BIG_ENDIAN);
    }

    /** Bytes behind this header, extension headers among them; 0 for a jumbogram. */
    public int payloadLength() {
        return buffer.getShort(offset + PAYLOAD_LENGTH, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    public Ipv6Flyweight payloadLength(int bytes) {
        buffer.putShort(offset + PAYLOAD_LENGTH, (short) bytes, ByteOrder.BIG_ENDIAN);
        return this;
    }

    public int nextHeader() {
        return buffer.getByte(offset + NEXT_HEADER) & 0xFF;
    }

    public int hopLimit() {
        return buffer.getByte(offset + HOP_LIMIT) & 0xFF;
    }

    public Ipv6Flyweight hopLimit(int hops) {
        buffer.putByte(offset + HOP_LIMIT, (byte) hops);
        return this;
    }

    public long sourceHigh() {
        return buffer.getLong(offset + SOURCE, ByteOrder.BIG_ENDIAN);
    }

    public long sourceLow() {
        return buffer.getLong(offset + SOURCE + 8, ByteOrder.BIG_ENDIAN);
    }

    public long destinationHigh() {
        return buffer.getLong(offset + DESTINATION, ByteOrder.BIG_ENDIAN);
    }

    public long destinationLow() {
        return buffer.getLong(offset + DESTINATION + 8, ByteOrder.BIG_ENDIAN);
    }

    public Ipv6Flyweight addresses(long sourceHigh, long sourceLow, long destinationHigh, long destinationLow) {
        buffer.putLong(offset + SOURCE, sourceHigh, ByteOrder.BIG_ENDIAN);
        buffer.putLong(offset + SOURCE + 8, sourceLow, ByteOrder.BIG_ENDIAN);
        buffer.putLong(offset + DESTINATION, destinationHigh, ByteOrder.BIG_ENDIAN);
        buffer.putLong(offset + DESTINATION + 8, destinationLow, ByteOrder.BIG_ENDIAN);
        return this;
    }

    /** Writes a whole header with traffic class and flow label 0 and hop limit 64. */
    public Ipv6Flyweight header(
            int nextHeader,
            int payloadLength,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow) {
        lengths(0, payloadLength, nextHeader, Ipv4Flyweight.TTL_DEFAULT);
        return addresses(sourceHigh, sourceLow, destinationHigh, destinationLow);
    }

    /** Writes all that stands before the addresses, with flow label 0. */
    public Ipv6Flyweight lengths(int trafficClass, int payloadLength, int nextHeader, int hopLimit) {
        buffer.putInt(offset, 6 << 28 | trafficClass << 20, ByteOrder.BIG_ENDIAN);
        buffer.putInt(offset + PAYLOAD_LENGTH, payloadLength << 16 | nextHeader << 8 | hopLimit, ByteOrder.BIG_ENDIAN);
        return this;
    }
}
