package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.conntrack.FlowChanges;
import io.gatun.forwarder.conntrack.FlowSlot;
import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.conntrack.LookupAhead;
import io.gatun.forwarder.counters.AgentCounters;
import io.gatun.forwarder.counters.DropReason;
import io.gatun.forwarder.frame.FrameBatch;
import io.gatun.forwarder.frame.FramePort;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Gives every frame of a batch its verdict, in three passes so that the memory misses of different packets overlap:
 * parse and hash all, look all up, then rewrite each.
 */
public final class Pipeline {
    private static final int IDENTIFICATIONS_PER_AGENT = 0x1357_2468;

    private final UnsafeBuffer memory;
    private final FramePort port;
    private final FlowTable flows;
    private final AgentCounters counters;
    private final PublishedTables published;
    private final Cycle cycle;
    private final NextHops nextHops;
    private final FlowOpener opener;
    private final FlowForwarder forwarder;
    private final IcmpMessages icmp;
    private final Answers answers;
    private final Fragments fragments;
    private final HeldFragments heldFragments = new HeldFragments();
    private final Tracer tracer;
    private final IdleResetSender idleResets;

    private final ParsedBatch parsed = new ParsedBatch();
    private final LookupAhead ahead;
    private final LookupAhead ahead6;
    private final FrameBatch late = new FrameBatch();
    private final FlowSlot flow = new FlowSlot();
    private final Parser parser;

    /** A pipeline for one queue of one interface that is the only one. */
    public Pipeline(
            FramePort port,
            long mac,
            int interfaceIndex,
            FlowTable flows,
            AgentCounters counters,
            PublishedTables published,
            NeighbourRequests neighbours) {
        this(
                port,
                mac,
                interfaceIndex,
                SharedFlows.of(flows),
                counters,
                published,
                neighbours,
                Egress.NONE,
                /* agent= */ 0);
    }

    /** A pipeline for one queue of one interface, of a node without others. */
    public Pipeline(
            FramePort port,
            long mac,
            int interfaceIndex,
            SharedFlows shared,
            AgentCounters counters,
            PublishedTables published,
            NeighbourRequests neighbours,
            Egress egress,
            int agent) {
        this(port, mac, interfaceIndex, shared, counters, published, neighbours, egress, agent, FlowChanges.NONE);
    }

    /**
     * A pipeline for one queue of one interface.
     *
     * @param mac of the interface, 48 bits
     * @param interfaceIndex ifindex
     * @param egress the other interfaces
     * @param agent a number that no other agent of this process has
     * @param changes where other nodes' copies of connections come from
     */
    public Pipeline(
            FramePort port,
            long mac,
            int interfaceIndex,
            SharedFlows shared,
            AgentCounters counters,
            PublishedTables published,
            NeighbourRequests neighbours,
            Egress egress,
            int agent,
            FlowChanges changes) {
        this.memory = port.memory();
        this.port = port;
        this.flows = shared.table();
        this.ahead = flows.lookupAhead(FrameBatch.CAPACITY);
        this.ahead6 = flows.lookupAhead6(FrameBatch.CAPACITY);
        this.counters = counters;
        this.published = published;
        this.cycle = new Cycle(published.current());
        this.parser = new Parser(mac);
        Clients clients = new Clients(flows, cycle, changes);
        this.opener = new FlowOpener(flows, counters, cycle, clients, shared.halfOpen(), changes);
        this.nextHops = new NextHops(port, mac, interfaceIndex, counters, neighbours, egress, cycle);
        this.answers = new Answers(memory, counters, cycle);
        this.fragments = new Fragments(flows, cycle, agent * IDENTIFICATIONS_PER_AGENT);
        TranslatingForwarder translating = new TranslatingForwarder(memory, flows, nextHops, answers);
        DirectForwarder direct = new DirectForwarder(memory, nextHops, answers);
        this.forwarder = new FlowForwarder(
                memory,
                flows,
                counters,
                shared.halfOpen(),
                cycle,
                nextHops,
                answers,
                fragments,
                clients,
                translating,
                direct,
                changes);
        this.icmp = new IcmpMessages(
                memory,
                flows,
                cycle,
                opener,
                forwarder,
                answers,
                fragments,
                new QuotedFlows(memory, flows, nextHops, answers, forwarder, translating, direct));
        this.tracer = new Tracer(memory, agent);
        this.idleResets = new IdleResetSender(shared.resets(), nextHops, counters, cycle);
    }

    /**
     * Decides over every frame of the batch.
     *
     * @param nowNs the cycle's time, {@link System#nanoTime}
     */
    public void process(FrameBatch batch, long nowNs) {
        cycle.begin(published.current(), nowNs);
        parseAll(batch);
        ahead.fetch();
        ahead6.fetch();
        lookUpAll(batch);
        Trace trace = cycle.tables().trace();
        if (trace != null) {
            tracer.before(trace, batch, parsed);
        }
        AccessList access = cycle.tables().access();
        boolean open = access.isEmpty();
        long transmitted = 0;
        long transmittedBytes = 0;
        for (int i = 0, size = batch.size(); i < size; i++) {
            DropReason refused = open || !isForbidden(access, batch, i) ? decide(batch, i) : DropReason.FIREWALL;
            if (refused != null) {
                counters.dropped(refused);
            }
            if (batch.isTransmit(i)) {
                transmitted++;
                transmittedBytes += batch.length(i);
            }
            if (trace != null) {
                tracer.after(trace, batch, parsed, i, refused);
            }
        }
        counters.transmitted(transmitted, transmittedBytes);
    }

    /** Whether frames wait, so that {@link #reviewHeld} has something to do. */
    public boolean holdsFrames() {
        return nextHops.holdsFrames() || !heldFragments.isEmpty();
    }

    /** Sends or gives up frames that waited for a neighbour, or for the first fragment of their datagram. */
    public void reviewHeld(long nowNs) {
        cycle.begin(published.current(), nowNs);
        nextHops.review();
        if (!heldFragments.isEmpty()) {
            reviewFragments();
        }
    }

    /** Tells the ends of connections that were idle for too long. @return how many */
    public int sendIdleResets(long nowNs) {
        if (!idleResets.hasWork()) {
            return 0;
        }
        cycle.begin(published.current(), nowNs);
        return idleResets.send();
    }

    /** The first pass; what it refuses is counted here and needs no further thought. */
    private void parseAll(FrameBatch batch) {
        ahead.clear();
        ahead6.clear();
        long bytes = 0;
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
                ahead.add(hash);
            } else if (parsed.kind(i) == ParsedBatch.TUPLE6) {
                ahead6.add(hash6(i));
            }
        }
        counters.received(size, bytes);
    }

    private int hash6(int i) {
        int hash = FlowTable.hash6(
                parsed.sourceHigh(i),
                parsed.sourceLow(i),
                parsed.destinationHigh(i),
                parsed.destinationLow(i),
                parsed.ports(i),
                parsed.protocol(i));
        parsed.hash(i, hash);
        return hash;
    }

    private void lookUpAll(FrameBatch batch) {
        int n = 0;
        int n6 = 0;
        for (int i = 0, size = batch.size(); i < size; i++) {
            if (parsed.isTuple(i)) {
                parsed.slot(i, find(i, ahead.slot(n++)));
            } else if (parsed.kind(i) == ParsedBatch.TUPLE6) {
                parsed.slot(i, find6(i, ahead6.slot(n6++)));
            }
        }
    }

    private long find(int i, int slot) {
        return flows.find(
                parsed.source(i), parsed.destination(i), parsed.ports(i), parsed.protocol(i), parsed.hash(i), slot);
    }

    private long find6(int i, int slot) {
        return flows.find6(
                parsed.sourceHigh(i),
                parsed.sourceLow(i),
                parsed.destinationHigh(i),
                parsed.destinationLow(i),
                parsed.ports(i),
                parsed.protocol(i),
                parsed.hash(i),
                slot);
    }

    private long find(int i) {
        return find(i, FlowTable.preferredSlot(parsed.hash(i)));
    }

    private long find6(int i) {
        return find6(i, FlowTable.preferredSlot(parsed.hash(i)));
    }

    /** The third pass for one packet; null unless it is dropped now, for that reason. */
    private DropReason decide(FrameBatch batch, int i) {
        if (parsed.isTuple(i)) {
            long slot = known(i);
            return slot >= 0 ? forwarder.forward(batch, parsed, i, slot) : first(batch, i);
        }
        return switch (parsed.kind(i)) {
            case ParsedBatch.TUPLE6 -> {
                long slot = known(i);
                yield slot >= 0 ? forwarder.forward6(batch, parsed, i, slot) : first6(batch, i);
            }
            case ParsedBatch.ICMP, ParsedBatch.ICMP6 -> icmp.decide(batch, parsed, i);
            case ParsedBatch.LATER_FRAGMENT, ParsedBatch.LATER_FRAGMENT6 -> laterFragment(batch, i);
            default -> null;
        };
    }

    /** Endpoints may answer whatever the list says of them: it is about clients. */
    private boolean isForbidden(AccessList access, FrameBatch batch, int i) {
        boolean ofClient = switch (parsed.kind(i)) {
            case ParsedBatch.TUPLE, ParsedBatch.TUPLE6 ->
                parsed.slot(i) < 0 || !flows.wrap(flow, parsed.slot(i)).isReply();
            case ParsedBatch.ICMP, ParsedBatch.ICMP6 ->
                AccessList.isEchoRequest(parsed.isIpv6(i), memory.getByte(parsed.transportOffset(i)));
            default -> false; // a later fragment is lost without its first one
        };
        AccessList.Entry entry = ofClient ? access.forbids(parsed, i) : null;
        if (entry != null) {
            entry.dropped(batch.length(i));
        }
        return entry != null;
    }

    /** The slot of a packet's flow, negative when there is none or the packet begins a new one in its place. */
    private long known(int i) {
        long slot = parsed.slot(i);
        if (slot >= 0 && opener.replaces(memory, parsed, i, slot)) {
            parsed.slot(i, FlowTable.NOT_FOUND);
            return FlowTable.NOT_FOUND;
        }
        return slot;
    }

    /** A packet of a flow that was not in the table when the batch was looked up. */
    private DropReason first(FrameBatch batch, int i) {
        Service service = cycle.services().find(parsed.destination(i), parsed.ports(i) & 0xFFFF, parsed.protocol(i));
        if (service == null) {
            return unwanted(batch, i);
        }
        long known = find(i); // an earlier packet of this batch may have opened it
        if (known >= 0) {
            return forwarder.forward(batch, parsed, i, known);
        }
        long opened = open(i, service);
        if (opened < 0) {
            return notOpened(batch, i, opened);
        }
        return forwarder.forward(batch, parsed, i, opened);
    }

    private DropReason first6(FrameBatch batch, int i) {
        Service service = cycle.services()
                .find(
                        parsed.destinationHigh(i),
                        parsed.destinationLow(i),
                        parsed.ports(i) & 0xFFFF,
                        parsed.protocol(i));
        if (service == null) {
            return unwanted(batch, i);
        }
        long known = find6(i);
        if (known >= 0) {
            return forwarder.forward6(batch, parsed, i, known);
        }
        long opened = open(i, service);
        if (opened < 0) {
            return notOpened(batch, i, opened);
        }
        return forwarder.forward6(batch, parsed, i, opened);
    }

    private long open(int i, Service service) {
        if (!service.admitsNewFlows()) {
            return FlowOpener.NOT_MASTER;
        }
        if (!service.isDirect() && !opener.mayOpen(memory, parsed, i)) {
            return FlowOpener.NO_FLOW;
        }
        return opener.open(parsed, i, service);
    }

    private DropReason notOpened(FrameBatch batch, int i, long result) {
        DropReason reason = FlowOpener.reason(result);
        return reason == DropReason.NO_FLOW ? answers.refuse(batch, parsed, i, reason) : reason;
    }

    /**
     * A packet that belongs to no flow and no service. Steering sends us all that is for a VIP, and what comes from an
     * endpoint of a plain-DNAT service: the latter goes on unchanged, as through any router.
     */
    private DropReason unwanted(FrameBatch batch, int i) {
        return answers.owns(parsed, i)
                ? answers.refuse(batch, parsed, i, DropReason.NO_SERVICE)
                : forwarder.passThrough(batch, parsed, i);
    }

    private DropReason laterFragment(FrameBatch batch, int i) {
        long note = fragments.find(parsed, i);
        if (note >= 0) {
            return forwarder.laterFragment(batch, parsed, i, note);
        }
        if (heldFragments.isFull()) {
            return DropReason.FRAGMENT;
        }
        heldFragments.add(batch.offset(i), batch.length(i), batch.offload(i), cycle.nowNs());
        batch.hold(i);
        return null;
    }

    /** Frames here are held, so they are given back one by one and not with a batch. */
    private void reviewFragments() {
        int count = heldFragments.takeAll(late);
        for (int i = 0; i < count; i++) {
            DropReason refused = parser.parse(memory, late.offset(i), late.length(i), parsed, i);
            long note = refused == null ? fragments.find(parsed, i) : FlowTable.NOT_FOUND;
            if (note < 0 && refused == null && !heldFragments.isOver(i, cycle.nowNs())) {
                heldFragments.keep(i);
                continue;
            }
            if (refused == null) {
                refused = note < 0 ? DropReason.FRAGMENT : forwarder.laterFragment(late, parsed, i, note);
            }
            if (refused != null) {
                counters.dropped(refused);
            }
            if (late.isTransmit(i)) {
                port.transmitHeld(late.offset(i), late.length(i), late.offload(i));
                counters.transmitted(1, late.length(i));
            } else if (late.isDrop(i)) {
                port.releaseHeld(late.offset(i));
            }
        }
        late.clear();
    }
}
