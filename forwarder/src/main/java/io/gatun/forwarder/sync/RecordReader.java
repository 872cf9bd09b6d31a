package io.gatun.forwarder.sync;

import io.gatun.forwarder.conntrack.FlowCopy;
import io.gatun.forwarder.conntrack.FlowSlot;
import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.pipeline.Endpoints;
import io.gatun.forwarder.pipeline.FlowStates;
import io.gatun.forwarder.pipeline.PublishedTables;
import io.gatun.forwarder.pipeline.Service;

/** Makes records of what is in the table. */
final class RecordReader {
    /** Where a connection goes follows from its tuple alone on every node. */
    private static final int ONE_WAY = FlowSlot.FLAG_DIRECT | FlowSlot.FLAG_TUNNEL;

    private final FlowTable flows;
    private final PublishedTables published;
    private final FlowCopy client;
    private final FlowCopy reply;
    private final ConnectionRecord record = new ConnectionRecord();
    private int lastSeenTick;

    RecordReader(FlowTable flows, PublishedTables published) {
        this.flows = flows;
        this.published = published;
        client = flows.copy();
        reply = flows.copy();
    }

    /** What was read last. */
    ConnectionRecord record() {
        return record;
    }

    /** Tick of the last packet of either direction. */
    int lastSeenTick() {
        return lastSeenTick;
    }

    /**
     * Reads a connection, or a note about a client.
     *
     * @param slotId of the client's direction
     * @return false when there is none that other nodes could use
     */
    boolean read(long slotId, int nowTick) {
        if (!client.take(slotId)) {
            return false;
        }
        FlowSlot flow = client.flow();
        if (flow.isReply() || flow.tcpState() == FlowStates.FRAGMENTS || (flow.flags() & ONE_WAY) != 0) {
            return false;
        }
        begin(ConnectionRecord.PUT, flow);
        record.copy = flow.isCopy();
        record.clientIdleMs = idleMs(flow, nowTick);
        lastSeenTick = flow.lastSeenTick();
        return flow.tcpState() == FlowStates.CLIENT ? addEndpoint(flow) : addReply(slotId, nowTick);
    }

    /**
     * Reads the tuple of a connection that was removed, to say that it has ended.
     *
     * @return false when it is not this node that may say so
     */
    boolean readRemoved(long slotId, int sequence) {
        if (!client.takeRemoved(slotId, sequence)) {
            return false;
        }
        FlowSlot flow = client.flow();
        if (flow.isReply() || flow.isCopy() || !FlowStates.isConnection(flow.tcpState()) || isThere(flow)) {
            return false;
        }
        begin(ConnectionRecord.REMOVED, flow);
        return true;
    }

    /** Whether the same tuple has begun anew: its own notice may have been sent before this one. */
    private boolean isThere(FlowSlot flow) {
        long slot = flow.isWide()
                ? flows.find6(
                        flow.sourceHigh(),
                        flow.sourceLow(),
                        flow.destinationHigh(),
                        flow.destinationLow(),
                        flow.ports(),
                        flow.protocol(),
                        FlowTable.hash6(
                                flow.sourceHigh(),
                                flow.sourceLow(),
                                flow.destinationHigh(),
                                flow.destinationLow(),
                                flow.ports(),
                                flow.protocol()))
                : flows.find(
                        flow.source(),
                        flow.destination(),
                        flow.ports(),
                        flow.protocol(),
                        FlowTable.hash(flow.source(), flow.destination(), flow.ports(), flow.protocol()));
        return slot >= 0;
    }

    private void begin(int kind, FlowSlot flow) {
        record.kind = kind;
        record.protocol = flow.protocol();
        record.state = flow.tcpState();
        record.wide = flow.isWide();
        record.translated = (flow.flags() & FlowSlot.FLAG_TRANSLATED) != 0;
        record.copy = false;
        record.serviceId = flow.serviceId();
        record.ports = flow.ports();
        record.newPorts = flow.newPorts();
        record.clientIdleMs = 0;
        record.replyIdleMs = 0;
        record.clientNext = flow.tcpNext();
        record.clientAcknowledged = flow.tcpAcknowledged();
        record.replyNext = 0;
        record.replyAcknowledged = 0;
        record.sourceHigh = flow.sourceHigh();
        record.sourceLow = flow.sourceLow();
        record.destinationHigh = flow.destinationHigh();
        record.destinationLow = flow.destinationLow();
        record.newSourceHigh = flow.newSourceHigh();
        record.newSourceLow = flow.newSourceLow();
        record.newDestinationHigh = flow.newDestinationHigh();
        record.newDestinationLow = flow.newDestinationLow();
    }

    private boolean addReply(long slotId, int nowTick) {
        long partner = flows.partner(slotId);
        if (partner < 0 || !reply.take(partner)) {
            return false;
        }
        FlowSlot flow = reply.flow();
        record.copy &= flow.isCopy();
        record.replyIdleMs = idleMs(flow, nowTick);
        record.replyNext = flow.tcpNext();
        record.replyAcknowledged = flow.tcpAcknowledged();
        if (flow.lastSeenTick() - lastSeenTick > 0) {
            lastSeenTick = flow.lastSeenTick();
        }
        return true;
    }

    /** A note names its endpoint by an id that means nothing elsewhere. */
    private boolean addEndpoint(FlowSlot note) {
        Service service = published.current().services().byId(note.serviceId());
        if (service == null) {
            return false;
        }
        Endpoints endpoints = service.endpoints();
        int index = endpoints.indexOf(note.endpointIndex());
        if (index < 0) {
            return false;
        }
        record.translated = record.wide && ConnectionRecord.isMapped(endpoints.high(index), endpoints.low(index));
        record.newDestinationHigh = endpoints.high(index);
        record.newDestinationLow = endpoints.low(index);
        record.newPorts = endpoints.port(index, service.port());
        return true;
    }

    private static int idleMs(FlowSlot flow, int nowTick) {
        int ticks = Math.max(0, nowTick - flow.lastSeenTick());
        return (int) Math.min(Integer.MAX_VALUE, FlowTable.ticksToNs(ticks) / 1_000_000);
    }
}
