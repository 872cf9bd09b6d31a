package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.balance.Policy;
import io.gatun.forwarder.conntrack.FlowDraft;
import io.gatun.forwarder.conntrack.FlowSlot;
import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.counters.AgentCounters;
import io.gatun.forwarder.counters.DropReason;
import io.gatun.forwarder.nat.PortSpace;
import io.gatun.forwarder.packet.Ipv4Flyweight;

/**
 * Opens a connection: chooses the endpoint, claims the source port by inserting the reply tuple (the insert is the
 * allocation), then inserts the client's tuple.
 */
final class FlowOpener {
    private static final long NO_ENDPOINT = Long.MIN_VALUE + 16;
    private static final long NO_PORT = Long.MIN_VALUE + 17;
    private final FlowTable flows;
    private final AgentCounters counters;
    private final FlowDraft draft = new FlowDraft();
    private final FlowSlot flow = new FlowSlot();

    FlowOpener(FlowTable flows, AgentCounters counters) {
        this.flows = flows;
        this.counters = counters;
    }

    /** What a negative result of {@link #open} means. */
    static DropReason reason(long result) {
        if (result == NO_ENDPOINT) {
            return DropReason.NO_ENDPOINT;
        }
        if (result == NO_PORT) {
            return DropReason.NO_PORT;
        }
        return result == FlowTable.FULL ? DropReason.TABLE_FULL : DropReason.TABLE_BUSY;
    }

    /**
     * Opens the connection of packet {@code i}.
     *
     * @return slot of the client's tuple, which another agent may have opened a moment ago, then its choice stands; or a
     *     negative number for {@link #reason}
     */
    long open(ParsedBatch parsed, int i, Service service, ServiceTable services, int nowTick) {
        int endpoint = service.policy().choose(parsed.hash(i));
        if (endpoint == Policy.NONE) {
            return NO_ENDPOINT;
        }
        long reply = service.isOneArm()
                ? claimPort(parsed, i, service, endpoint, services, nowTick)
                : insertReply(parsed, i, service, endpoint, parsed.source(i), parsed.ports(i) >>> 16, nowTick);
        if (reply < 0) {
            return reply == NO_PORT || reply == FlowTable.FULL ? reply : FlowTable.BUSY;
        }
        return insertForward(parsed, i, service, endpoint, reply, nowTick);
    }

    /** Tries ports until the tuple (endpoint, our address and port) is one that no other connection has. */
    private long claimPort(
            ParsedBatch parsed, int i, Service service, int endpoint, ServiceTable services, int nowTick) {
        int source = service.snatAddress();
        for (int attempt = 0; attempt < PortSpace.TRIES_MAX; attempt++) {
            int port = service.snatPorts().port(parsed.hash(i), attempt);
            if (services.find(source, port, service.protocol()) != null) {
                continue; // a service's own port: replies to it would look like its clients
            }
            long reply = insertReply(parsed, i, service, endpoint, source, port, nowTick);
            if (reply >= 0 || reply == FlowTable.FULL) {
                return reply;
            }
        }
        return NO_PORT;
    }

    /** Inserts the tuple that the endpoint's packets will have. */
    private long insertReply(
            ParsedBatch parsed, int i, Service service, int endpoint, int towards, int towardsPort, int nowTick) {
        int endpointAddress = service.endpoints().address(endpoint);
        int tuplePorts = service.endpoints().port(endpoint) << 16 | towardsPort;
        draft.key(endpointAddress, towards, tuplePorts, service.protocol())
                .rewrite(service.address(), parsed.source(i), Integer.rotateLeft(parsed.ports(i), 16))
                .service(service.id(), service.endpoints().id(endpoint))
                .flags(FlowSlot.FLAG_REPLY)
                .tcpState(initialState(service));
        return flows.insert(draft, nowTick);
    }

    private long insertForward(ParsedBatch parsed, int i, Service service, int endpoint, long reply, int nowTick) {
        flows.wrap(flow, reply);
        int newSource = flow.destination();
        int newPorts = Integer.rotateLeft(flow.ports(), 16);
        draft.key(parsed.source(i), parsed.destination(i), parsed.ports(i), parsed.protocol(i), parsed.hash(i))
                .rewrite(newSource, service.endpoints().address(endpoint), newPorts)
                .service(service.id(), service.endpoints().id(endpoint))
                .tcpState(initialState(service))
                .partner(reply);
        long forward = flows.insert(draft, nowTick);
        if (forward >= 0) {
            flows.link(forward, reply);
            counters.flowOpened();
            return forward;
        }
        flows.remove(reply, nowTick);
        return FlowTable.isExisting(forward) ? FlowTable.existing(forward) : forward;
    }

    private static int initialState(Service service) {
        return service.protocol() == Ipv4Flyweight.PROTOCOL_TCP ? FlowStates.SYN_SENT : FlowStates.UDP_ONE_WAY;
    }
}
