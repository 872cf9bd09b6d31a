package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.counters.AgentCounters;
import io.gatun.forwarder.counters.DropReason;
import io.gatun.forwarder.frame.FrameBatch;
import io.gatun.forwarder.frame.FramePort;
import io.gatun.forwarder.frame.Offload;
import io.gatun.forwarder.nexthop.NextHop;
import io.gatun.forwarder.nexthop.NextHopTable;
import io.gatun.forwarder.packet.EthernetFlyweight;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The last step of a packet: route, neighbour, Ethernet header, and out of the interface it came from, another one, or
 * the local pair; or a place in the queue until the neighbour is known.
 */
final class NextHops implements HeldFrames.Outcome {
    private final FramePort port;
    private final UnsafeBuffer memory;
    private final long mac;
    private final int interfaceIndex;
    private final AgentCounters counters;
    private final NeighbourRequests neighbours;
    private final Egress egress;
    private final Cycle cycle;
    private final HeldFrames held = new HeldFrames();
    private final EthernetFlyweight ethernet = new EthernetFlyweight();
    private final NextHop hop = new NextHop();
    private final RecentMacs macs;

    NextHops(
            FramePort port,
            long mac,
            int interfaceIndex,
            AgentCounters counters,
            NeighbourRequests neighbours,
            Egress egress,
            Cycle cycle) {
        this.port = port;
        this.memory = port.memory();
        this.mac = mac;
        this.interfaceIndex = interfaceIndex;
        this.counters = counters;
        this.neighbours = neighbours;
        this.egress = egress;
        this.cycle = cycle;
        this.macs = new RecentMacs(interfaceIndex);
    }

    /**
     * Sends a rewritten IPv4 packet on its way.
     *
     * @param ipOffset where its IP header stands now; the Ethernet header is put in front of it
     * @return null when it is on its way or held, else why it is dropped
     */
    DropReason send(FrameBatch batch, int i, int ipOffset, int ipLength, int destination) {
        NextHopTable table = cycle.tables().nextHops();
        long nextMac = macs.find(table, destination);
        if (nextMac >= 0 && ipOffset - batch.offset(i) == EthernetFlyweight.LENGTH) {
            ethernet.wrap(memory, batch.offset(i)).addresses(nextMac, mac);
            batch.transmit(i, EthernetFlyweight.LENGTH + ipLength);
            return null;
        }
        return send(batch, i, ipOffset, ipLength, EthernetFlyweight.TYPE_IPV4, table.lookup(destination, hop));
    }

    /** As {@link #send(FrameBatch, int, int, int, int)} for IPv6. */
    DropReason send6(FrameBatch batch, int i, int ipOffset, int ipLength, long high, long low) {
        int found = cycle.tables().nextHops().lookup6(high, low, hop);
        return send(batch, i, ipOffset, ipLength, EthernetFlyweight.TYPE_IPV6, found);
    }

    /** Sends a copy of an IPv4 packet in other memory, with {@link EthernetFlyweight#LENGTH} and more bytes before it. */
    DropReason sendCopy(UnsafeBuffer from, int ipOffset, int ipLength, int destination) {
        int found = cycle.tables().nextHops().lookup(destination, hop);
        return sendCopy(from, ipOffset, ipLength, EthernetFlyweight.TYPE_IPV4, found);
    }

    /** As {@link #sendCopy} for IPv6. */
    DropReason sendCopy6(UnsafeBuffer from, int ipOffset, int ipLength, long high, long low) {
        int found = cycle.tables().nextHops().lookup6(high, low, hop);
        return sendCopy(from, ipOffset, ipLength, EthernetFlyweight.TYPE_IPV6, found);
    }

    private DropReason sendCopy(UnsafeBuffer from, int ipOffset, int ipLength, int type, int found) {
        return isServed(found) ? sendServed(from, ipOffset, ipLength, type) : DropReason.NO_ROUTE;
    }

    /** As {@link #sendCopy}, of a packet that is our own; its receiver may be the node itself or behind it. */
    DropReason sendOwn(UnsafeBuffer from, int ipOffset, int ipLength, int destination) {
        int found = cycle.tables().nextHops().lookup(destination, hop);
        return sendOwn(from, ipOffset, ipLength, EthernetFlyweight.TYPE_IPV4, found);
    }

    /** As {@link #sendOwn} for IPv6. */
    DropReason sendOwn6(UnsafeBuffer from, int ipOffset, int ipLength, long high, long low) {
        int found = cycle.tables().nextHops().lookup6(high, low, hop);
        return sendOwn(from, ipOffset, ipLength, EthernetFlyweight.TYPE_IPV6, found);
    }

    private DropReason sendOwn(UnsafeBuffer from, int ipOffset, int ipLength, int type, int found) {
        if (found == NextHopTable.UNREACHABLE) {
            return DropReason.NO_ROUTE;
        }
        return isServed(found)
                ? sendServed(from, ipOffset, ipLength, type)
                : copyToHost(from, ipOffset, ipLength, type);
    }

    private boolean isServed(int found) {
        return found == NextHopTable.FOUND
                && egress.mac(device(cycle.tables().nextHops(), hop.ifindex())) != Egress.NOT_SERVED;
    }

    private DropReason sendServed(UnsafeBuffer from, int ipOffset, int ipLength, int type) {
        NextHopTable table = cycle.tables().nextHops();
        int link = hop.ifindex();
        int device = device(table, link);
        if (hop.mac() < 0) {
            neighbours.resolve(link, hop.high(), hop.low());
            return DropReason.NEIGHBOUR_UNRESOLVED;
        }
        int start = header(from, ipOffset, type, device == link ? 0 : table.vid(link), hop.mac(), egress.mac(device));
        return depart(from, start, ipOffset - start + ipLength, device);
    }

    private DropReason copyToHost(UnsafeBuffer from, int ipOffset, int ipLength, int type) {
        LocalDelivery local = cycle.tables().local();
        if (!local.isPresent() || egress.mac(local.interfaceIndex()) == Egress.NOT_SERVED) {
            return DropReason.NO_ROUTE;
        }
        int start = header(from, ipOffset, type, 0, local.mac(), egress.mac(local.interfaceIndex()));
        return depart(from, start, ipOffset - start + ipLength, local.interfaceIndex());
    }

    private DropReason depart(UnsafeBuffer from, int start, int length, int device) {
        if (!egress.send(device, from, start, length, Offload.NONE)) {
            return DropReason.EGRESS_FULL;
        }
        counters.transmitted(1, length);
        return null;
    }

    /** To a next hop of either family; {@code high} and {@code low} are a mapped address for an IPv4 one. */
    DropReason sendVia(FrameBatch batch, int i, int ipOffset, int ipLength, int type, long high, long low) {
        NextHopTable table = cycle.tables().nextHops();
        int found = AddressSet.isMapped(high, low) ? table.lookup((int) low, hop) : table.lookup6(high, low, hop);
        return send(batch, i, ipOffset, ipLength, type, found);
    }

    /**
     * Bytes of the largest IP packet that gets to an address in one piece, as far as this node knows.
     *
     * @return the MTU of the route, or {@link Integer#MAX_VALUE} when there is none
     */
    int mtuTowards(long high, long low) {
        NextHopTable table = cycle.tables().nextHops();
        int found = AddressSet.isMapped(high, low) ? table.lookup((int) low, hop) : table.lookup6(high, low, hop);
        return found == NextHopTable.FOUND && hop.mtu() > 0 ? hop.mtu() : Integer.MAX_VALUE;
    }

    private DropReason send(FrameBatch batch, int i, int ipOffset, int ipLength, int type, int found) {
        NextHopTable table = cycle.tables().nextHops();
        if (found == NextHopTable.UNREACHABLE) {
            return DropReason.NO_ROUTE;
        }
        int link = found == NextHopTable.LOCAL ? 0 : hop.ifindex();
        int device = device(table, link);
        long deviceMac = device == interfaceIndex ? mac : egress.mac(device);
        if (found == NextHopTable.LOCAL || deviceMac == Egress.NOT_SERVED) {
            return sendToHost(batch, i, ipOffset, ipLength, type);
        }
        int start = header(memory, ipOffset, type, device == link ? 0 : table.vid(link), hop.mac(), deviceMac);
        int length = ipOffset - start + ipLength;
        if (hop.mac() >= 0) {
            return depart(batch, i, start, length, device);
        }
        neighbours.resolve(link, hop.high(), hop.low());
        if (held.isFull()) {
            return DropReason.NEIGHBOUR_UNRESOLVED;
        }
        batch.moved(i, start);
        held.add(start, length, batch.offload(i), device, link, hop.high(), hop.low(), cycle.nowNs());
        batch.hold(i);
        return null;
    }

    /** The interface by which packets to a link leave: itself where it is served, else the one that it is a VLAN of. */
    private int device(NextHopTable table, int link) {
        int parent = table.parent(link);
        return parent == 0 || link == interfaceIndex || egress.mac(link) != Egress.NOT_SERVED ? link : parent;
    }

    /** The host's own stack takes it out of the local pair: an endpoint or client on this node, or behind it. */
    private DropReason sendToHost(FrameBatch batch, int i, int ipOffset, int ipLength, int type) {
        LocalDelivery local = cycle.tables().local();
        if (!local.isPresent()) {
            return DropReason.NO_ROUTE;
        }
        int device = local.interfaceIndex();
        long ours = device == interfaceIndex ? mac : egress.mac(device);
        if (ours == Egress.NOT_SERVED) {
            return DropReason.NO_ROUTE;
        }
        int start = header(memory, ipOffset, type, 0, local.mac(), ours);
        return depart(batch, i, start, ipOffset - start + ipLength, device);
    }

    private DropReason depart(FrameBatch batch, int i, int start, int length, int device) {
        if (device == interfaceIndex) {
            batch.transmit(i, start, length);
            return null;
        }
        batch.moved(i, start);
        if (!egress.send(device, memory, start, length, batch.offload(i))) {
            return DropReason.EGRESS_FULL;
        }
        counters.transmitted(1, length);
        return null; // the copy is gone, the frame itself goes back to the pool
    }

    /** Writes the Ethernet header, with a VLAN tag unless {@code vid} is 0, in front of the IP header. */
    private int header(UnsafeBuffer buffer, int ipOffset, int type, int vid, long destination, long source) {
        int start = ipOffset - EthernetFlyweight.LENGTH - (vid == 0 ? 0 : EthernetFlyweight.TAG_LENGTH);
        ethernet.wrap(buffer, start).addresses(destination, source);
        if (vid == 0) {
            ethernet.type(type);
        } else {
            ethernet.tag(vid, type);
        }
        return start;
    }

    boolean holdsFrames() {
        return !held.isEmpty();
    }

    void review() {
        held.review(cycle.nowNs(), this);
    }

    @Override
    public long macOf(int link, long high, long low) {
        return cycle.tables().nextHops().macFor(link, high, low);
    }

    @Override
    public void resolved(int offset, int length, int offload, int device, long nextMac) {
        ethernet.wrap(memory, offset);
        ethernet.addresses(nextMac, ethernet.source());
        if (device == interfaceIndex) {
            port.transmitHeld(offset, length, offload);
            counters.transmitted(1, length);
            return;
        }
        if (egress.send(device, memory, offset, length, offload)) {
            counters.transmitted(1, length);
        } else {
            counters.dropped(DropReason.EGRESS_FULL);
        }
        port.releaseHeld(offset);
    }

    @Override
    public void givenUp(int offset) {
        port.releaseHeld(offset);
        counters.dropped(DropReason.NEIGHBOUR_UNRESOLVED);
    }
}
