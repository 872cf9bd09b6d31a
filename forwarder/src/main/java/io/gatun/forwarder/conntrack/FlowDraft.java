package io.gatun.forwarder.conntrack;

import org.agrona.UnsafeApi;

/**
 * The flow that an agent is about to insert. Each agent keeps one and fills it anew: {@link #key} clears everything
 * else. Addresses and ports as in {@link FlowSlot}; {@link #key} or {@link #key6} comes first, as it says which family
 * the flow is of.
 */
public final class FlowDraft {
    int source;
    int destination;
    int ports;
    int protocol;
    int hash;
    long sourceHigh;
    long sourceLow;
    long destinationHigh;
    long destinationLow;
    private boolean wide;
    private long newSourceHigh;
    private long newSourceLow;
    private long newDestinationHigh;
    private long newDestinationLow;
    private int newSource;
    private int newDestination;
    private int newPorts;
    private int serviceId;
    private int endpointIndex;
    private int flags;
    private int tcpState;
    private int partner;
    private int tcpNext;
    private int tcpAcknowledged;
    private long packets;
    private long bytes;

    /** Starts a new flow with this tuple, and its hash by {@link FlowTable#hash}. */
    public FlowDraft key(int source, int destination, int ports, int protocol, int hash) {
        wide = false;
        this.source = source;
        this.destination = destination;
        return start(ports, protocol, hash).rewrite(source, destination, ports);
    }

    /** Starts a new flow with this tuple. */
    public FlowDraft key(int source, int destination, int ports, int protocol) {
        return key(source, destination, ports, protocol, FlowTable.hash(source, destination, ports, protocol));
    }

    /** Starts a new flow with this IPv6 tuple, and its hash by {@link FlowTable#hash6}. */
    public FlowDraft key6(long srcHigh, long srcLow, long dstHigh, long dstLow, int ports, int protocol, int hash) {
        wide = true;
        source = FlowHash.digest(srcHigh, srcLow);
        destination = FlowHash.digest(dstHigh, dstLow);
        sourceHigh = srcHigh;
        sourceLow = srcLow;
        destinationHigh = dstHigh;
        destinationLow = dstLow;
        return start(ports, protocol, hash).rewrite6(srcHigh, srcLow, dstHigh, dstLow, ports);
    }

    /** Starts a new flow with this IPv6 tuple. */
    public FlowDraft key6(long srcHigh, long srcLow, long dstHigh, long dstLow, int ports, int protocol) {
        final int hash = FlowTable.hash6(srcHigh, srcLow, dstHigh, dstLow, ports, protocol);
        return key6(srcHigh, srcLow, dstHigh, dstLow, ports, protocol, hash);
    }

    private FlowDraft start(int ports, int protocol, int hash) {
        this.ports = ports;
        this.protocol = protocol;
        this.hash = hash;
        partner = FlowSlot.NO_PARTNER;
        return service(0, 0).flags(0).tcpState(0).numbers(0, 0).counted(0, 0);
    }

    /** Whether the tuple is one of IPv6. */
    public boolean isWide() {
        return wide;
    }

    /**
     * What its packets are rewritten to; by default what they are. Of an IPv6 flow it is the IPv4 packet that NAT64
     * makes; {@link FlowSlot#FLAG_TRANSLATED} says so and is set by the caller.
     */
    public FlowDraft rewrite(int newSource, int newDestination, int newPorts) {
        this.newSource = newSource;
        this.newDestination = newDestination;
        this.newPorts = newPorts;
        newSourceHigh = 0;
        newSourceLow = FlowSlot.mapped(newSource);
        newDestinationHigh = 0;
        newDestinationLow = FlowSlot.mapped(newDestination);
        return this;
    }

    /**
     * What the packets of an IPv6 flow are rewritten to; by default what they are. An IPv4 flow has no room for it and
     * takes the ports only: the addresses of a translated reply are those of its partner, turned round.
     */
    public FlowDraft rewrite6(long newSrcHigh, long newSrcLow, long newDstHigh, long newDstLow, int newPorts) {
        this.newPorts = newPorts;
        if (wide) {
            newSource = 0;
            newDestination = 0;
            newSourceHigh = newSrcHigh;
            newSourceLow = newSrcLow;
            newDestinationHigh = newDstHigh;
            newDestinationLow = newDstLow;
        }
        return this;
    }

    /**
     * Whose connection it is.
     *
     * @param serviceId any number of the caller's
     * @param endpointIndex 0 to 255
     */
    public FlowDraft service(int serviceId, int endpointIndex) {
        this.serviceId = serviceId;
        this.endpointIndex = endpointIndex;
        return this;
    }

    int serviceId() {
        return serviceId;
    }

    /** {@link FlowSlot#FLAG_REPLY} and others, 8 bits. */
    public FlowDraft flags(int flags) {
        this.flags = flags;
        return this;
    }

    /** State of the TCP (or other) state machine, 8 bits. */
    public FlowDraft tcpState(int tcpState) {
        this.tcpState = tcpState;
        return this;
    }

    /** What {@link FlowSlot#tcpNext} and {@link FlowSlot#tcpAcknowledged} begin with. */
    public FlowDraft numbers(int tcpNext, int tcpAcknowledged) {
        this.tcpNext = tcpNext;
        this.tcpAcknowledged = tcpAcknowledged;
        return this;
    }

    /** Slot id of the other direction, when that one is inserted already; {@link FlowTable#link} for both ways. */
    public FlowDraft partner(long slotId) {
        this.partner = (int) slotId;
        return this;
    }

    /** Packets and bytes to start from. */
    public FlowDraft counted(long packets, long bytes) {
        this.packets = packets;
        this.bytes = bytes;
        return this;
    }

    void writeTo(long address, int nowTick) {
        UnsafeApi.putInt(address + FlowSlot.TCP_ACKNOWLEDGED_OFFSET, tcpAcknowledged);
        UnsafeApi.putInt(address + FlowSlot.SOURCE_OFFSET, source);
        UnsafeApi.putInt(address + FlowSlot.DESTINATION_OFFSET, destination);
        UnsafeApi.putInt(address + FlowSlot.PORTS_OFFSET, ports);
        UnsafeApi.putByte(address + FlowSlot.PROTOCOL_OFFSET, (byte) protocol);
        UnsafeApi.putByte(address + FlowSlot.FLAGS_OFFSET, (byte) flags);
        UnsafeApi.putByte(address + FlowSlot.TCP_STATE_OFFSET, (byte) tcpState);
        UnsafeApi.putByte(address + FlowSlot.ENDPOINT_OFFSET, (byte) endpointIndex);
        UnsafeApi.putInt(address + FlowSlot.NEW_SOURCE_OFFSET, newSource);
        UnsafeApi.putInt(address + FlowSlot.NEW_DESTINATION_OFFSET, newDestination);
        UnsafeApi.putInt(address + FlowSlot.NEW_PORTS_OFFSET, newPorts);
        UnsafeApi.putInt(address + FlowSlot.SERVICE_OFFSET, serviceId);
        UnsafeApi.putInt(address + FlowSlot.PARTNER_OFFSET, partner);
        UnsafeApi.putInt(address + FlowSlot.LAST_SEEN_OFFSET, nowTick);
        UnsafeApi.putInt(address + FlowSlot.TCP_NEXT_OFFSET, tcpNext);
        FlowSlot.write(address, packets, bytes);
        if (wide) {
            writeAddressesTo(address);
        }
    }

    private void writeAddressesTo(long address) {
        UnsafeApi.putLong(address + FlowSlot.WIDE_SOURCE_OFFSET, sourceHigh);
        UnsafeApi.putLong(address + FlowSlot.WIDE_SOURCE_OFFSET + Long.BYTES, sourceLow);
        UnsafeApi.putLong(address + FlowSlot.WIDE_DESTINATION_OFFSET, destinationHigh);
        UnsafeApi.putLong(address + FlowSlot.WIDE_DESTINATION_OFFSET + Long.BYTES, destinationLow);
        UnsafeApi.putLong(address + FlowSlot.WIDE_NEW_SOURCE_OFFSET, newSourceHigh);
        UnsafeApi.putLong(address + FlowSlot.WIDE_NEW_SOURCE_OFFSET + Long.BYTES, newSourceLow);
        UnsafeApi.putLong(address + FlowSlot.WIDE_NEW_DESTINATION_OFFSET, newDestinationHigh);
        UnsafeApi.putLong(address + FlowSlot.WIDE_NEW_DESTINATION_OFFSET + Long.BYTES, newDestinationLow);
    }
}
