package io.gatun.forwarder.conntrack;

import java.nio.ByteOrder;
import org.agrona.UnsafeApi;

/**
 * One direction of a connection, native byte order: a narrow slot of one cache line for IPv4, a wide one of two for
 * IPv6. Addresses are as read big-endian, IPv4 into an int (192.168.80.200 is {@code 0xC0A850C8}), IPv6 into two longs.
 * Ports are {@code source << 16 | destination}.
 *
 * <pre>
 *   0        4        8        12       16       20   21    22       23       24       28       32
 *  +--------+--------+--------+--------+--------+----+-----+--------+--------+--------+--------+--------+
 *  |sequence|tcp ack |source  |dest.   |ports   |prot|flags|tcpState|endpoint|new src |new dst |new port|
 *  +--------+--------+--------+--------+--------+----+-----+--------+--------+--------+--------+--------+
 *   36       40       44       48       52       56                      64
 *  +--------+--------+--------+--------+--------+------------------------+
 *  |service |partner |lastSeen|tcp next|packets |packets << 56 | bytes   |
 *  +--------+--------+--------+--------+--------+------------------------+
 *   64                80                96                112              128    wide slots only
 *  +-----------------+-----------------+-----------------+----------------+
 *  |source           |destination      |new source       |new destination |
 *  +-----------------+-----------------+-----------------+----------------+
 * </pre>
 *
 * In the first line of a wide slot source and destination are digests, and the new ones the IPv4 rewrite of NAT64.
 *
 * The key is written once, before the slot is published. Counters, last-seen and TCP state belong to whichever agent
 * receives this direction; when a flow changes queue two agents may lose a count to each other.
 */
public final class FlowSlot {
    /** Flag: packets from the endpoint to us. */
    public static final int FLAG_REPLY = 1;

    /** Flag: the address family changes (NAT64). */
    public static final int FLAG_TRANSLATED = 2;

    /** Flag: an entry of the fragment tracker. */
    public static final int FLAG_FRAGMENT = 4;

    /** Flag: packets go to the endpoint in a tunnel. */
    public static final int FLAG_TUNNEL = 8;

    /** Flag: the endpoint answers the client directly (DSR). */
    public static final int FLAG_DIRECT = 16;

    /** Flag: another node told us of it, and no packet of this direction has been here since. */
    public static final int FLAG_COPY = 32;

    /** {@link #partner} of a direction that has none (yet). */
    public static final int NO_PARTNER = -1;

    static final int SEQUENCE_OFFSET = 0;
    static final int TCP_ACKNOWLEDGED_OFFSET = 4;
    static final int SOURCE_OFFSET = 8;
    static final int DESTINATION_OFFSET = 12;
    static final int PORTS_OFFSET = 16;
    static final int PROTOCOL_OFFSET = 20;
    static final int FLAGS_OFFSET = 21;
    static final int TCP_STATE_OFFSET = 22;
    static final int ENDPOINT_OFFSET = 23;
    static final int NEW_SOURCE_OFFSET = 24;
    static final int NEW_DESTINATION_OFFSET = 28;
    static final int NEW_PORTS_OFFSET = 32;
    static final int SERVICE_OFFSET = 36;
    static final int PARTNER_OFFSET = 40;
    static final int LAST_SEEN_OFFSET = 44;
    static final int TCP_NEXT_OFFSET = 48;
    static final int PACKETS_OFFSET = 52;
    static final int BYTES_OFFSET = 56;
    static final int WIDE_SOURCE_OFFSET = 64;
    static final int WIDE_DESTINATION_OFFSET = 80;
    static final int WIDE_NEW_SOURCE_OFFSET = 96;
    static final int WIDE_NEW_DESTINATION_OFFSET = 112;

    /** Where the state is in the int that begins with the protocol. */
    private static final int TCP_STATE_SHIFT = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? 16 : 8;

    private static final int BYTES_BITS = 56;
    private static final long BYTES_MASK = (1L << BYTES_BITS) - 1;
    private static final long MAPPED_PREFIX = 0xFFFF_0000_0000L;

    private long address;
    private boolean wide;

    /** Points this flyweight at a slot; see {@link FlowTable#wrap}. */
    FlowSlot wrap(long address, boolean wide) {
        this.address = address;
        this.wide = wide;
        return this;
    }

    /** The low half of an IPv4 address in IPv6 form, {@code ::ffff:a.b.c.d} (RFC 4291, 2.5.5.2). */
    static long mapped(int ipv4) {
        return MAPPED_PREFIX | (ipv4 & 0xFFFF_FFFFL);
    }

    /** Whether this is a direction of IPv6 packets. */
    public boolean isWide() {
        return wide;
    }

    /** Number of flows that have used this slot, this one included. */
    public int sequence() {
        return UnsafeApi.getInt(address + SEQUENCE_OFFSET);
    }

    /** The sequence number that this direction's sender last acknowledged; of SCTP the tag it verifies by. */
    public int tcpAcknowledged() {
        return UnsafeApi.getInt(address + TCP_ACKNOWLEDGED_OFFSET);
    }

    public void tcpAcknowledged(int number) {
        UnsafeApi.putInt(address + TCP_ACKNOWLEDGED_OFFSET, number);
    }

    /** The sequence number that this direction's sender will use next; of SCTP the tag that its packets have. */
    public int tcpNext() {
        return UnsafeApi.getInt(address + TCP_NEXT_OFFSET);
    }

    public void tcpNext(int number) {
        UnsafeApi.putInt(address + TCP_NEXT_OFFSET, number);
    }

    /** Source address of the packet as it arrives; of IPv6 a digest. */
    public int source() {
        return UnsafeApi.getInt(address + SOURCE_OFFSET);
    }

    /** Destination address of the packet as it arrives; of IPv6 a digest. */
    public int destination() {
        return UnsafeApi.getInt(address + DESTINATION_OFFSET);
    }

    /** First 8 bytes of the source address of the packet as it arrives; an IPv4 address is a mapped one. */
    public long sourceHigh() {
        return high(WIDE_SOURCE_OFFSET);
    }

    /** Last 8 bytes of the source address of the packet as it arrives; an IPv4 address is a mapped one. */
    public long sourceLow() {
        return low(WIDE_SOURCE_OFFSET, SOURCE_OFFSET);
    }

    /** First 8 bytes of the destination address of the packet as it arrives; an IPv4 address is a mapped one. */
    public long destinationHigh() {
        return high(WIDE_DESTINATION_OFFSET);
    }

    /** Last 8 bytes of the destination address of the packet as it arrives; an IPv4 address is a mapped one. */
    public long destinationLow() {
        return low(WIDE_DESTINATION_OFFSET, DESTINATION_OFFSET);
    }

    private long high(int wideOffset) {
        return wide ? UnsafeApi.getLong(address + wideOffset) : 0;
    }

    private long low(int wideOffset, int narrowOffset) {
        return wide
                ? UnsafeApi.getLong(address + wideOffset + Long.BYTES)
                : mapped(UnsafeApi.getInt(address + narrowOffset));
    }

    /** Ports of the packet as it arrives, {@code source << 16 | destination}. */
    public int ports() {
        return UnsafeApi.getInt(address + PORTS_OFFSET);
    }

    /** Source port of the packet as it arrives. */
    public int sourcePort() {
        return ports() >>> 16;
    }

    /** Destination port of the packet as it arrives. */
    public int destinationPort() {
        return ports() & 0xFFFF;
    }

    /** IP protocol number. */
    public int protocol() {
        return UnsafeApi.getByte(address + PROTOCOL_OFFSET) & 0xFF;
    }

    /** {@link #FLAG_REPLY} and the others, 8 bits. */
    public int flags() {
        return UnsafeApi.getByte(address + FLAGS_OFFSET) & 0xFF;
    }

    /** Replaces the flags; lost updates are possible when both directions' agents write at once. */
    public void flags(int flags) {
        UnsafeApi.putByte(address + FLAGS_OFFSET, (byte) flags);
    }

    /** Whether packets of this direction come from the endpoint. */
    public boolean isReply() {
        return (flags() & FLAG_REPLY) != 0;
    }

    /** Whether all that is known of this direction is what another node said. */
    public boolean isCopy() {
        return (flags() & FLAG_COPY) != 0;
    }

    /** State of the TCP (or other) state machine, meaning given by its owner, 8 bits. */
    public int tcpState() {
        return UnsafeApi.getByte(address + TCP_STATE_OFFSET) & 0xFF;
    }

    public void tcpState(int state) {
        UnsafeApi.putByte(address + TCP_STATE_OFFSET, (byte) state);
    }

    /**
     * Replaces the state if it is still the expected one.
     *
     * @return whether it was
     */
    public boolean compareAndSetTcpState(int expected, int state) {
        while (true) {
            final int word = UnsafeApi.getIntVolatile(null, address + PROTOCOL_OFFSET);
            if ((word >>> TCP_STATE_SHIFT & 0xFF) != expected) {
                return false;
            }
            final int changed = (word & ~(0xFF << TCP_STATE_SHIFT)) | state << TCP_STATE_SHIFT;
            if (UnsafeApi.compareAndSetInt(null, address + PROTOCOL_OFFSET, word, changed)) {
                return true;
            }
        }
    }

    /** Index of the endpoint in its service, 0 to 255. */
    public int endpointIndex() {
        return UnsafeApi.getByte(address + ENDPOINT_OFFSET) & 0xFF;
    }

    /** IPv4 source address after the rewrite; of IPv6 it counts only with {@link #FLAG_TRANSLATED}. */
    public int newSource() {
        return UnsafeApi.getInt(address + NEW_SOURCE_OFFSET);
    }

    /** IPv4 destination address after the rewrite; of IPv6 it counts only with {@link #FLAG_TRANSLATED}. */
    public int newDestination() {
        return UnsafeApi.getInt(address + NEW_DESTINATION_OFFSET);
    }

    /**
     * First 8 bytes of the source address after the rewrite; an IPv4 address is a mapped one. A narrow slot with
     * {@link #FLAG_TRANSLATED} does not hold it: its rewrite is its partner's key turned round.
     */
    public long newSourceHigh() {
        return high(WIDE_NEW_SOURCE_OFFSET);
    }

    /** Last 8 bytes of the source address after the rewrite; see {@link #newSourceHigh}. */
    public long newSourceLow() {
        return low(WIDE_NEW_SOURCE_OFFSET, NEW_SOURCE_OFFSET);
    }

    /** First 8 bytes of the destination address after the rewrite; see {@link #newSourceHigh}. */
    public long newDestinationHigh() {
        return high(WIDE_NEW_DESTINATION_OFFSET);
    }

    /** Last 8 bytes of the destination address after the rewrite; see {@link #newSourceHigh}. */
    public long newDestinationLow() {
        return low(WIDE_NEW_DESTINATION_OFFSET, NEW_DESTINATION_OFFSET);
    }

    /** Ports after the rewrite, {@code source << 16 | destination}. */
    public int newPorts() {
        return UnsafeApi.getInt(address + NEW_PORTS_OFFSET);
    }

    /** Number of the service this connection belongs to. */
    public int serviceId() {
        return UnsafeApi.getInt(address + SERVICE_OFFSET);
    }

    /** Slot id of the other direction, or {@link #NO_PARTNER}; see {@link FlowTable#partner}. */
    public int partner() {
        return UnsafeApi.getIntVolatile(null, address + PARTNER_OFFSET);
    }

    /** Tick of the last packet of this direction. */
    public int lastSeenTick() {
        return UnsafeApi.getInt(address + LAST_SEEN_OFFSET);
    }

    /** Replaces the tick of the last packet. */
    public void lastSeenTick(int tick) {
        UnsafeApi.putInt(address + LAST_SEEN_OFFSET, tick);
    }

    /** Packets of this direction, 40 bits. */
    public long packets() {
        return packets(UnsafeApi.getInt(address + PACKETS_OFFSET), UnsafeApi.getLong(address + BYTES_OFFSET));
    }

    /** Bytes of IP packets of this direction, 56 bits. */
    public long bytes() {
        return UnsafeApi.getLong(address + BYTES_OFFSET) & BYTES_MASK;
    }

    /** Replaces the count of bytes. */
    public void bytes(long bytes) {
        write(address, packets(), bytes);
    }

    /** One more packet of {@code lengthBytes} at {@code nowTick}. */
    public void count(int lengthBytes, int nowTick) {
        UnsafeApi.putInt(address + LAST_SEEN_OFFSET, nowTick);
        final int packets = UnsafeApi.getInt(address + PACKETS_OFFSET) + 1;
        final long word = UnsafeApi.getLong(address + BYTES_OFFSET);
        final long counted = word + lengthBytes;
        if (packets == 0 || (word ^ counted) >>> BYTES_BITS != 0) {
            write(address, packets() + 1, bytes() + lengthBytes);
        } else {
            UnsafeApi.putInt(address + PACKETS_OFFSET, packets);
            UnsafeApi.putLong(address + BYTES_OFFSET, counted);
        }
    }

    private static long packets(int low, long bytesWord) {
        return (bytesWord >>> BYTES_BITS) << Integer.SIZE | (low & 0xFFFF_FFFFL);
    }

    /** Writes both counts into a slot. */
    static void write(long address, long packets, long bytes) {
        UnsafeApi.putInt(address + PACKETS_OFFSET, (int) packets);
        UnsafeApi.putLong(address + BYTES_OFFSET, (packets >>> Integer.SIZE) << BYTES_BITS | (bytes & BYTES_MASK));
    }

    @Override
    public String toString() {
        final String from =
                wide ? Tuples.format(sourceHigh(), sourceLow(), sourcePort()) : Tuples.format(source(), sourcePort());
        final String to = wide
                ? Tuples.format(destinationHigh(), destinationLow(), destinationPort())
                : Tuples.format(destination(), destinationPort());
        return "flow proto " + protocol() + " " + from + " > " + to + (isReply() ? " reply" : "");
    }
}
