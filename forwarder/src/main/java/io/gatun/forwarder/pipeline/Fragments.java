package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.conntrack.FlowDraft;
import io.gatun.forwarder.conntrack.FlowSlot;
import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.packet.Ipv4Flyweight;

/**
 * Datagrams that come in fragments. Only the first has ports, so what was decided over it is noted in the connection
 * table, where every agent finds it, under (source, destination, identification, protocol). Fragments are never put
 * together: each is rewritten and sent on its own. Behind our source address datagrams of different clients would share
 * identifications, so each gets a new one.
 */
final class Fragments {
    private final FlowTable flows;
    private final Cycle cycle;
    private final FlowDraft draft = new FlowDraft();
    private final FlowSlot note = new FlowSlot();
    private final ChurnLimit limit;
    private int nextIdentification;

    /**
     * Fragments of one agent.
     *
     * @param firstIdentification where the identifications of this agent start, so that agents differ
     */
    Fragments(FlowTable flows, Cycle cycle, int firstIdentification) {
        this.flows = flows;
        this.cycle = cycle;
        this.limit = ChurnLimit.forTable(flows.capacity());
        this.nextIdentification = firstIdentification;
    }

    /** The identification of the next datagram behind our source address; of IPv4 its lower 16 bits. */
    int freshIdentification() {
        return nextIdentification++;
    }

    /**
     * Notes how the later fragments of a datagram go on.
     *
     * @param flow the direction that it belongs to, in this slot
     * @param identification the new one
     * @return whether they may be
     */
    boolean note(ParsedBatch parsed, int i, FlowSlot flow, long slot, int identification) {
        if (!limit.tryAcquire(cycle.nowNs())) {
            return false;
        }
        key(parsed, i);
        if (flow.isWide()) {
            draft.rewrite6(
                    flow.newSourceHigh(),
                    flow.newSourceLow(),
                    flow.newDestinationHigh(),
                    flow.newDestinationLow(),
                    identification);
            if ((flow.flags() & FlowSlot.FLAG_TRANSLATED) != 0) {
                draft.rewrite(flow.newSource(), flow.newDestination(), identification);
            }
        } else {
            draft.rewrite(flow.newSource(), flow.newDestination(), identification);
        }
        int kept = flow.flags() & (FlowSlot.FLAG_TRANSLATED | FlowSlot.FLAG_TUNNEL | FlowSlot.FLAG_DIRECT);
        insert(kept, flow.serviceId(), flow.endpointIndex(), slot, flow.sequence(), parsed.transportLength(i));
        return true;
    }

    /** Notes that the later fragments of an echo request go back to where they came from. */
    boolean noteEcho(ParsedBatch parsed, int i) {
        if (!limit.tryAcquire(cycle.nowNs())) {
            return false;
        }
        key(parsed, i);
        if (parsed.isIpv6(i)) {
            draft.rewrite6(
                    /* newSrcHigh= */ parsed.destinationHigh(i),
                    /* newSrcLow= */ parsed.destinationLow(i),
                    /* newDstHigh= */ parsed.sourceHigh(i),
                    /* newDstLow= */ parsed.sourceLow(i),
                    parsed.identification(i));
        } else {
            draft.rewrite(
                    /* newSource= */ parsed.destination(i),
                    /* newDestination= */ parsed.source(i),
                    parsed.identification(i));
        }
        insert(0, 0, 0, FlowSlot.NO_PARTNER, 0, parsed.transportLength(i));
        return true;
    }

    /** Notes that the later fragments of a datagram go on with their addresses, as its first one. */
    boolean notePassing(ParsedBatch parsed, int i) {
        if (!limit.tryAcquire(cycle.nowNs())) {
            return false;
        }
        key(parsed, i);
        if (parsed.isIpv6(i)) {
            draft.rewrite6(
                    parsed.sourceHigh(i),
                    parsed.sourceLow(i),
                    parsed.destinationHigh(i),
                    parsed.destinationLow(i),
                    parsed.identification(i));
        } else {
            draft.rewrite(parsed.source(i), parsed.destination(i), parsed.identification(i));
        }
        insert(0, 0, 0, FlowSlot.NO_PARTNER, 0, parsed.transportLength(i));
        return true;
    }

    /** Slot of the note about the datagram of a later fragment, or {@link FlowTable#NOT_FOUND}. */
    long find(ParsedBatch parsed, int i) {
        if (parsed.isIpv6(i)) {
            int hash = FlowTable.hash6(
                    parsed.sourceHigh(i),
                    parsed.sourceLow(i),
                    parsed.destinationHigh(i),
                    parsed.destinationLow(i),
                    parsed.identification(i),
                    Ipv4Flyweight.PROTOCOL_FRAGMENT);
            return flows.find6(
                    parsed.sourceHigh(i),
                    parsed.sourceLow(i),
                    parsed.destinationHigh(i),
                    parsed.destinationLow(i),
                    parsed.identification(i),
                    Ipv4Flyweight.PROTOCOL_FRAGMENT,
                    hash);
        }
        int ports = ports4(parsed, i);
        int hash = FlowTable.hash(parsed.source(i), parsed.destination(i), ports, Ipv4Flyweight.PROTOCOL_FRAGMENT);
        return flows.find(parsed.source(i), parsed.destination(i), ports, Ipv4Flyweight.PROTOCOL_FRAGMENT, hash);
    }

    /** Forgets a datagram whose last fragment has gone, when all before it have. */
    void passed(ParsedBatch parsed, int i, long slot) {
        flows.wrap(note, slot);
        note.bytes(note.bytes() + parsed.transportLength(i));
        if (parsed.fragment(i) == ParsedBatch.LAST
                && note.bytes() >= parsed.fragmentOffset(i) + parsed.transportLength(i)) {
            flows.remove(slot, cycle.nowTick());
        }
    }

    private void key(ParsedBatch parsed, int i) {
        if (parsed.isIpv6(i)) {
            draft.key6(
                    parsed.sourceHigh(i),
                    parsed.sourceLow(i),
                    parsed.destinationHigh(i),
                    parsed.destinationLow(i),
                    parsed.identification(i),
                    Ipv4Flyweight.PROTOCOL_FRAGMENT);
        } else {
            draft.key(parsed.source(i), parsed.destination(i), ports4(parsed, i), Ipv4Flyweight.PROTOCOL_FRAGMENT);
        }
    }

    private void insert(int flags, int serviceId, int endpointIndex, long flowSlot, int flowSequence, int seenBytes) {
        draft.flags(FlowSlot.FLAG_FRAGMENT | flags)
                .service(serviceId, endpointIndex)
                .tcpState(FlowStates.FRAGMENTS)
                .partner(flowSlot)
                .counted(flowSequence, seenBytes);
        flows.insert(draft, cycle.nowTick()); // full or there already: later fragments find none, or the same
    }

    private static int ports4(ParsedBatch parsed, int i) {
        return parsed.identification(i) << 16 | parsed.protocol(i);
    }
}
