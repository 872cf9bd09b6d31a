package io.gatun.forwarder.sync;

import io.gatun.forwarder.control.ConnectionExchange;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A connection, or a note about a client, between two nodes. All numbers little endian; addresses and ports as in
 * {@link io.gatun.forwarder.conntrack.FlowSlot}. IPv6 addresses have 16 bytes (upper half first), IPv4 ones 4.
 *
 * <pre>
 *   0       2     3      4      5      6          8          12       16          20              24             28
 *  +-------+-----+------+------+------+----------+----------+--------+-----------+---------------+--------------+
 *  |length |kind |prot. |flags |state |reserved  |service id|ports   |new ports  |client idle ms |reply idle ms |
 *  +-------+-----+------+------+------+----------+----------+--------+-----------+---------------+--------------+
 *   28            32                   36          40                  44
 *  +-------------+--------------------+-----------+-------------------+-------+------------+-----------+---------------+
 *  |client next  |client acknowledged |reply next |reply acknowledged |source |destination |new source |new destination|
 *  +-------------+--------------------+-----------+-------------------+-------+------------+-----------+---------------+
 * </pre>
 *
 * A record may be longer than this: what follows is of a later version, and is skipped.
 */
final class ConnectionRecord {
    /** Kind: it is there, and so it is. */
    static final int PUT = 1;

    /** Kind: it has ended. Only its tuple counts. */
    static final int REMOVED = 2;

    /** {@link #decode}: no record. */
    static final int MALFORMED = -1;

    static final int LENGTH_MAX = ConnectionExchange.RECORD_LENGTH_MAX;

    private static final int WIDE = 1;
    private static final int TRANSLATED = 2;
    private static final int COPY = 4;
    private static final int ADDRESSES_OFFSET = 44;
    private static final int ALIGNMENT = 4;
    private static final int IPV4_LENGTH = 4;
    private static final int IPV6_LENGTH = 16;
    private static final long MAPPED_PREFIX = 0xFFFF_0000_0000L;

    int kind;
    int protocol;
    int state;
    /** IPv6, as it arrives. */
    boolean wide;
    /** IPv4 after the rewrite, although it is IPv6 as it arrives. */
    boolean translated;
    /** The sender has it from another node, and has seen none of its packets. */
    boolean copy;

    int serviceId;
    int ports;
    int newPorts;
    int clientIdleMs;
    int replyIdleMs;
    int clientNext;
    int clientAcknowledged;
    int replyNext;
    int replyAcknowledged;
    /** Of IPv4 the lower halves alone count. */
    long sourceHigh;

    long sourceLow;
    long destinationHigh;
    long destinationLow;
    long newSourceHigh;
    long newSourceLow;
    long newDestinationHigh;
    long newDestinationLow;

    /** The low half of an IPv4 address in IPv6 form (RFC 4291, 2.5.5.2). */
    static long mapped(long ipv4) {
        return MAPPED_PREFIX | (ipv4 & 0xFFFF_FFFFL);
    }

    /** Whether an address in IPv6 form is one of IPv4. */
    static boolean isMapped(long high, long low) {
        return high == 0 && low >>> Integer.SIZE == MAPPED_PREFIX >>> Integer.SIZE;
    }

    /** Whether the rewritten packet is IPv6. */
    boolean isNewWide() {
        return wide && !translated;
    }

    /** Bytes of this record. */
    int length() {
        int tuple = wide ? IPV6_LENGTH : IPV4_LENGTH;
        int rewrite = isNewWide() ? IPV6_LENGTH : IPV4_LENGTH;
        return ADDRESSES_OFFSET + 2 * tuple + 2 * rewrite;
    }

    /** Writes it. @return bytes */
    int encode(MutableDirectBuffer buffer, int offset) {
        int length = length();
        buffer.putShort(offset, (short) length, ByteOrder.LITTLE_ENDIAN);
        buffer.putByte(offset + 2, (byte) kind);
        buffer.putByte(offset + 3, (byte) protocol);
        buffer.putByte(offset + 4, (byte) ((wide ? WIDE : 0) | (translated ? TRANSLATED : 0) | (copy ? COPY : 0)));
        buffer.putByte(offset + 5, (byte) state);
        buffer.putShort(offset + 6, (short) 0);
        putInt(buffer, offset + 8, serviceId);
        putInt(buffer, offset + 12, ports);
        putInt(buffer, offset + 16, newPorts);
        putInt(buffer, offset + 20, clientIdleMs);
        putInt(buffer, offset + 24, replyIdleMs);
        putInt(buffer, offset + 28, clientNext);
        putInt(buffer, offset + 32, clientAcknowledged);
        putInt(buffer, offset + 36, replyNext);
        putInt(buffer, offset + 40, replyAcknowledged);
        int at = offset + ADDRESSES_OFFSET;
        at = putAddress(buffer, at, wide, sourceHigh, sourceLow);
        at = putAddress(buffer, at, wide, destinationHigh, destinationLow);
        at = putAddress(buffer, at, isNewWide(), newSourceHigh, newSourceLow);
        putAddress(buffer, at, isNewWide(), newDestinationHigh, newDestinationLow);
        return length;
    }

    /**
     * Reads one.
     *
     * @param remaining bytes from {@code offset} to the end of what was received
     * @return its bytes, at least 1, or {@link #MALFORMED}; then nothing is said of the fields
     */
    int decode(DirectBuffer buffer, int offset, int remaining) {
        if (remaining < ADDRESSES_OFFSET) {
            return MALFORMED;
        }
        int length = buffer.getShort(offset, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
        int flags = buffer.getByte(offset + 4);
        wide = (flags & WIDE) != 0;
        translated = (flags & TRANSLATED) != 0;
        copy = (flags & COPY) != 0;
        if (length < length() || length > remaining || length % ALIGNMENT != 0 || (translated && !wide)) {
            return MALFORMED;
        }
        kind = buffer.getByte(offset + 2) & 0xFF;
        protocol = buffer.getByte(offset + 3) & 0xFF;
        state = buffer.getByte(offset + 5) & 0xFF;
        serviceId = getInt(buffer, offset + 8);
        ports = getInt(buffer, offset + 12);
        newPorts = getInt(buffer, offset + 16);
        clientIdleMs = getInt(buffer, offset + 20);
        replyIdleMs = getInt(buffer, offset + 24);
        clientNext = getInt(buffer, offset + 28);
        clientAcknowledged = getInt(buffer, offset + 32);
        replyNext = getInt(buffer, offset + 36);
        replyAcknowledged = getInt(buffer, offset + 40);
        decodeAddresses(buffer, offset + ADDRESSES_OFFSET);
        return clientIdleMs < 0 || replyIdleMs < 0 ? MALFORMED : length;
    }

    private void decodeAddresses(DirectBuffer buffer, int offset) {
        int tuple = wide ? IPV6_LENGTH : IPV4_LENGTH;
        int rewrite = isNewWide() ? IPV6_LENGTH : IPV4_LENGTH;
        sourceHigh = high(buffer, offset, wide);
        sourceLow = low(buffer, offset, wide);
        int at = offset + tuple;
        destinationHigh = high(buffer, at, wide);
        destinationLow = low(buffer, at, wide);
        at += tuple;
        newSourceHigh = high(buffer, at, isNewWide());
        newSourceLow = low(buffer, at, isNewWide());
        at += rewrite;
        newDestinationHigh = high(buffer, at, isNewWide());
        newDestinationLow = low(buffer, at, isNewWide());
    }

    private static int putAddress(MutableDirectBuffer buffer, int offset, boolean ipv6, long high, long low) {
        if (!ipv6) {
            putInt(buffer, offset, (int) low);
            return offset + IPV4_LENGTH;
        }
        buffer.putLong(offset, high, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(offset + Long.BYTES, low, ByteOrder.LITTLE_ENDIAN);
        return offset + IPV6_LENGTH;
    }

    private static long high(DirectBuffer buffer, int offset, boolean ipv6) {
        return ipv6 ? buffer.getLong(offset, ByteOrder.LITTLE_ENDIAN) : 0;
    }

    private static long low(DirectBuffer buffer, int offset, boolean ipv6) {
        return ipv6
                ? buffer.getLong(offset + Long.BYTES, ByteOrder.LITTLE_ENDIAN)
                : getInt(buffer, offset) & 0xFFFF_FFFFL;
    }

    private static void putInt(MutableDirectBuffer buffer, int offset, int value) {
        buffer.putInt(offset, value, ByteOrder.LITTLE_ENDIAN);
    }

    private static int getInt(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset, ByteOrder.LITTLE_ENDIAN);
    }
}
