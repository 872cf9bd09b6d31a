package io.gatun.forwarder.conntrack;

import org.agrona.UnsafeApi;

/**
 * The flow that an agent is about to insert. Each agent keeps one and fills it anew: {@link #key} clears everything
 * else. Addresses and ports as in {@link FlowSlot}.
 */
public final class FlowDraft {
    int source;
    int destination;
    int ports;
    int protocol;
    int hash;
    private int newSource;
    private int newDestination;
    private int newPorts;
    private int serviceId;
    private int endpointIndex;
    private int flags;
    private int tcpState;
    private int partner;
    private long packets;
    private long bytes;

    /** Starts a new flow with this tuple, and its hash by {@link FlowTable#hash}. */
    public FlowDraft key(int source, int destination, int ports, int protocol, int hash) {
        this.source = source;
        this.destination = destination;
        this.ports = ports;
        this.protocol = protocol;
        this.hash = hash;
        rewrite(source, destination, ports).service(0, 0).flags(0).tcpState(0).counted(0, 0);
        partner = FlowSlot.NO_PARTNER;
        return this;
    }

    /** Starts a new flow with this tuple. */
    public FlowDraft key(int source, int destination, int ports, int protocol) {
        return key(source, destination, ports, protocol, FlowTable.hash(source, destination, ports, protocol));
    }

    /** What its packets are rewritten to; by default what they are. */
    public FlowDraft rewrite(int newSource, int newDestination, int newPorts) {
        this.newSource = newSource;
        this.newDestination = newDestination;
        this.newPorts = newPorts;
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
        UnsafeApi.putInt(address + FlowSlot.CREATED_OFFSET, nowTick);
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
        UnsafeApi.putLong(address + FlowSlot.PACKETS_OFFSET, packets);
        UnsafeApi.putLong(address + FlowSlot.BYTES_OFFSET, bytes);
    }
}
