package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.counters.AgentCounters;
import io.gatun.forwarder.counters.DropReason;
import io.gatun.forwarder.frame.FrameBatch;
import io.gatun.forwarder.frame.FramePort;
import io.gatun.forwarder.nexthop.NextHopTable;
import io.gatun.forwarder.packet.EthernetFlyweight;
import org.agrona.concurrent.UnsafeBuffer;

/** The last step of a packet: route, neighbour, Ethernet header; or a place in the queue until the neighbour is known. */
final class NextHops implements HeldFrames.Outcome {
    private final FramePort port;
    private final UnsafeBuffer memory;
    private final long mac;
    private final int interfaceIndex;
    private final AgentCounters counters;
    private final NeighbourRequests neighbours;
    private final HeldFrames held = new HeldFrames();
    private final EthernetFlyweight ethernet = new EthernetFlyweight();
    private NextHopTable table;

    NextHops(FramePort port, long mac, int interfaceIndex, AgentCounters counters, NeighbourRequests neighbours) {
        this.port = port;
        this.memory = port.memory();
        this.mac = mac;
        this.interfaceIndex = interfaceIndex;
        this.counters = counters;
        this.neighbours = neighbours;
    }

    /**
     * Sends a rewritten packet out of the interface it came from.
     *
     * @return null when it is on its way or held, else why it is dropped
     */
    DropReason send(FrameBatch batch, int i, int ipLength, int destination, NextHopTable table, long nowNs) {
        long nextHop = table.nextHopFor(destination);
        if (nextHop < 0 || NextHopTable.ifindex(nextHop) != interfaceIndex) {
            return DropReason.NO_ROUTE;
        }
        int length = EthernetFlyweight.LENGTH + ipLength;
        long nextMac = table.macFor(nextHop);
        if (nextMac >= 0) {
            ethernet.wrap(memory, batch.offset(i)).addresses(nextMac, mac);
            batch.transmit(i, length);
            return null;
        }
        neighbours.resolve(interfaceIndex, 0, NextHopTable.mapped(NextHopTable.address(nextHop)));
        if (held.isFull()) {
            return DropReason.NEIGHBOUR_UNRESOLVED;
        }
        held.add(batch.offset(i), length, batch.offload(i), nextHop, nowNs);
        batch.hold(i);
        return null;
    }

    boolean holdsFrames() {
        return !held.isEmpty();
    }

    void review(NextHopTable table, long nowNs) {
        this.table = table;
        held.review(nowNs, this);
    }

    @Override
    public long macOf(long nextHop) {
        return table.macFor(nextHop);
    }

    @Override
    public void resolved(int offset, int length, int offload, long nextMac) {
        ethernet.wrap(memory, offset).addresses(nextMac, mac);
        port.transmitHeld(offset, length, offload);
        counters.transmitted(1, length);
    }

    @Override
    public void givenUp(int offset) {
        port.releaseHeld(offset);
        counters.dropped(DropReason.NEIGHBOUR_UNRESOLVED);
    }
}
