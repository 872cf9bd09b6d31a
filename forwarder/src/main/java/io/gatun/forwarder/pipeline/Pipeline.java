package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.conntrack.FlowSlot;
import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.counters.AgentCounters;
import io.gatun.forwarder.counters.DropReason;
import io.gatun.forwarder.frame.FrameBatch;
import io.gatun.forwarder.frame.FramePort;
import io.gatun.forwarder.nat.Rewriter;
import io.gatun.forwarder.packet.Ipv4Flyweight;
import io.gatun.forwarder.packet.TransportFlyweight;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Gives every frame of a batch its verdict, in three passes so that the memory misses of different packets overlap:
 * parse and hash all, look all up, then rewrite each.
 */
public final class Pipeline {
    private final UnsafeBuffer memory;
    private final FlowTable flows;
    private final AgentCounters counters;
    private final PublishedTables published;
    private final NextHops nextHops;
    private final FlowOpener opener;

    private final ParsedBatch parsed = new ParsedBatch();
    private final Parser parser;
    private final Rewriter rewriter = new Rewriter();
    private final Refusal refusal = new Refusal();
    private final RefusalLimit refusalLimit = new RefusalLimit();
    private final FlowSlot flow = new FlowSlot();
    private final FlowSlot partner = new FlowSlot();
    private final TransportFlyweight transport = new TransportFlyweight();

    private ForwardingTables tables;
    private long nowNs;
    private int nowTick;
    private int prefetched;

    /**
     * A pipeline for one queue of one interface.
     *
     * @param mac of the interface, 48 bits
     * @param interfaceIndex ifindex, the one arm in and out
     */
    public Pipeline(
            FramePort port,
            long mac,
            int interfaceIndex,
            FlowTable flows,
            AgentCounters counters,
            PublishedTables published,
            NeighbourRequests neighbours) {
        this.memory = port.memory();
        this.flows = flows;
        this.counters = counters;
        this.published = published;
        this.tables = published.current();
        this.parser = new Parser(mac);
        this.opener = new FlowOpener(flows, counters);
        this.nextHops = new NextHops(port, mac, interfaceIndex, counters, neighbours);
    }

    /**
     * Decides over every frame of the batch.
     *
     * @param nowNs the cycle's time, {@link System#nanoTime}
     */
    public void process(FrameBatch batch, long nowNs) {
        this.tables = published.current();
        this.nowNs = nowNs;
        this.nowTick = FlowTable.tick(nowNs);
        parseAll(batch);
        lookUpAll(batch);
        long transmitted = 0;
        long transmittedBytes = 0;
        for (int i = 0, size = batch.size(); i < size; i++) {
            DropReason refused = decide(batch, i);
            if (refused != null) {
                counters.dropped(refused);
            }
            if (batch.isTransmit(i)) {
                transmitted++;
                transmittedBytes += batch.length(i);
            }
        }
        counters.transmitted(transmitted, transmittedBytes);
    }

    /** Whether frames wait for a neighbour, so that {@link #reviewHeld} has something to do. */
    public boolean holdsFrames() {
        return nextHops.holdsFrames();
    }

    /** Sends or gives up frames that waited for a neighbour. */
    public void reviewHeld(long nowNs) {
        tables = published.current();
        nextHops.review(tables.nextHops(), nowNs);
    }

    /** The first pass; what it refuses is counted here and needs no further thought. */
    private void parseAll(FrameBatch batch) {
        long bytes = 0;
        int touched = 0;
        int size = batch.size();
        for (int i = 0; i < size; i++) {
            int length = batch.length(i);
            bytes += length;
            DropReason refused = parser.parse(memory, batch.offset(i), length, parsed, i);
            if (refused != null) {
                parsed.refused(i);
                counters.dropped(refused);
            } else if (parsed.isTuple(i)) {
                int hash = FlowTable.hash(parsed.source(i), parsed.destination(i), parsed.ports(i), parsed.protocol(i));
                parsed.hash(i, hash);
                touched += flows.touch(hash);
            }
        }
        prefetched = touched;
        counters.received(size, bytes);
    }

    private void lookUpAll(FrameBatch batch) {
        for (int i = 0, size = batch.size(); i < size; i++) {
            if (parsed.isTuple(i)) {
                parsed.slot(i, find(i));
            }
        }
    }

    private long find(int i) {
        return flows.find(parsed.source(i), parsed.destination(i), parsed.ports(i), parsed.protocol(i), parsed.hash(i));
    }

    /** The third pass for one packet; null unless it is dropped now, for that reason. */
    private DropReason decide(FrameBatch batch, int i) {
        if (parsed.isTuple(i)) {
            long slot = parsed.slot(i);
            return slot >= 0 ? forward(batch, i, slot) : first(batch, i);
        }
        return parsed.isIcmp(i) ? icmp(batch, i) : null;
    }

    /** A packet of a flow that was not in the table when the batch was looked up. */
    private DropReason first(FrameBatch batch, int i) {
        Service service = tables.services().find(parsed.destination(i), parsed.ports(i) & 0xFFFF, parsed.protocol(i));
        if (service == null) {
            return unwanted(batch, i);
        }
        long known = find(i); // an earlier packet of this batch may have opened it
        if (known >= 0) {
            return forward(batch, i, known);
        }
        if (!service.admitsNewFlows()) {
            return DropReason.NOT_MASTER;
        }
        if (parsed.protocol(i) == Ipv4Flyweight.PROTOCOL_TCP && !isSyn(i)) {
            return refuse(batch, i, DropReason.NO_FLOW);
        }
        long opened = opener.open(parsed, i, service, tables.services(), nowTick);
        return opened < 0 ? FlowOpener.reason(opened) : forward(batch, i, opened);
    }

    private DropReason forward(FrameBatch batch, int i, long slot) {
        flows.wrap(flow, slot);
        int newSource = flow.newSource();
        int newDestination = flow.newDestination();
        int newPorts = flow.newPorts();
        if (flow.source() != parsed.source(i)
                || flow.destination() != parsed.destination(i)
                || flow.ports() != parsed.ports(i)) {
            return DropReason.TABLE_BUSY; // removed and reused between lookup and here; the sender repeats
        }
        if (!mayForward(i)) {
            return DropReason.TTL_EXPIRED;
        }
        track(i, slot);
        flow.count(parsed.ipLength(i), nowTick);
        rewriter.rewrite(
                memory,
                parsed.ipOffset(i),
                parsed.transportOffset(i),
                parsed.transportLength(i),
                newSource,
                newDestination,
                newPorts);
        return nextHops.send(batch, i, parsed.ipLength(i), newDestination, tables.nextHops(), nowNs);
    }

    /** Moves the connection's state on; the fast path is an established one without SYN, FIN or RST. */
    private void track(int i, long slot) {
        int state = flow.tcpState();
        int next;
        if (parsed.protocol(i) == Ipv4Flyweight.PROTOCOL_TCP) {
            int flags = transport
                    .wrap(memory, parsed.transportOffset(i), Ipv4Flyweight.PROTOCOL_TCP)
                    .tcpFlags();
            next = FlowStates.tcp(state, flags, flow.isReply());
        } else {
            next = FlowStates.udp(state, flow.isReply());
        }
        if (next != state) {
            flow.tcpState(next);
            long other = flows.partner(slot);
            if (other >= 0) {
                flows.wrap(partner, other).tcpState(next);
            }
        }
    }

    /**
     * A packet that belongs to no flow and no service. Steering sends us all that is for a VIP, and what comes from an
     * endpoint of a plain-DNAT service: the latter goes on unchanged, as through any router.
     */
    private DropReason unwanted(FrameBatch batch, int i) {
        if (!tables.services().owns(parsed.destination(i))) {
            return passThrough(batch, i);
        }
        return refuse(batch, i, DropReason.NO_SERVICE);
    }

    private DropReason passThrough(FrameBatch batch, int i) {
        if (!mayForward(i)) {
            return DropReason.TTL_EXPIRED;
        }
        rewriter.rewrite(
                memory,
                parsed.ipOffset(i),
                parsed.transportOffset(i),
                parsed.transportLength(i),
                parsed.source(i),
                parsed.destination(i),
                parsed.ports(i));
        return nextHops.send(batch, i, parsed.ipLength(i), parsed.destination(i), tables.nextHops(), nowNs);
    }

    /** Answers as a host would, within limits; the packet itself counts as dropped. */
    private DropReason refuse(FrameBatch batch, int i, DropReason reason) {
        if (!tables.services().answersFor(parsed.destination(i))) {
            return DropReason.NOT_MASTER;
        }
        if (refusalLimit.tryAcquire(nowNs)) {
            int offset = batch.offset(i);
            int length = parsed.protocol(i) == Ipv4Flyweight.PROTOCOL_TCP
                    ? refusal.reset(memory, offset, parsed, i)
                    : refusal.portUnreachable(memory, offset, parsed, i);
            if (length != Refusal.SILENT) {
                batch.transmit(i, length);
                counters.refused();
            }
        }
        return reason;
    }

    private DropReason icmp(FrameBatch batch, int i) {
        if (!tables.services().owns(parsed.destination(i))) {
            return DropReason.ICMP_UNSUPPORTED;
        }
        if (!tables.services().answersFor(parsed.destination(i))) {
            return DropReason.NOT_MASTER;
        }
        int length = refusal.echoReply(memory, batch.offset(i), parsed, i);
        if (length == Refusal.SILENT) {
            return DropReason.ICMP_UNSUPPORTED;
        }
        batch.transmit(i, length);
        return null;
    }

    private boolean isSyn(int i) {
        int flags = transport
                .wrap(memory, parsed.transportOffset(i), Ipv4Flyweight.PROTOCOL_TCP)
                .tcpFlags();
        return (flags & (TransportFlyweight.SYN | TransportFlyweight.ACK | TransportFlyweight.RST))
                == TransportFlyweight.SYN;
    }

    private boolean mayForward(int i) {
        return parsed.ttl(i) > 1;
    }

    /** Kept so that the loads of the first pass are not optimised away. */
    int prefetched() {
        return prefetched;
    }
}
