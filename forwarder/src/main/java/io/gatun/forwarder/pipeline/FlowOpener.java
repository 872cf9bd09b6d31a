package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.balance.Policy;
import io.gatun.forwarder.conntrack.FlowChanges;
import io.gatun.forwarder.conntrack.FlowDraft;
import io.gatun.forwarder.conntrack.FlowSlot;
import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.counters.AgentCounters;
import io.gatun.forwarder.counters.DropReason;
import io.gatun.forwarder.nat.PortSpace;
import io.gatun.forwarder.packet.Ipv4Flyweight;
import io.gatun.forwarder.packet.SctpFlyweight;
import io.gatun.forwarder.packet.TransportFlyweight;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Opens a connection: chooses the endpoint, claims the source port by inserting the reply tuple (the insert is the
 * allocation), then inserts the client's tuple. Where replies do not come back through us, there is only the latter.
 */
final class FlowOpener {
    private static final long NO_ENDPOINT = Long.MIN_VALUE + 16;
    private static final long NO_PORT = Long.MIN_VALUE + 17;
    private static final long DENIED = Long.MIN_VALUE + 18;

    /** {@link #reason}: the packet begins no connection. */
    static final long NO_FLOW = Long.MIN_VALUE + 19;

    /** {@link #reason}: another node opens connections. */
    static final long NOT_MASTER = Long.MIN_VALUE + 20;

    private static final long HALF_OPEN_SOURCE = Long.MIN_VALUE + 21;
    private static final long HALF_OPEN_FULL = Long.MIN_VALUE + 22;

    /** How many make room when a part of the table is full; their slots rest before they are used again. */
    private static final int GIVEN_UP_WHEN_FULL = 4;

    private final FlowTable flows;
    private final AgentCounters counters;
    private final Cycle cycle;
    private final Clients clients;
    private final HalfOpenFlows halfOpen;
    private final HalfOpenQueue opened;
    private final FlowChanges changes;
    private final FlowDraft draft = new FlowDraft();
    private final FlowSlot flow = new FlowSlot();
    private final TransportFlyweight transport = new TransportFlyweight();
    private final SctpFlyweight sctp = new SctpFlyweight();

    FlowOpener(
            FlowTable flows,
            AgentCounters counters,
            Cycle cycle,
            Clients clients,
            HalfOpenFlows halfOpen,
            FlowChanges changes) {
        this.flows = flows;
        this.counters = counters;
        this.cycle = cycle;
        this.clients = clients;
        this.halfOpen = halfOpen;
        this.changes = changes;
        this.opened = new HalfOpenQueue(flows, halfOpen, cycle);
    }

    /** What a negative result of {@link #open} means. */
    static DropReason reason(long result) {
        if (result == NO_ENDPOINT) {
            return DropReason.NO_ENDPOINT;
        }
        if (result == NO_PORT) {
            return DropReason.NO_PORT;
        }
        if (result == DENIED) {
            return DropReason.SOURCE_DENIED;
        }
        if (result == NO_FLOW) {
            return DropReason.NO_FLOW;
        }
        if (result == NOT_MASTER) {
            return DropReason.NOT_MASTER;
        }
        if (result == HALF_OPEN_SOURCE) {
            return DropReason.HALF_OPEN_SOURCE;
        }
        if (result == HALF_OPEN_FULL) {
            return DropReason.HALF_OPEN_FULL;
        }
        return result == FlowTable.FULL ? DropReason.TABLE_FULL : DropReason.TABLE_BUSY;
    }

    /** Whether a packet may be the first of its connection: of TCP a SYN, of SCTP an INIT. */
    boolean mayOpen(UnsafeBuffer memory, ParsedBatch parsed, int i) {
        return switch (parsed.protocol(i)) {
            case Ipv4Flyweight.PROTOCOL_TCP -> {
                int flags = transport
                        .wrap(memory, parsed.transportOffset(i), Ipv4Flyweight.PROTOCOL_TCP)
                        .tcpFlags();
                yield (flags & (TransportFlyweight.SYN | TransportFlyweight.ACK | TransportFlyweight.RST))
                        == TransportFlyweight.SYN;
            }
            case Ipv4Flyweight.PROTOCOL_SCTP ->
                parsed.transportLength(i) >= SctpFlyweight.LENGTH + SctpFlyweight.CHUNK_HEADER_LENGTH
                        && sctp.wrap(memory, parsed.transportOffset(i)).chunkType() == SctpFlyweight.INIT;
            default -> true;
        };
    }

    /**
     * Forgets the connection in a slot when it is over and packet {@code i} begins a new one with its addresses: the new
     * one gets an endpoint of its own, since the old one may not be wanted any more.
     */
    boolean replaces(UnsafeBuffer memory, ParsedBatch parsed, int i, long slot) {
        flows.wrap(flow, slot);
        if (!FlowStates.isOver(flow.tcpState()) || flow.isReply() || !mayOpen(memory, parsed, i)) {
            return false;
        }
        long reply = flows.partner(slot);
        if (reply >= 0) {
            flows.remove(reply, cycle.nowTick());
        }
        if (flows.remove(slot, cycle.nowTick())) {
            counters.flowReplaced();
        }
        return true;
    }

    /**
     * Opens the connection of packet {@code i}.
     *
     * @return slot of the client's tuple, which another agent may have opened a moment ago, then its choice stands; or a
     *     negative number for {@link #reason}
     */
    long open(ParsedBatch parsed, int i, Service service) {
        boolean ipv6 = parsed.isIpv6(i);
        boolean allowed = ipv6
                ? service.allowed().allows(parsed.sourceHigh(i), parsed.sourceLow(i))
                : service.allowed().allows(parsed.source(i));
        if (!allowed) {
            return DENIED;
        }
        if (FlowStates.isHalfOpen(initialState(parsed.protocol(i)))) {
            int source = HalfOpenFlows.source(parsed, i);
            if (halfOpen.isFull(source, cycle.nowTick())) {
                return HALF_OPEN_SOURCE;
            }
            if (halfOpen.isFull() && !giveUpOldest(halfOpen.isProven(source, cycle.nowTick()))) {
                return HALF_OPEN_FULL;
            }
        }
        int endpoint = service.sticky()
                ? clients.choose(parsed, i, service)
                : service.policy().choose(parsed.hash(i));
        if (endpoint == Policy.NONE) {
            return NO_ENDPOINT;
        }
        long result = insert(parsed, i, service, endpoint, ipv6);
        if (result == FlowTable.FULL) {
            for (int n = 0; n < GIVEN_UP_WHEN_FULL; n++) {
                giveUpOldest(false);
            }
        }
        return result;
    }

    private long insert(ParsedBatch parsed, int i, Service service, int endpoint, boolean ipv6) {
        Endpoints.Way way = service.endpoints().way(endpoint);
        if (way == Endpoints.Way.DIRECT || way == Endpoints.Way.TUNNEL) {
            return insertDirect(parsed, i, service, endpoint, ipv6);
        }
        long reply;
        if (way == Endpoints.Way.OWN_SOURCE) {
            reply = claimPort(parsed, i, service, endpoint, ipv6, false);
            if (reply == NO_PORT) {
                reply = claimPort(parsed, i, service, endpoint, ipv6, true);
            }
        } else {
            reply = insertReply(parsed, i, service, endpoint, ipv6);
        }
        if (reply < 0) {
            return reply == NO_PORT || reply == FlowTable.FULL ? reply : FlowTable.BUSY;
        }
        return insertForward(parsed, i, service, endpoint, reply, ipv6);
    }

    private boolean giveUpOldest(boolean proven) {
        boolean done = opened.giveUpOldest(proven);
        if (done) {
            counters.halfOpenGivenUp();
        }
        return done;
    }

    /**
     * Tries ports until the tuple (endpoint, our address and port) is one that no other connection has.
     *
     * @param takingOver whether a half-open connection that has it is given up
     */
    private long claimPort(ParsedBatch parsed, int i, Service service, int endpoint, boolean ipv6, boolean takingOver) {
        Source source = service.endpoints().source(endpoint);
        boolean ipv4Reply = service.endpoints().isIpv4(endpoint);
        int protocol = replyProtocol(parsed.protocol(i), ipv4Reply);
        for (int attempt = 0; attempt < PortSpace.TRIES_MAX; attempt++) {
            int port = source.ports().port(parsed.hash(i), attempt);
            if (cycle.services().find(source.high(), source.low(), port, protocol) != null) {
                continue; // a service's own port: replies to it would look like its clients
            }
            long reply = ipv4Reply
                    ? insertReply4(parsed, i, service, endpoint, source.address(), port, ipv6)
                    : insertReply6(parsed, i, service, endpoint, source.high(), source.low(), port);
            if (takingOver && FlowTable.isExisting(reply) && opened.giveUpOwner(FlowTable.existing(reply))) {
                counters.halfOpenGivenUp();
                reply = flows.insert(draft, cycle.nowTick());
            }
            if (reply >= 0 || reply == FlowTable.FULL) {
                return reply;
            }
        }
        return NO_PORT;
    }

    /** The reply's tuple when the client's own address and port are kept. */
    private long insertReply(ParsedBatch parsed, int i, Service service, int endpoint, boolean ipv6) {
        int port = parsed.ports(i) >>> 16;
        return ipv6
                ? insertReply6(parsed, i, service, endpoint, parsed.sourceHigh(i), parsed.sourceLow(i), port)
                : insertReply4(parsed, i, service, endpoint, parsed.source(i), port, false);
    }

    /** Inserts the tuple that an IPv4 endpoint's packets will have. */
    private long insertReply4(
            ParsedBatch parsed, int i, Service service, int endpoint, int towards, int towardsPort, boolean ipv6) {
        Endpoints endpoints = service.endpoints();
        int tuplePorts = endpoints.port(endpoint, parsed.ports(i) & 0xFFFF) << 16 | towardsPort;
        int newPorts = Integer.rotateLeft(parsed.ports(i), 16);
        draft.key(endpoints.address(endpoint), towards, tuplePorts, replyProtocol(parsed.protocol(i), true));
        if (ipv6) {
            draft.rewrite(0, 0, newPorts).flags(FlowSlot.FLAG_REPLY | FlowSlot.FLAG_TRANSLATED);
        } else {
            draft.rewrite(/* newSource= */ parsed.destination(i), /* newDestination= */ parsed.source(i), newPorts)
                    .flags(FlowSlot.FLAG_REPLY);
        }
        draft.service(service.id(), endpoints.id(endpoint)).tcpState(initialState(parsed.protocol(i)));
        return flows.insert(draft, cycle.nowTick());
    }

    /** Inserts the tuple that an IPv6 endpoint's packets will have. */
    private long insertReply6(
            ParsedBatch parsed, int i, Service service, int endpoint, long high, long low, int towardsPort) {
        Endpoints endpoints = service.endpoints();
        int tuplePorts = endpoints.port(endpoint, parsed.ports(i) & 0xFFFF) << 16 | towardsPort;
        draft.key6(endpoints.high(endpoint), endpoints.low(endpoint), high, low, tuplePorts, parsed.protocol(i))
                .rewrite6(
                        /* newSrcHigh= */ parsed.destinationHigh(i),
                        /* newSrcLow= */ parsed.destinationLow(i),
                        /* newDstHigh= */ parsed.sourceHigh(i),
                        /* newDstLow= */ parsed.sourceLow(i),
                        Integer.rotateLeft(parsed.ports(i), 16))
                .flags(FlowSlot.FLAG_REPLY)
                .service(service.id(), endpoints.id(endpoint))
                .tcpState(initialState(parsed.protocol(i)));
        return flows.insert(draft, cycle.nowTick());
    }

    private long insertForward(ParsedBatch parsed, int i, Service service, int endpoint, long reply, boolean ipv6) {
        Endpoints endpoints = service.endpoints();
        flows.wrap(flow, reply);
        int newPorts = Integer.rotateLeft(flow.ports(), 16);
        if (!ipv6) {
            clientKey(parsed, i).rewrite(flow.destination(), endpoints.address(endpoint), newPorts);
        } else if (endpoints.isIpv4(endpoint)) {
            clientKey6(parsed, i)
                    .rewrite(flow.destination(), endpoints.address(endpoint), newPorts)
                    .flags(FlowSlot.FLAG_TRANSLATED);
        } else {
            clientKey6(parsed, i)
                    .rewrite6(
                            flow.destinationHigh(),
                            flow.destinationLow(),
                            endpoints.high(endpoint),
                            endpoints.low(endpoint),
                            newPorts);
        }
        draft.service(service.id(), endpoints.id(endpoint))
                .tcpState(initialState(parsed.protocol(i)))
                .partner(reply);
        long forward = flows.insert(draft, cycle.nowTick());
        if (forward >= 0) {
            flows.link(forward, reply);
            opened(service, endpoint, forward);
            return forward;
        }
        flows.remove(reply, cycle.nowTick());
        return FlowTable.isExisting(forward) ? FlowTable.existing(forward) : forward;
    }

    /** Direct server return: packets keep their addresses; the rewrite says where they go, and of a tunnel whence. */
    private long insertDirect(ParsedBatch parsed, int i, Service service, int endpoint, boolean ipv6) {
        Endpoints endpoints = service.endpoints();
        boolean tunnel = endpoints.way(endpoint) == Endpoints.Way.TUNNEL;
        Source outer = endpoints.source(endpoint);
        int newPorts = parsed.ports(i);
        if (ipv6) {
            clientKey6(parsed, i)
                    .rewrite6(
                            tunnel ? outer.high() : parsed.sourceHigh(i),
                            tunnel ? outer.low() : parsed.sourceLow(i),
                            endpoints.high(endpoint),
                            endpoints.low(endpoint),
                            newPorts);
        } else {
            clientKey(parsed, i)
                    .rewrite(tunnel ? outer.address() : parsed.source(i), endpoints.address(endpoint), newPorts);
        }
        draft.flags(tunnel ? FlowSlot.FLAG_TUNNEL : FlowSlot.FLAG_DIRECT)
                .service(service.id(), endpoints.id(endpoint))
                .tcpState(initialState(parsed.protocol(i)));
        long forward = flows.insert(draft, cycle.nowTick());
        if (forward >= 0) {
            opened(service, endpoint, forward);
            return forward;
        }
        return FlowTable.isExisting(forward) ? FlowTable.existing(forward) : forward;
    }

    private void opened(Service service, int endpoint, long forward) {
        counters.flowOpened();
        service.policy().opened(service.endpoints().id(endpoint));
        flows.wrap(flow, forward);
        changes.changed(forward, flow.sequence());
        if (FlowStates.isHalfOpen(flow.tcpState())) {
            halfOpen.entered(HalfOpenFlows.source(flow));
            opened.add(forward, flow.sequence());
        }
    }

    private FlowDraft clientKey(ParsedBatch parsed, int i) {
        return draft.key(parsed.source(i), parsed.destination(i), parsed.ports(i), parsed.protocol(i), parsed.hash(i));
    }

    private FlowDraft clientKey6(ParsedBatch parsed, int i) {
        return draft.key6(
                parsed.sourceHigh(i),
                parsed.sourceLow(i),
                parsed.destinationHigh(i),
                parsed.destinationLow(i),
                parsed.ports(i),
                parsed.protocol(i),
                parsed.hash(i));
    }

    /** ICMPv6 becomes ICMP when the endpoint speaks IPv4. */
    private static int replyProtocol(int protocol, boolean ipv4) {
        return ipv4 && protocol == Ipv4Flyweight.PROTOCOL_ICMPV6 ? Ipv4Flyweight.PROTOCOL_ICMP : protocol;
    }

    private static int initialState(int protocol) {
        return switch (protocol) {
            case Ipv4Flyweight.PROTOCOL_TCP -> FlowStates.SYN_SENT;
            case Ipv4Flyweight.PROTOCOL_SCTP -> FlowStates.SCTP_INIT;
            case Ipv4Flyweight.PROTOCOL_ICMP, Ipv4Flyweight.PROTOCOL_ICMPV6 -> FlowStates.ECHO_REQUESTED;
            default -> FlowStates.UDP_ONE_WAY;
        };
    }
}
