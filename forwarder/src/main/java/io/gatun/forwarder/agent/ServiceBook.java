package io.gatun.forwarder.agent;

import io.gatun.forwarder.balance.Maglev;
import io.gatun.forwarder.balance.Policy;
import io.gatun.forwarder.balance.RoundRobin;
import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.control.EndpointHealth;
import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.NatMode;
import io.gatun.forwarder.control.Protocol;
import io.gatun.forwarder.control.Selection;
import io.gatun.forwarder.control.ServiceKey;
import io.gatun.forwarder.control.ServiceSpec;
import io.gatun.forwarder.control.SourcePrefix;
import io.gatun.forwarder.pipeline.Endpoints;
import io.gatun.forwarder.pipeline.Service;
import io.gatun.forwarder.pipeline.ServiceTable;
import io.gatun.forwarder.pipeline.SourceFilter;
import io.gatun.forwarder.pipeline.SynSignals;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.collections.Int2ObjectHashMap;

/** The services as asked for, with what must outlive a change of their specs. Owned by the conductor. */
final class ServiceBook {
    /** IANA's number of ICMPv6. */
    private static final int ICMPV6 = 58;

    private final Map<ServiceKey, Entry> entries = new LinkedHashMap<>();
    private final Set<InetAddress> standbyVips = new HashSet<>();
    private final Int2ObjectHashMap<Entry> byId = new Int2ObjectHashMap<>();

    /** A service and the identities that its flows carry. */
    static final class Entry {
        private final int id;
        private final AtomicLong cursor = new AtomicLong();
        private final Map<EndpointSpec, Integer> endpointIds = new LinkedHashMap<>();
        private final Set<EndpointSpec> failing = new HashSet<>();
        private final EndpointTotals totals = new EndpointTotals();
        private final SynSignals signals = new SynSignals();
        private final Drains drains = new Drains();
        private ServiceSpec spec;
        private SnatChoice snat;
        private SourceFilter allowed = SourceFilter.EVERYBODY;

        private Entry(int id) {
            this.id = id;
        }

        int id() {
            return id;
        }

        ServiceSpec spec() {
            return spec;
        }

        /** Key and, where there is one, name. */
        String text() {
            return spec.key() + (spec.name().isEmpty() ? "" : " '" + spec.name() + "'");
        }

        EndpointTotals totals() {
            return totals;
        }

        SynSignals signals() {
            return signals;
        }

        Drains drains() {
            return drains;
        }

        int idleTimeoutTicks() {
            return FlowTable.ticks(TimeUnit.SECONDS.toNanos(spec.idleTimeoutS()));
        }

        /** Direct server return needs no state here: every node hashes a connection to the same endpoint. */
        boolean survivesTakeover() {
            return spec.mode() == NatMode.DSR || (spec.mode() != NatMode.DNAT && snat.moves());
        }

        SourceFilter allowed() {
            return allowed;
        }

        SnatChoice snat() {
            return snat;
        }

        /** Whether an endpoint may get new flows. */
        boolean usable(EndpointSpec endpoint) {
            return endpoint.weight() > 0 && !failing.contains(identity(endpoint));
        }

        int endpointId(EndpointSpec endpoint) {
            return endpointIds.get(identity(endpoint));
        }
    }

    Collection<Entry> entries() {
        return entries.values();
    }

    Entry find(ServiceKey key) {
        return entries.get(key);
    }

    /** The service whose flows carry this id, or null. */
    Entry byId(int id) {
        return byId.get(id);
    }

    /**
     * Adds or replaces.
     *
     * @return identities of endpoints that are gone, whose flows must end
     */
    List<Integer> put(ServiceSpec spec, SnatChoice snat) {
        Entry entry = entries.computeIfAbsent(spec.key(), key -> new Entry(freeId(key)));
        byId.put(entry.id, entry);
        entry.spec = spec;
        entry.snat = snat;
        entry.allowed = filter(spec.allowedSources());
        return renewEndpoints(entry);
    }

    /** Removes; null when there was none. */
    Entry remove(ServiceKey key) {
        Entry entry = entries.remove(key);
        if (entry != null) {
            byId.remove(entry.id);
        }
        return entry;
    }

    /**
     * Notes whether an endpoint is well.
     *
     * @return whether that is a change; it is none where service or endpoint are not there
     */
    boolean endpointHealth(EndpointHealth health) {
        Entry entry = entries.get(health.service());
        EndpointSpec endpoint = new EndpointSpec(health.address(), health.port(), 0);
        if (entry == null || !entry.endpointIds.containsKey(endpoint)) {
            return false;
        }
        return health.healthy() ? entry.failing.remove(endpoint) : entry.failing.add(endpoint);
    }

    /**
     * Whether new flows to a VIP are for this node.
     *
     * @return whether that is a change
     */
    boolean admitNewFlows(InetAddress vip, boolean allowed) {
        return allowed ? standbyVips.remove(vip) : standbyVips.add(vip);
    }

    /**
     * What the packet path reads.
     *
     * @param own addresses of this node, for which services of mode host-one-arm stand
     */
    ServiceTable table(EndpointPlacement placement, Collection<InetAddress> own) {
        List<Service> services = new ArrayList<>();
        Int2ObjectHashMap<SynSignals> signals = new Int2ObjectHashMap<>();
        for (Entry entry : entries.values()) {
            signals.put(entry.id, entry.signals);
            for (InetAddress vip : vips(entry.spec, own)) {
                services.add(service(entry, vip, placement));
            }
        }
        return new ServiceTable(services, signals);
    }

    /** The addresses by which a service is reached: one, or those of the node that an address of zeros stands for. */
    static List<InetAddress> vips(ServiceSpec spec, Collection<InetAddress> own) {
        InetAddress vip = spec.key().vip();
        if (!vip.isAnyLocalAddress()) {
            return List.of(vip);
        }
        return own.stream()
                .filter(address -> SnatPolicy.sameFamily(address, vip)
                        && !address.isLoopbackAddress()
                        && !address.isLinkLocalAddress())
                .toList();
    }

    /** Whether new flows of a service are for this node. */
    boolean admitsNewFlows(ServiceSpec spec) {
        return !standbyVips.contains(spec.key().vip());
    }

    private Service service(Entry entry, InetAddress vip, EndpointPlacement placement) {
        ServiceSpec spec = entry.spec;
        int count = spec.endpoints().size();
        List<Endpoints.Endpoint> endpoints = new ArrayList<>();
        boolean[] usable = new boolean[count];
        long[] identities = new long[count];
        for (int i = 0; i < count; i++) {
            EndpointSpec endpoint = spec.endpoints().get(i);
            endpoints.add(placement.endpoint(spec, endpoint, entry.endpointId(endpoint), entry.snat));
            usable[i] = entry.usable(endpoint);
            identities[i] =
                    Addresses.high(endpoint.address()) * 31 ^ Addresses.low(endpoint.address()) << 16 ^ endpoint.port();
        }
        Policy policy = spec.selection() == Selection.HASH
                ? new Maglev(identities, usable)
                : new RoundRobin(usable, entry.cursor);
        return new Service(
                entry.id,
                Addresses.high(vip),
                Addresses.low(vip),
                spec.key().port(),
                spec.key().portMax(),
                protocolNumber(spec.key().protocol(), vip),
                admitsNewFlows(spec),
                new Endpoints(endpoints),
                policy,
                entry.allowed);
    }

    /** The number in the packets: ICMP over IPv6 has one of its own. */
    static int protocolNumber(Protocol protocol, InetAddress vip) {
        return protocol == Protocol.ICMP && vip instanceof Inet6Address ? ICMPV6 : protocol.number();
    }

    /** Keeps the identities of endpoints that stay, gives new ones to the others. */
    private static List<Integer> renewEndpoints(Entry entry) {
        List<EndpointSpec> wanted =
                entry.spec.endpoints().stream().map(ServiceBook::identity).toList();
        List<Integer> gone = new ArrayList<>();
        entry.failing.retainAll(wanted);
        entry.endpointIds.entrySet().removeIf(known -> {
            boolean leaves = !wanted.contains(known.getKey());
            if (leaves) {
                gone.add(known.getValue());
                entry.totals.forget(known.getValue());
                entry.signals.forget(known.getValue());
                entry.drains.forget(known.getValue());
            }
            return leaves;
        });
        for (EndpointSpec endpoint : wanted) {
            entry.endpointIds.computeIfAbsent(endpoint, unknown -> freeEndpointId(entry, gone));
        }
        return gone;
    }

    /** Endpoints are the same when address and port are; the weight may change. */
    private static EndpointSpec identity(EndpointSpec endpoint) {
        return new EndpointSpec(endpoint.address(), endpoint.port(), 0);
    }

    private static int freeEndpointId(Entry entry, List<Integer> gone) {
        int id = 0;
        while (entry.endpointIds.containsValue(id) || gone.contains(id)) {
            id++;
        }
        return id;
    }

    /** From the key alone, so that it is the same on every node and after a restart; 0 means none. */
    private int freeId(ServiceKey key) {
        int id = 0x811C_9DC5; // FNV-1a, 32 bits
        for (char c : key.toString().toCharArray()) {
            id = (id ^ c) * 0x0100_0193;
        }
        while (id == 0 || byId.containsKey(id)) {
            id++;
        }
        return id;
    }

    private static SourceFilter filter(List<SourcePrefix> prefixes) {
        List<SourceFilter.Network> networks = new ArrayList<>();
        for (SourcePrefix prefix : prefixes) {
            networks.add(new SourceFilter.Network(
                    Addresses.high(prefix.address()),
                    Addresses.low(prefix.address()),
                    prefix.length() + 2 * Long.SIZE - Addresses.bits(prefix.address())));
        }
        return new SourceFilter(networks);
    }
}
