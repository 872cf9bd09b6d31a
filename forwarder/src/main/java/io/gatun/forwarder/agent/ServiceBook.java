package io.gatun.forwarder.agent;

import io.gatun.forwarder.balance.LeastConnections;
import io.gatun.forwarder.balance.Maglev;
import io.gatun.forwarder.balance.OpenConnections;
import io.gatun.forwarder.balance.Policy;
import io.gatun.forwarder.balance.RoundRobin;
import io.gatun.forwarder.balance.WeightedRoundRobin;
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
import io.gatun.forwarder.pipeline.ServiceTables;
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
    private final ServiceTables tables = new ServiceTables();

    /** Of whom the table does not tell the truth any more. */
    private final Set<Entry> stale = new HashSet<>();

    private EndpointPlacement tablePlacement;
    private Set<InetAddress> tableOwn = Set.of();

    /** A service and the identities that its flows carry. */
    static final class Entry {
        private final int id;
        private final AtomicLong cursor = new AtomicLong();
        private final Map<EndpointSpec, Integer> endpointIds = new LinkedHashMap<>();
        private final Set<EndpointSpec> failing = new HashSet<>();
        private final EndpointTotals totals = new EndpointTotals();
        private final OpenConnections open = new OpenConnections();
        private final SynSignals signals = new SynSignals();
        private final Drains drains = new Drains();
        private ServiceSpec spec;
        private SnatChoice snat;
        private SourceFilter allowed = SourceFilter.EVERYBODY;
        private int[] ids = {};
        private List<Boolean> usable = List.of();
        private Placed placed;
        private Policy policy;

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

        OpenConnections open() {
            return open;
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
        boolean survivesTakeover(boolean exchange) {
            return spec.mode() == NatMode.DSR || (exchange && spec.mode() != NatMode.DNAT && snat.moves());
        }

        SourceFilter allowed() {
            return allowed;
        }

        SnatChoice snat() {
            return snat;
        }

        /** Where its endpoints are; made anew when the network or the rule has changed. */
        Placed placed(EndpointPlacement placement) {
            if (placed == null
                    || placed.placement() != placement
                    || !placed.spec().equals(spec)
                    || !placed.snat().equals(snat)) {
                List<Endpoints.Endpoint> endpoints = new ArrayList<>();
                for (int i = 0; i < ids.length; i++) {
                    endpoints.add(placement.endpoint(spec, spec.endpoints().get(i), ids[i], snat));
                }
                placed = new Placed(placement, spec, snat, new Endpoints(endpoints), Placed.sources(endpoints));
            }
            return placed;
        }

        /** Whether an endpoint may get new flows. */
        boolean usable(EndpointSpec endpoint) {
            return endpoint.weight() > 0 && !failing.contains(identity(endpoint));
        }

        private void renewUsable() {
            usable = spec.endpoints().stream().map(this::usable).toList();
            policy = null;
        }

        /** Made anew when the rule or the health of its endpoints has changed. */
        private Policy policy() {
            if (policy == null) {
                policy = ServiceBook.policy(this);
            }
            return policy;
        }

        /** Of the endpoint in this place of the spec. */
        int endpointId(int place) {
            return ids[place];
        }

        int endpointId(EndpointSpec endpoint) {
            return endpointIds.get(identity(endpoint));
        }
    }

    /** The endpoints of a rule as they are reached from here, and where replies come to; of one moment. */
    record Placed(
            EndpointPlacement placement,
            ServiceSpec spec,
            SnatChoice snat,
            Endpoints endpoints,
            List<SteeringPlan.Source> sources) {
        /** The sources of ours among these endpoints, each once. */
        static List<SteeringPlan.Source> sources(List<Endpoints.Endpoint> endpoints) {
            return endpoints.stream()
                    .filter(endpoint -> endpoint.way() == Endpoints.Way.OWN_SOURCE)
                    .map(Endpoints.Endpoint::source)
                    .map(source -> new SteeringPlan.Source(
                            Addresses.of(source.high(), source.low()),
                            source.ports().first(),
                            source.ports().last()))
                    .distinct()
                    .toList();
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
        stale.add(entry);
        return renewEndpoints(entry);
    }

    /** Removes; null when there was none. */
    Entry remove(ServiceKey key) {
        Entry entry = entries.remove(key);
        if (entry != null) {
            byId.remove(entry.id);
            tables.remove(entry.id);
            stale.remove(entry);
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
        boolean changed = health.healthy() ? entry.failing.remove(endpoint) : entry.failing.add(endpoint);
        if (changed) {
            entry.renewUsable();
            stale.add(entry);
        }
        return changed;
    }

    /**
     * Whether new flows to these VIPs are for this node.
     *
     * @return whether that is a change for any of them
     */
    boolean admitNewFlows(Set<InetAddress> vips, boolean allowed) {
        boolean changed = allowed ? standbyVips.removeAll(vips) : standbyVips.addAll(vips);
        if (changed) {
            entries.values().stream()
                    .filter(entry -> vips.contains(entry.spec.key().vip()))
                    .forEach(stale::add);
        }
        return changed;
    }

    /**
     * What the packet path reads.
     *
     * @param own addresses of this node, for which services of mode host-one-arm stand
     * @param quietUntilNs as in {@link ServiceTables}
     */
    ServiceTable table(EndpointPlacement placement, Set<InetAddress> own, long quietUntilNs) {
        if (placement != tablePlacement || !own.equals(tableOwn)) {
            tablePlacement = placement;
            tableOwn = Set.copyOf(own);
            stale.addAll(entries.values());
        }
        for (Entry entry : stale) {
            tables.put(entry.id, services(entry, placement, own), entry.signals);
        }
        stale.clear();
        return tables.table(quietUntilNs);
    }

    /** The addresses by which a service is reached: one, or those of the node that an address of zeros stands for. */
    private static List<InetAddress> vips(ServiceSpec spec, Collection<InetAddress> own) {
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

    private List<Service> services(Entry entry, EndpointPlacement placement, Set<InetAddress> own) {
        Endpoints endpoints = entry.placed(placement).endpoints();
        return vips(entry.spec, own).stream()
                .map(vip -> service(entry, vip, endpoints))
                .toList();
    }

    private Service service(Entry entry, InetAddress vip, Endpoints endpoints) {
        ServiceSpec spec = entry.spec;
        return new Service(
                entry.id,
                Addresses.high(vip),
                Addresses.low(vip),
                spec.key().port(),
                spec.key().portMax(),
                protocolNumber(spec.key().protocol(), vip),
                admitsNewFlows(spec),
                endpoints,
                spec.selection() == Selection.PERSIST,
                entry.policy(),
                entry.allowed);
    }

    private static Policy policy(Entry entry) {
        List<EndpointSpec> endpoints = entry.spec.endpoints();
        boolean[] usable = new boolean[endpoints.size()];
        for (int i = 0; i < usable.length; i++) {
            usable[i] = entry.usable.get(i);
        }
        return switch (entry.spec.selection()) {
            case HASH, PERSIST ->
                new Maglev(endpoints.stream().mapToLong(ServiceBook::number).toArray(), usable);
            case PRIORITY -> new WeightedRoundRobin(weights(endpoints), usable, entry.cursor);
            case LEAST_CONNECTIONS ->
                new LeastConnections(weights(endpoints), usable, entry.ids, entry.open, entry.cursor);
            case ROUND_ROBIN, N2, N3 -> new RoundRobin(usable, entry.cursor);
        };
    }

    private static int[] weights(List<EndpointSpec> endpoints) {
        return endpoints.stream().mapToInt(EndpointSpec::weight).toArray();
    }

    /** From address and port alone, so that every node places the endpoint alike. */
    private static long number(EndpointSpec endpoint) {
        return Addresses.high(endpoint.address()) * 31 ^ Addresses.low(endpoint.address()) << 16 ^ endpoint.port();
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
        entry.renewUsable();
        entry.endpointIds.entrySet().removeIf(known -> {
            boolean leaves = !wanted.contains(known.getKey());
            if (leaves) {
                gone.add(known.getValue());
                entry.totals.forget(known.getValue());
                entry.signals.forget(known.getValue());
                entry.drains.forget(known.getValue());
                entry.open.forget(known.getValue());
            }
            return leaves;
        });
        for (EndpointSpec endpoint : wanted) {
            entry.endpointIds.computeIfAbsent(endpoint, unknown -> freeEndpointId(entry, gone));
        }
        entry.ids = wanted.stream().mapToInt(entry.endpointIds::get).toArray();
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
            networks.add(network(prefix));
        }
        return new SourceFilter(networks);
    }

    /** As the packet path compares it. */
    static SourceFilter.Network network(SourcePrefix prefix) {
        return new SourceFilter.Network(
                Addresses.high(prefix.address()),
                Addresses.low(prefix.address()),
                prefix.length() + 2 * Long.SIZE - Addresses.bits(prefix.address()));
    }
}
