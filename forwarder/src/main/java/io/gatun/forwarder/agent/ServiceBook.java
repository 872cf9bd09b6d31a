package io.gatun.forwarder.agent;

import io.gatun.forwarder.balance.RoundRobin;
import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.NatMode;
import io.gatun.forwarder.control.ServiceKey;
import io.gatun.forwarder.control.ServiceSpec;
import io.gatun.forwarder.pipeline.Endpoints;
import io.gatun.forwarder.pipeline.Service;
import io.gatun.forwarder.pipeline.ServiceTable;
import java.net.Inet4Address;
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
    private final Map<ServiceKey, Entry> entries = new LinkedHashMap<>();
    private final Set<InetAddress> standbyVips = new HashSet<>();
    private final Int2ObjectHashMap<Entry> byId = new Int2ObjectHashMap<>();

    /** A service and the identities that its flows carry. */
    static final class Entry {
        private final int id;
        private final AtomicLong cursor = new AtomicLong();
        private final Map<EndpointSpec, Integer> endpointIds = new LinkedHashMap<>();
        private final EndpointTotals totals = new EndpointTotals();
        private ServiceSpec spec;
        private SnatChoice snat;

        private Entry(int id) {
            this.id = id;
        }

        int id() {
            return id;
        }

        ServiceSpec spec() {
            return spec;
        }

        EndpointTotals totals() {
            return totals;
        }

        int idleTimeoutTicks() {
            return FlowTable.ticks(TimeUnit.SECONDS.toNanos(spec.idleTimeoutS()));
        }

        boolean survivesTakeover() {
            return spec.mode() == NatMode.ONE_ARM && snat.moves();
        }

        SnatChoice snat() {
            return snat;
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
     * Whether new flows to a VIP are for this node.
     *
     * @return whether that is a change
     */
    boolean admitNewFlows(InetAddress vip, boolean allowed) {
        return allowed ? standbyVips.remove(vip) : standbyVips.add(vip);
    }

    /** What the packet path reads. */
    ServiceTable table() {
        List<Service> services = new ArrayList<>();
        for (Entry entry : entries.values()) {
            services.add(service(entry));
        }
        return new ServiceTable(services);
    }

    private Service service(Entry entry) {
        ServiceSpec spec = entry.spec;
        int count = spec.endpoints().size();
        int[] addresses = new int[count];
        int[] ports = new int[count];
        int[] ids = new int[count];
        boolean[] usable = new boolean[count];
        for (int i = 0; i < count; i++) {
            EndpointSpec endpoint = spec.endpoints().get(i);
            addresses[i] = Ipv4.toInt((Inet4Address) endpoint.address());
            ports[i] = endpoint.port();
            ids[i] = entry.endpointId(endpoint);
            usable[i] = endpoint.weight() > 0;
        }
        boolean oneArm = spec.mode() == NatMode.ONE_ARM;
        return new Service(
                entry.id,
                Ipv4.toInt((Inet4Address) spec.key().vip()),
                spec.key().port(),
                spec.key().protocol().number(),
                !standbyVips.contains(spec.key().vip()),
                oneArm ? entry.snat.address() : 0,
                entry.snat.ports(),
                new Endpoints(addresses, ports, ids),
                new RoundRobin(usable, entry.cursor),
                entry.idleTimeoutTicks());
    }

    /** Keeps the identities of endpoints that stay, gives new ones to the others. */
    private static List<Integer> renewEndpoints(Entry entry) {
        List<EndpointSpec> wanted =
                entry.spec.endpoints().stream().map(ServiceBook::identity).toList();
        List<Integer> gone = new ArrayList<>();
        entry.endpointIds.entrySet().removeIf(known -> {
            boolean leaves = !wanted.contains(known.getKey());
            if (leaves) {
                gone.add(known.getValue());
                entry.totals.forget(known.getValue());
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
}
