package io.gatun.forwarder.conntrack;

import org.agrona.UnsafeApi;

/**
 * One direction of an IPv4 connection, one cache line, native byte order. Addresses are as read big-endian into an int:
 * 192.168.80.200 is {@code 0xC0A850C8}. Ports are {@code source << 16 | destination}.
 *
 * <pre>
 *   0        4        8        12       16       20   21    22       23       24       28       32
 *  +--------+--------+--------+--------+--------+----+-----+--------+--------+--------+--------+--------+
 *  |sequence|created |source  |dest.   |ports   |prot|flags|tcpState|endpoint|new src |new dst |new port|
 *  +--------+--------+--------+--------+--------+----+-----+--------+--------+--------+--------+--------+
 *   36       40       44       48                48+8                     64
 *  +--------+--------+--------+-----------------+------------------------+
 *  |service |partner |lastSeen|packets          |bytes                   |
 *  +--------+--------+--------+-----------------+------------------------+
 * </pre>
 *
 * The key is written once, before the slot is published. Counters, last-seen and TCP state belong to whichever agent
 * receives this direction; when a flow changes queue two agents may lose a count to each other.
 */
public final class FlowSlot {
    /** Flag: packets from the endpoint to us. */
    public static final int FLAG_REPLY = 1;

    /** {@link #partner} of a direction that has none (yet). */
    public static final int NO_PARTNER = -1;

    static final int SEQUENCE_OFFSET = 0;
    static final int CREATED_OFFSET = 4;
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
    static final int PACKETS_OFFSET = 48;
    static final int BYTES_OFFSET = 56;
    static final int LENGTH = TableLayout.LINE_LENGTH;

    private long address;

    /** Points this flyweight at a slot; see {@link FlowTable#wrap}. */
    FlowSlot wrap(long address) {
        this.address = address;
        return this;
    }

    /** Number of flows that have used this slot, this one included. */
    public int sequence() {
        return UnsafeApi.getInt(address + SEQUENCE_OFFSET);
    }

    /** Tick of the insert. */
    public int createdTick() {
        return UnsafeApi.getInt(address + CREATED_OFFSET);
    }

    /** Source address of the packet as it arrives. */
    public int source() {
        return UnsafeApi.getInt(address + SOURCE_OFFSET);
    }

    /** Destination address of the packet as it arrives. */
    public int destination() {
        return UnsafeApi.getInt(address + DESTINATION_OFFSET);
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

    /** {@link #FLAG_REPLY} and the flags of the packages above, 8 bits. */
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

    /** State of the TCP (or other) state machine, meaning given by its owner, 8 bits. */
    public int tcpState() {
        return UnsafeApi.getByte(address + TCP_STATE_OFFSET) & 0xFF;
    }

    public void tcpState(int state) {
        UnsafeApi.putByte(address + TCP_STATE_OFFSET, (byte) state);
    }

    /** Index of the endpoint in its service, 0 to 255. */
    public int endpointIndex() {
        return UnsafeApi.getByte(address + ENDPOINT_OFFSET) & 0xFF;
    }

    /** Source address after the rewrite. */
    public int newSource() {
        return UnsafeApi.getInt(address + NEW_SOURCE_OFFSET);
    }

    /** Destination address after the rewrite. */
    public int newDestination() {
        return UnsafeApi.getInt(address + NEW_DESTINATION_OFFSET);
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

    /** Packets of this direction. */
    public long packets() {
        return UnsafeApi.getLong(address + PACKETS_OFFSET);
    }

    /** Bytes of IP packets of this direction. */
    public long bytes() {
        return UnsafeApi.getLong(address + BYTES_OFFSET);
    }

    /** One more packet of {@code lengthBytes} at {@code nowTick}. */
    public void count(int lengthBytes, int nowTick) {
        UnsafeApi.putInt(address + LAST_SEEN_OFFSET, nowTick);
        UnsafeApi.putLong(address + PACKETS_OFFSET, packets() + 1);
        UnsafeApi.putLong(address + BYTES_OFFSET, bytes() + lengthBytes);
    }

    /** Whether the key of this slot is this tuple. */
    boolean matches(int source, int destination, int ports, int protocol) {
        return ((source() ^ source) | (destination() ^ destination) | (ports() ^ ports) | (protocol() ^ protocol)) == 0;
    }

    @Override
    public String toString() {
        return "flow proto " + protocol() + " " + Tuples.format(source(), sourcePort()) + " > "
                + Tuples.format(destination(), destinationPort()) + (isReply() ? " reply" : "");
    }
}
