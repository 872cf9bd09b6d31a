package io.gatun.forwarder.pipeline;

import io.gatun.forwarder.balance.Policy;
import io.gatun.forwarder.conntrack.FlowChanges;
import io.gatun.forwarder.conntrack.FlowDraft;
import io.gatun.forwarder.conntrack.FlowSlot;
import io.gatun.forwarder.conntrack.FlowTable;

/**
 * Which endpoint the clients of sticky services were sent to. A client that is not known goes where his address alone
 * says; when a connection of his is answered, a note in the connection table keeps him there, under (client, VIP, port
 * and protocol of the service).
 */
public final class Clients {
    /** No transport protocol: "Reserved" in IANA's list, so that no packet's tuple is ever that of a note. */
    private static final int PROTOCOL = 255;

    private final FlowTable flows;
    private final Cycle cycle;
    private final FlowChanges changes;
    private final FlowDraft draft = new FlowDraft();
    private final FlowSlot note = new FlowSlot();

    Clients(FlowTable flows, Cycle cycle, FlowChanges changes) {
        this.flows = flows;
        this.cycle = cycle;
        this.changes = changes;
    }

    /** The endpoint of the client of packet {@code i}, or {@link Policy#NONE}. */
    int choose(ParsedBatch parsed, int i, Service service) {
        boolean ipv6 = parsed.isIpv6(i);
        long high = ipv6 ? parsed.sourceHigh(i) : AddressSet.MAPPED_HIGH;
        long low = ipv6 ? parsed.sourceLow(i) : AddressSet.mapped(parsed.source(i));
        long known = find(flows, service, high, low);
        if (known >= 0) {
            int endpoint = remembered(service, flows.wrap(note, known));
            if (endpoint != Policy.NONE) {
                note.count(0, cycle.nowTick());
                if (note.isCopy()) {
                    note.flags(0);
                }
                return endpoint;
            }
            flows.remove(known, cycle.nowTick());
        }
        return service.policy().choose(hash(high, low));
    }

    /** What {@link #choose} would say of a client, whose address is a mapped one of IPv4 or one of IPv6; changes nothing. */
    public static int peek(FlowTable flows, Service service, long high, long low) {
        long known = find(flows, service, high, low);
        int endpoint = known < 0 ? Policy.NONE : remembered(service, flows.wrap(new FlowSlot(), known));
        return endpoint == Policy.NONE ? service.policy().peek(hash(high, low)) : endpoint;
    }

    /** Keeps the client of an answered connection at its endpoint. */
    void remember(FlowSlot connection, Service service) {
        if (connection.isWide()) {
            draft.key6(
                    connection.sourceHigh(),
                    connection.sourceLow(),
                    connection.destinationHigh(),
                    connection.destinationLow(),
                    ports(service),
                    PROTOCOL);
        } else {
            draft.key(connection.source(), connection.destination(), ports(service), PROTOCOL);
        }
        draft.service(connection.serviceId(), connection.endpointIndex()).tcpState(FlowStates.CLIENT);
        long inserted = flows.insert(draft, cycle.nowTick());
        if (inserted >= 0) { // else there already, or no room: then his address alone decides
            changes.changed(inserted, flows.wrap(note, inserted).sequence());
        }
    }

    private static int remembered(Service service, FlowSlot note) {
        int endpoint = service.endpoints().indexOf(note.endpointIndex());
        return endpoint >= 0 && service.policy().accepts(endpoint) ? endpoint : Policy.NONE;
    }

    private static long find(FlowTable flows, Service service, long high, long low) {
        int ports = ports(service);
        if (AddressSet.isMapped(high, low)) {
            int client = (int) low;
            int vip = service.address();
            return flows.find(client, vip, ports, PROTOCOL, FlowTable.hash(client, vip, ports, PROTOCOL));
        }
        int hash = FlowTable.hash6(high, low, service.high(), service.low(), ports, PROTOCOL);
        return flows.find6(high, low, service.high(), service.low(), ports, PROTOCOL, hash);
    }

    private static int hash(long high, long low) {
        return FlowTable.hash6(high, low, 0, 0, 0, PROTOCOL);
    }

    private static int ports(Service service) {
        return service.port() << 16 | service.protocol();
    }
}
