package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.conntrack.FlowChanges;
import io.gatun.forwarder.conntrack.FlowSlot;
import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.counters.AgentCounters;
import io.gatun.forwarder.counters.DropReason;
import io.gatun.forwarder.frame.FrameBatch;
import io.gatun.forwarder.frame.Offload;
import io.gatun.forwarder.nat.Checksums;
import io.gatun.forwarder.nat.Rewriter;
import io.gatun.forwarder.nat.Rewriter6;
import io.gatun.forwarder.packet.Ipv4Flyweight;
import io.gatun.forwarder.packet.Ipv6Flyweight;
import io.gatun.forwarder.packet.SctpFlyweight;
import io.gatun.forwarder.packet.TransportFlyweight;
import org.agrona.concurrent.UnsafeBuffer;

/** Sends a packet of a known flow on: state, counters, rewrite, next hop. */
final class FlowForwarder {
    /** What makes a packet more than one with other addresses. */
    private static final int UNUSUAL = FlowSlot.FLAG_TRANSLATED | FlowSlot.FLAG_TUNNEL | FlowSlot.FLAG_DIRECT;

    private static final int UNUSUAL_OR_COPY = UNUSUAL | FlowSlot.FLAG_COPY;

    private final UnsafeBuffer memory;
    private final FlowTable flows;
    private final HalfOpenFlows halfOpen;
    private final Cycle cycle;
    private final NextHops nextHops;
    private final Answers answers;
    private final Fragments fragments;
    private final Clients clients;
    private final TranslatingForwarder translating;
    private final DirectForwarder direct;
    private final Ipv6Flyweight ip6 = new Ipv6Flyweight();
    private final Rewriter rewriter = new Rewriter();
    private final Rewriter6 rewriter6 = new Rewriter6();
    private final FlowSlot flow = new FlowSlot();
    private final FlowSlot partner = new FlowSlot();
    private final TransportFlyweight transport = new TransportFlyweight();
    private final SctpFlyweight sctp = new SctpFlyweight();
    private final TcpTracker tcpTracker;
    private final SctpTracker sctpTracker;
    private final FlowChanges changes;

    FlowForwarder(
            UnsafeBuffer memory,
            FlowTable flows,
            AgentCounters counters,
            HalfOpenFlows halfOpen,
            Cycle cycle,
            NextHops nextHops,
            Answers answers,
            Fragments fragments,
            Clients clients,
            TranslatingForwarder translating,
            DirectForwarder direct,
            FlowChanges changes) {
        this.memory = memory;
        this.flows = flows;
        this.halfOpen = halfOpen;
        this.cycle = cycle;
        this.nextHops = nextHops;
        this.answers = answers;
        this.fragments = fragments;
        this.clients = clients;
        this.translating = translating;
        this.direct = direct;
        this.changes = changes;
        this.tcpTracker = new TcpTracker(flows, counters);
        this.sctpTracker = new SctpTracker(flows);
    }

    /** An IPv4 packet of the flow in this slot. */
    DropReason forward(FrameBatch batch, ParsedBatch parsed, int i, long slot) {
        flows.wrap(flow, slot);
        int newSource = flow.newSource();
        int newDestination = flow.newDestination();
        int newPorts = flow.newPorts();
        if (flow.source() != parsed.source(i)
                || flow.destination() != parsed.destination(i)
                || flow.ports() != parsed.ports(i)) {
            return DropReason.TABLE_BUSY; // removed and reused between lookup and here; the sender repeats
        }
        if (parsed.ttl(i) <= 1) {
            return answers.expired(batch, parsed, i);
        }
        if ((flow.flags() & UNUSUAL_OR_COPY) != 0 || parsed.isFragment(i)) {
            return withCare(batch, parsed, i, slot);
        }
        return plain(batch, parsed, i, slot, newSource, newDestination, newPorts);
    }

    private DropReason plain(
            FrameBatch batch, ParsedBatch parsed, int i, long slot, int newSource, int newDestination, int newPorts) {
        if (parsed.ipLength(i) > cycle.tables().nextHops().smallestMtu()) {
            int mtu = nextHops.mtuTowards(AddressSet.MAPPED_HIGH, AddressSet.mapped(newDestination));
            if (largest(batch, parsed, i) > mtu) {
                return answers.tooBig(batch, parsed, i, mtu);
            }
        }
        track(parsed, i, slot);
        flow.count(parsed.ipLength(i), cycle.nowTick());
        if (parsed.protocol(i) == Ipv4Flyweight.PROTOCOL_SCTP) {
            batch.plain(i); // no device knows its checksum: it comes out complete
        }
        rewriter.rewrite(
                memory,
                parsed.ipOffset(i),
                parsed.transportOffset(i),
                parsed.transportLength(i),
                checksums(batch.offload(i)),
                newSource,
                newDestination,
                newPorts);
        return nextHops.send(batch, i, parsed.ipOffset(i), parsed.ipLength(i), newDestination);
    }

    /** An IPv6 packet of the flow in this slot. */
    DropReason forward6(FrameBatch batch, ParsedBatch parsed, int i, long slot) {
        flows.wrap(flow, slot);
        if (!flow.isWide()
                || flow.sourceLow() != parsed.sourceLow(i)
                || flow.sourceHigh() != parsed.sourceHigh(i)
                || flow.destinationLow() != parsed.destinationLow(i)
                || flow.destinationHigh() != parsed.destinationHigh(i)
                || flow.ports() != parsed.ports(i)) {
            return DropReason.TABLE_BUSY;
        }
        if (parsed.ttl(i) <= 1) {
            return answers.expired(batch, parsed, i);
        }
        if ((flow.flags() & UNUSUAL_OR_COPY) != 0 || parsed.isFragment(i)) {
            return withCare(batch, parsed, i, slot);
        }
        return plain6(batch, parsed, i, slot);
    }

    private DropReason plain6(FrameBatch batch, ParsedBatch parsed, int i, long slot) {
        long high = flow.newDestinationHigh();
        long low = flow.newDestinationLow();
        if (parsed.ipLength(i) > cycle.tables().nextHops().smallestMtu()) {
            int mtu = nextHops.mtuTowards(high, low);
            if (largest(batch, parsed, i) > mtu) {
                return answers.tooBig(batch, parsed, i, mtu);
            }
        }
        track(parsed, i, slot);
        flow.count(parsed.ipLength(i), cycle.nowTick());
        if (parsed.protocol(i) == Ipv4Flyweight.PROTOCOL_SCTP) {
            batch.plain(i);
        }
        rewrite6(parsed, i, checksums(batch.offload(i)));
        return nextHops.send6(batch, i, parsed.ipOffset(i), parsed.ipLength(i), high, low);
    }

    /** A packet of no flow goes on with its addresses, as through any router. */
    DropReason passThrough(FrameBatch batch, ParsedBatch parsed, int i) {
        if (parsed.ttl(i) <= 1) {
            return answers.expired(batch, parsed, i);
        }
        if (parsed.isFragment(i) && !fragments.notePassing(parsed, i)) {
            return DropReason.FRAGMENT;
        }
        if (parsed.isIpv6(i)) {
            passThrough6(batch, parsed, i);
            return nextHops.send6(
                    batch,
                    i,
                    parsed.ipOffset(i),
                    parsed.ipLength(i),
                    parsed.destinationHigh(i),
                    parsed.destinationLow(i));
        }
        if (parsed.kind(i) == ParsedBatch.TUPLE && !parsed.isFragment(i)) {
            rewriter.rewrite(
                    memory,
                    parsed.ipOffset(i),
                    parsed.transportOffset(i),
                    parsed.transportLength(i),
                    checksums(batch.offload(i)),
                    parsed.source(i),
                    parsed.destination(i),
                    parsed.ports(i));
        } else {
            rewriter.rewriteFragment(
                    memory, parsed.ipOffset(i), parsed.source(i), parsed.destination(i), Rewriter.SAME_IDENTIFICATION);
        }
        return nextHops.send(batch, i, parsed.ipOffset(i), parsed.ipLength(i), parsed.destination(i));
    }

    /** Lowers the hop limit, and completes a partial checksum. */
    private void passThrough6(FrameBatch batch, ParsedBatch parsed, int i) {
        if (parsed.kind(i) != ParsedBatch.TUPLE6 || parsed.isFragment(i)) {
            ip6.wrap(memory, parsed.ipOffset(i)).hopLimit(parsed.ttl(i) - 1);
            return;
        }
        rewriter6.rewrite(
                memory,
                parsed.ipOffset(i),
                parsed.transportOffset(i),
                parsed.transportLength(i),
                parsed.protocol(i),
                checksums(batch.offload(i)),
                parsed.sourceHigh(i),
                parsed.sourceLow(i),
                parsed.destinationHigh(i),
                parsed.destinationLow(i),
                parsed.ports(i));
    }

    /** Another family, a tunnel, direct server return, the first fragment of a datagram, or a copy. */
    private DropReason withCare(FrameBatch batch, ParsedBatch parsed, int i, long slot) {
        if (flow.isCopy()) {
            adopt(parsed, i, slot);
        }
        int flags = flow.flags() & UNUSUAL;
        if (flags == 0 && !parsed.isFragment(i)) {
            return parsed.isIpv6(i)
                    ? plain6(batch, parsed, i, slot)
                    : plain(batch, parsed, i, slot, flow.newSource(), flow.newDestination(), flow.newPorts());
        }
        DropReason refused = flags == 0
                ? null
                : flags == FlowSlot.FLAG_TRANSLATED
                        ? translating.refuse(batch, parsed, i, flow, slot)
                        : direct.refuse(batch, parsed, i, flow);
        if (refused != null) {
            return refused;
        }
        int identification = 0;
        if (parsed.isFragment(i)) {
            boolean renumbered = flags == 0 && hasNewSource(parsed, i);
            identification = renumbered ? fragments.freshIdentification() : parsed.identification(i);
            if (!fragments.note(parsed, i, flow, slot, identification)) {
                return DropReason.FRAGMENT;
            }
        }
        track(parsed, i, slot);
        flow.count(parsed.ipLength(i), cycle.nowTick());
        if (flags == FlowSlot.FLAG_TRANSLATED) {
            return translating.forward(batch, parsed, i, flow);
        }
        if (flags != 0) {
            return direct.forward(batch, parsed, i, flow);
        }
        return parsed.isIpv6(i)
                ? firstFragment6(batch, parsed, i, identification)
                : firstFragment(batch, parsed, i, identification);
    }

    /** The first packet that this node sees of a direction which another one had. */
    private void adopt(ParsedBatch parsed, int i, long slot) {
        if (parsed.protocol(i) == Ipv4Flyweight.PROTOCOL_TCP) {
            transport.wrap(memory, parsed.transportOffset(i), Ipv4Flyweight.PROTOCOL_TCP);
            if (!tcpTracker.resume(flow, slot, transport)) {
                return;
            }
        }
        flow.flags(flow.flags() & ~FlowSlot.FLAG_COPY);
        noteChange(slot, flows.partner(slot));
    }

    /** Other nodes are told of the connection, by its client's direction. */
    private void noteChange(long slot, long other) {
        if (!flow.isReply()) {
            changes.changed(slot, flow.sequence());
        } else if (other >= 0) {
            changes.changed(other, flows.wrap(partner, other).sequence());
        }
    }

    private DropReason firstFragment(FrameBatch batch, ParsedBatch parsed, int i, int identification) {
        int newDestination = flow.newDestination();
        rewriter.rewrite(
                memory,
                parsed.ipOffset(i),
                parsed.transportOffset(i),
                parsed.transportLength(i),
                Checksums.INCREMENTAL,
                flow.newSource(),
                newDestination,
                flow.newPorts());
        rewriter.rewriteIdentification(memory, parsed.ipOffset(i), identification & 0xFFFF);
        return nextHops.send(batch, i, parsed.ipOffset(i), parsed.ipLength(i), newDestination);
    }

    private DropReason firstFragment6(FrameBatch batch, ParsedBatch parsed, int i, int identification) {
        rewrite6(parsed, i, Checksums.INCREMENTAL);
        rewriter6.rewriteIdentification(memory, parsed.fragmentHeader(i), identification);
        return nextHops.send6(
                batch, i, parsed.ipOffset(i), parsed.ipLength(i), flow.newDestinationHigh(), flow.newDestinationLow());
    }

    /** A later fragment of a datagram about whose first one there is a note in this slot. */
    DropReason laterFragment(FrameBatch batch, ParsedBatch parsed, int i, long slot) {
        flows.wrap(flow, slot);
        if (parsed.ttl(i) <= 1) {
            return DropReason.TTL_EXPIRED;
        }
        int identification = flow.newPorts();
        int flags = flow.flags();
        if ((flags & FlowSlot.FLAG_TRANSLATED) != 0) {
            return translating.laterFragment(batch, parsed, i, flow);
        }
        if ((flags & UNUSUAL) != 0) {
            return direct.forward(batch, parsed, i, flow);
        }
        if (parsed.isIpv6(i)) {
            long high = flow.newDestinationHigh();
            long low = flow.newDestinationLow();
            rewriter6.rewriteFragment(
                    memory,
                    parsed.ipOffset(i),
                    parsed.fragmentHeader(i),
                    flow.newSourceHigh(),
                    flow.newSourceLow(),
                    high,
                    low,
                    Integer.toUnsignedLong(identification));
            fragments.passed(parsed, i, slot);
            return nextHops.send6(batch, i, parsed.ipOffset(i), parsed.ipLength(i), high, low);
        }
        int newDestination = flow.newDestination();
        rewriter.rewriteFragment(memory, parsed.ipOffset(i), flow.newSource(), newDestination, identification & 0xFFFF);
        fragments.passed(parsed, i, slot);
        return nextHops.send(batch, i, parsed.ipOffset(i), parsed.ipLength(i), newDestination);
    }

    private void rewrite6(ParsedBatch parsed, int i, int checksums) {
        rewriter6.rewrite(
                memory,
                parsed.ipOffset(i),
                parsed.transportOffset(i),
                parsed.transportLength(i),
                parsed.protocol(i),
                checksums,
                flow.newSourceHigh(),
                flow.newSourceLow(),
                flow.newDestinationHigh(),
                flow.newDestinationLow(),
                flow.newPorts());
    }

    private boolean hasNewSource(ParsedBatch parsed, int i) {
        if (!flow.isWide()) {
            return flow.newSource() != parsed.source(i);
        }
        return flow.newSourceLow() != parsed.sourceLow(i) || flow.newSourceHigh() != parsed.sourceHigh(i);
    }

    /** Bytes of the largest IP packet that a frame becomes on the wire: of a super-frame each segment counts. */
    private int largest(FrameBatch batch, ParsedBatch parsed, int i) {
        return largest(memory, transport, batch, parsed, i);
    }

    static int largest(UnsafeBuffer memory, TransportFlyweight transport, FrameBatch batch, ParsedBatch parsed, int i) {
        int segment = Offload.gsoSize(batch.offload(i));
        if (segment == 0) {
            return parsed.ipLength(i);
        }
        int headers = parsed.transportOffset(i) - parsed.ipOffset(i);
        boolean tcp = parsed.protocol(i) == Ipv4Flyweight.PROTOCOL_TCP;
        transport.wrap(memory, parsed.transportOffset(i), Ipv4Flyweight.PROTOCOL_TCP);
        return headers + (tcp ? transport.tcpHeaderLength() : TransportFlyweight.UDP_LENGTH) + segment;
    }

    static int checksums(int offload) {
        return Offload.isPartial(offload) ? Checksums.PARTIAL : Checksums.DETECT;
    }

    /** Moves the connection's state on, in both of its directions. */
    private void track(ParsedBatch parsed, int i, long slot) {
        int state = flow.tcpState();
        int next = next(parsed, i, slot, state);
        if (next != state) {
            move(slot, state, next);
        }
    }

    private void move(long slot, int state, int next) {
        long other = flows.partner(slot);
        if (moved(other, state, next)) {
            noteChange(slot, other);
            tell(state, next, other);
            if (FlowStates.isUnanswered(state) && flow.isReply()) {
                noteAnswer(next);
            }
        }
    }

    /** Whether it was us: the state of the client's direction decides when two agents move a connection at once. */
    private boolean moved(long other, int state, int next) {
        boolean reply = flow.isReply();
        if (other < 0) {
            if (reply) {
                flow.tcpState(next);
                return true;
            }
            return halfOpen.move(flow, state, next);
        }
        flows.wrap(partner, other);
        if (!halfOpen.move(reply ? partner : flow, state, next)) {
            return false;
        }
        (reply ? flow : partner).tcpState(next);
        return true;
    }

    /** The first thing that an endpoint says to who wants to connect. */
    private void noteAnswer(int next) {
        SynSignals signals = cycle.services().signals(flow.serviceId());
        if (signals == null) {
            return;
        }
        if (FlowStates.isRefusal(next)) {
            signals.addRefused(flow.endpointIndex());
        } else {
            signals.answered(flow.endpointIndex(), cycle.nowTick());
        }
    }

    /** An ICMP error says that what the client of this direction's connection sent did not arrive. */
    void noteUnreachable(FlowSlot answer) {
        if (answer.isReply() && FlowStates.isUnanswered(answer.tcpState())) {
            SynSignals signals = cycle.services().signals(answer.serviceId());
            if (signals != null) {
                signals.addUnreachable(answer.endpointIndex());
            }
        }
    }

    /** Lets the balancing know of what matters to it: that a connection is answered, and that it ends. */
    private void tell(int before, int now, long other) {
        boolean ends = FlowStates.isOpen(before) && !FlowStates.isOpen(now);
        boolean answered = FlowStates.isAnswered(now) && !FlowStates.isAnswered(before);
        if (!ends && !answered) {
            return;
        }
        Service service = cycle.services().byId(flow.serviceId());
        if (service == null) {
            return;
        }
        if (ends) {
            service.policy().ended(flow.endpointIndex());
        } else if (service.sticky() && (!flow.isReply() || other >= 0)) {
            clients.remember(flow.isReply() ? partner : flow, service);
        }
    }

    private int next(ParsedBatch parsed, int i, long slot, int state) {
        boolean reply = flow.isReply();
        boolean oneWay = (flow.flags() & (FlowSlot.FLAG_DIRECT | FlowSlot.FLAG_TUNNEL)) != 0;
        return switch (parsed.protocol(i)) {
            case Ipv4Flyweight.PROTOCOL_TCP -> {
                transport.wrap(memory, parsed.transportOffset(i), Ipv4Flyweight.PROTOCOL_TCP);
                int event = tcpTracker.event(flow, slot, transport, parsed.transportLength(i));
                yield oneWay ? FlowStates.tcpOneWay(state, event) : FlowStates.tcp(state, event, reply);
            }
            case Ipv4Flyweight.PROTOCOL_UDP -> FlowStates.udp(state, reply);
            case Ipv4Flyweight.PROTOCOL_SCTP -> {
                if (parsed.transportLength(i) < SctpFlyweight.LENGTH + SctpFlyweight.CHUNK_HEADER_LENGTH) {
                    yield state;
                }
                sctp.wrap(memory, parsed.transportOffset(i));
                int chunk = sctpTracker.chunk(flow, slot, sctp, parsed.transportLength(i));
                yield oneWay ? FlowStates.sctpOneWay(state, chunk) : FlowStates.sctp(state, chunk, reply);
            }
            default -> FlowStates.echo(state, reply);
        };
    }
}
