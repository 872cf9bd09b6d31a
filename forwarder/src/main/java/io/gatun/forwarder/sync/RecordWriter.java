package io.gatun.forwarder.sync;

import io.gatun.forwarder.conntrack.FlowDraft;
import io.gatun.forwarder.conntrack.FlowSlot;
import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.packet.Ipv4Flyweight;
import io.gatun.forwarder.pipeline.FlowStates;
import io.gatun.forwarder.pipeline.HalfOpenFlows;
import io.gatun.forwarder.pipeline.PublishedTables;
import io.gatun.forwarder.pipeline.SharedFlows;
import java.util.concurrent.TimeUnit;

/**
 * Puts other nodes' connections into the table, beside agents that use it. Both directions are copies then, until a
 * packet comes. Where the table says something else, the younger knowledge wins.
 */
final class RecordWriter {
    /** What became of a record. */
    enum Outcome {
        /** The table says so now. */
        APPLIED,
        /** The table knew better, or the same. */
        KEPT,
        /** There was no room, or it cannot live on this node. */
        UNPLACED
    }

    /** While a connection has packets here, nobody else knows better. */
    private static final int ACTIVE_TICKS = FlowTable.ticks(TimeUnit.SECONDS.toNanos(1));

    /** As a connection is opened reply first, a reply without a client is one that is being opened. */
    private static final int OPENING_TICKS = FlowTable.ticks(TimeUnit.SECONDS.toNanos(1));

    private static final int IDLE_MS_MAX = 1 << 29;

    private final FlowTable flows;
    private final HalfOpenFlows halfOpen;
    private final Placement placement;
    private final FlowDraft draft = new FlowDraft();
    private final FlowSlot client = new FlowSlot();
    private final FlowSlot reply = new FlowSlot();
    private int nowTick;
    private int clientTick;
    private int replyTick;

    RecordWriter(SharedFlows shared, PublishedTables published) {
        flows = shared.table();
        halfOpen = shared.halfOpen();
        placement = new Placement(published);
    }

    Outcome write(ConnectionRecord record, int tick) {
        nowTick = tick;
        clientTick = tick - ticks(record.clientIdleMs);
        replyTick = tick - ticks(record.replyIdleMs);
        long known = find(record);
        if (record.kind == ConnectionRecord.REMOVED) {
            return remove(known);
        }
        int endpoint = placement.endpointId(record);
        if (endpoint == Placement.ELSEWHERE) {
            return Outcome.UNPLACED;
        }
        if (known >= 0) {
            if (!yields(known, record)) {
                return Outcome.KEPT;
            }
            if (isLike(known, record, endpoint)) {
                return update(known, record);
            }
            forget(known);
        }
        return record.state == FlowStates.CLIENT ? insertNote(record, endpoint) : insert(record, endpoint);
    }

    private static int ticks(int ms) {
        return FlowTable.ticks(TimeUnit.MILLISECONDS.toNanos(Math.min(ms, IDLE_MS_MAX)));
    }

    private Outcome remove(long known) {
        if (known < 0 || isOwn(known)) {
            return Outcome.KEPT;
        }
        forget(known);
        return Outcome.APPLIED;
    }

    /** Whether this node has seen a packet of the connection, or made the note. */
    private boolean isOwn(long slot) {
        long partner = flows.partner(slot);
        return !flows.wrap(client, slot).isCopy()
                || (partner >= 0 && !flows.wrap(reply, partner).isCopy());
    }

    private boolean yields(long slot, ConnectionRecord record) {
        boolean own = isOwn(slot);
        if (own && record.copy) {
            return false;
        }
        int seen = flows.wrap(client, slot).lastSeenTick();
        long partner = flows.partner(slot);
        if (partner >= 0 && flows.wrap(reply, partner).lastSeenTick() - seen > 0) {
            seen = reply.lastSeenTick();
        }
        if (own) {
            return nowTick - seen >= ACTIVE_TICKS && youngest(record) - seen > 0;
        }
        return !record.copy || youngest(record) - seen > 0;
    }

    private int youngest(ConnectionRecord record) {
        return record.state != FlowStates.CLIENT && replyTick - clientTick > 0 ? replyTick : clientTick;
    }

    /** Whether it is the same connection, and not another one of the same client. */
    private boolean isLike(long slot, ConnectionRecord record, int endpoint) {
        flows.wrap(client, slot);
        if (client.endpointIndex() != endpoint || client.serviceId() != record.serviceId) {
            return false;
        }
        if (record.state == FlowStates.CLIENT) {
            return true;
        }
        boolean translated = (client.flags() & FlowSlot.FLAG_TRANSLATED) != 0;
        if (client.newPorts() != record.newPorts || translated != record.translated || flows.partner(slot) < 0) {
            return false;
        }
        return record.isNewWide()
                ? client.newSourceHigh() == record.newSourceHigh
                        && client.newSourceLow() == record.newSourceLow
                        && client.newDestinationHigh() == record.newDestinationHigh
                        && client.newDestinationLow() == record.newDestinationLow
                : client.newSource() == (int) record.newSourceLow
                        && client.newDestination() == (int) record.newDestinationLow;
    }

    private Outcome update(long slot, ConnectionRecord record) {
        long partner = flows.partner(slot);
        flows.wrap(client, slot);
        int state = client.tcpState();
        if (state != record.state && !halfOpen.move(client, state, record.state)) {
            return Outcome.KEPT; // an agent is at it
        }
        client.tcpNext(record.clientNext);
        client.tcpAcknowledged(record.clientAcknowledged);
        client.flags(client.flags() | FlowSlot.FLAG_COPY);
        seen(client, clientTick);
        if (partner >= 0) {
            flows.wrap(reply, partner);
            reply.tcpState(record.state);
            reply.tcpNext(record.replyNext);
            reply.tcpAcknowledged(record.replyAcknowledged);
            reply.flags(reply.flags() | FlowSlot.FLAG_COPY);
            seen(reply, replyTick);
        }
        return Outcome.APPLIED;
    }

    private static void seen(FlowSlot flow, int tick) {
        if (tick - flow.lastSeenTick() > 0) {
            flow.lastSeenTick(tick);
        }
    }

    private Outcome insertNote(ConnectionRecord record, int endpoint) {
        clientKey(record)
                .service(record.serviceId, endpoint)
                .flags(FlowSlot.FLAG_COPY)
                .tcpState(FlowStates.CLIENT);
        return outcome(flows.insert(draft, clientTick));
    }

    private Outcome insert(ConnectionRecord record, int endpoint) {
        long inserted = insertReply(record, endpoint);
        if (FlowTable.isExisting(inserted)) {
            if (!makeWay(FlowTable.existing(inserted), record)) {
                return Outcome.KEPT;
            }
            inserted = insertReply(record, endpoint);
        }
        if (inserted < 0) {
            return outcome(inserted);
        }
        clientKey(record);
        if (record.isNewWide()) {
            draft.rewrite6(
                    record.newSourceHigh,
                    record.newSourceLow,
                    record.newDestinationHigh,
                    record.newDestinationLow,
                    record.newPorts);
        } else {
            draft.rewrite((int) record.newSourceLow, (int) record.newDestinationLow, record.newPorts);
        }
        draft.service(record.serviceId, endpoint)
                .flags(FlowSlot.FLAG_COPY | (record.translated ? FlowSlot.FLAG_TRANSLATED : 0))
                .tcpState(record.state)
                .numbers(record.clientNext, record.clientAcknowledged)
                .partner(inserted);
        long forward = flows.insert(draft, clientTick);
        if (forward < 0) {
            flows.remove(inserted, nowTick);
            return outcome(forward);
        }
        flows.link(forward, inserted);
        halfOpen.found(flows.wrap(client, forward));
        return Outcome.APPLIED;
    }

    /** The tuple that the endpoint's packets have: what the client's become, turned round. */
    private long insertReply(ConnectionRecord record, int endpoint) {
        int ports = Integer.rotateLeft(record.newPorts, 16);
        int newPorts = Integer.rotateLeft(record.ports, 16);
        if (record.isNewWide()) {
            draft.key6(
                            record.newDestinationHigh,
                            record.newDestinationLow,
                            record.newSourceHigh,
                            record.newSourceLow,
                            ports,
                            record.protocol)
                    .rewrite6(
                            record.destinationHigh,
                            record.destinationLow,
                            record.sourceHigh,
                            record.sourceLow,
                            newPorts);
        } else {
            draft.key((int) record.newDestinationLow, (int) record.newSourceLow, ports, replyProtocol(record))
                    .rewrite(
                            record.translated ? 0 : (int) record.destinationLow,
                            record.translated ? 0 : (int) record.sourceLow,
                            newPorts);
        }
        draft.service(record.serviceId, endpoint)
                .flags(FlowSlot.FLAG_REPLY | FlowSlot.FLAG_COPY | (record.translated ? FlowSlot.FLAG_TRANSLATED : 0))
                .tcpState(record.state)
                .numbers(record.replyNext, record.replyAcknowledged);
        return flows.insert(draft, replyTick);
    }

    /** ICMPv6 becomes ICMP behind NAT64. */
    private static int replyProtocol(ConnectionRecord record) {
        return record.translated && record.protocol == Ipv4Flyweight.PROTOCOL_ICMPV6
                ? Ipv4Flyweight.PROTOCOL_ICMP
                : record.protocol;
    }

    /** Removes the connection that has the record's reply tuple, unless it has the better right to it. */
    private boolean makeWay(long taken, ConnectionRecord record) {
        long owner = flows.partner(taken);
        if (owner < 0) {
            boolean opening = nowTick - flows.wrap(reply, taken).lastSeenTick() < OPENING_TICKS;
            return !opening && flows.remove(taken, nowTick);
        }
        if (!yields(owner, record)) {
            return false;
        }
        forget(flows.wrap(client, owner).isReply() ? taken : owner);
        return true;
    }

    /** Removes both directions; with the client's. */
    private void forget(long slot) {
        long partner = flows.partner(slot);
        halfOpen.forget(flows.wrap(client, slot));
        flows.remove(slot, nowTick);
        if (partner >= 0) {
            flows.remove(partner, nowTick);
        }
    }

    private static Outcome outcome(long inserted) {
        if (inserted >= 0) {
            return Outcome.APPLIED;
        }
        return inserted == FlowTable.FULL ? Outcome.UNPLACED : Outcome.KEPT;
    }

    private FlowDraft clientKey(ConnectionRecord record) {
        return record.wide
                ? draft.key6(
                        record.sourceHigh,
                        record.sourceLow,
                        record.destinationHigh,
                        record.destinationLow,
                        record.ports,
                        record.protocol)
                : draft.key((int) record.sourceLow, (int) record.destinationLow, record.ports, record.protocol);
    }

    private long find(ConnectionRecord record) {
        if (record.wide) {
            int hash = FlowTable.hash6(
                    record.sourceHigh,
                    record.sourceLow,
                    record.destinationHigh,
                    record.destinationLow,
                    record.ports,
                    record.protocol);
            return flows.find6(
                    record.sourceHigh,
                    record.sourceLow,
                    record.destinationHigh,
                    record.destinationLow,
                    record.ports,
                    record.protocol,
                    hash);
        }
        int source = (int) record.sourceLow;
        int destination = (int) record.destinationLow;
        int hash = FlowTable.hash(source, destination, record.ports, record.protocol);
        return flows.find(source, destination, record.ports, record.protocol, hash);
    }
}
