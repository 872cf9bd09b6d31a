package io.gatun.forwarder.pipeline;

import java.util.Collection;
import java.util.List;
import org.agrona.BitUtil;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * Services by (address, protocol, port) and by id; an immutable snapshot with open addressing. A service of one port is
 * preferred to a range that covers it.
 */
public final class ServiceTable {
    /** Nothing is quiet. */
    public static final long NEVER = Long.MIN_VALUE;

    private static final int MAP_MIN = 8;
    private static final float LOAD_FACTOR = 0.65f;

    private final Service[] single;
    private final Service[] ranges;
    private final Int2ObjectHashMap<Service> byId;
    private final Int2ObjectHashMap<SynSignals> signals;
    private final AddressSet owned;
    private final AddressSet answering;
    private final long quietUntilNs;

    public ServiceTable(Collection<Service> services) {
        this(services, new Int2ObjectHashMap<>(), NEVER);
    }

    /**
     * With counters.
     *
     * @param signals by the ids of services; not changed from now on
     * @param quietUntilNs until when packets of unknown connections are dropped and not refused, because news of them
     *     may be under way from the node that served before; or {@link #NEVER}
     */
    public ServiceTable(Collection<Service> services, Int2ObjectHashMap<SynSignals> signals, long quietUntilNs) {
        this.signals = signals;
        this.quietUntilNs = quietUntilNs;
        single = table(services.stream().filter(s -> !s.isRange()).toList());
        ranges = table(services.stream().filter(Service::isRange).toList());
        byId = new Int2ObjectHashMap<>(Math.max(MAP_MIN, services.size() * 2), LOAD_FACTOR);
        AddressSet.Builder all = new AddressSet.Builder();
        AddressSet.Builder answered = new AddressSet.Builder();
        for (Service service : services) {
            byId.put(service.id(), service);
            add(all, service);
            if (service.admitsNewFlows()) {
                add(answered, service);
            }
        }
        owned = all.build();
        answering = answered.build();
    }

    /** The service with this IPv4 destination, or null. */
    public Service find(int address, int port, int protocol) {
        return find(AddressSet.MAPPED_HIGH, AddressSet.mapped(address), port, protocol);
    }

    /** The service with this destination, or null; IPv4 addresses are mapped ones. */
    public Service find(long high, long low, int port, int protocol) {
        int mask = single.length - 1;
        for (int slot = hash(high, low, port, protocol) & mask; ; slot = (slot + 1) & mask) {
            Service service = single[slot];
            if (service == null) {
                return ranges.length == 1 ? null : findRange(high, low, port, protocol);
            }
            if (service.port() == port
                    && service.low() == low
                    && service.high() == high
                    && service.protocol() == protocol) {
                return service;
            }
        }
    }

    /** Whether packets to this IPv4 address end here: a VIP, or a source address of ours. */
    public boolean owns(int address) {
        return owns(AddressSet.MAPPED_HIGH, AddressSet.mapped(address));
    }

    /** As {@link #owns(int)}, for both families. */
    public boolean owns(long high, long low) {
        return owned.contains(high, low);
    }

    /** Whether unknown connections are not refused yet. */
    boolean isQuiet(long nowNs) {
        return quietUntilNs != NEVER && nowNs - quietUntilNs < 0;
    }

    /** Whether this node is the one that answers for the address when nothing else takes a packet to it. */
    public boolean answersFor(int address) {
        return answersFor(AddressSet.MAPPED_HIGH, AddressSet.mapped(address));
    }

    /** As {@link #answersFor(int)}, for both families. */
    public boolean answersFor(long high, long low) {
        return answering.contains(high, low);
    }

    /** The service with this id, or null. */
    public Service byId(int id) {
        return byId.get(id);
    }

    /** How the endpoints of the service with this id answer, or null when nobody counts. */
    SynSignals signals(int id) {
        return signals.get(id);
    }

    /** Ranges of one address and protocol lie in one run of slots. */
    private Service findRange(long high, long low, int port, int protocol) {
        int mask = ranges.length - 1;
        for (int slot = hash(high, low, 0, protocol) & mask; ranges[slot] != null; slot = (slot + 1) & mask) {
            Service service = ranges[slot];
            if (service.covers(port)
                    && service.low() == low
                    && service.high() == high
                    && service.protocol() == protocol) {
                return service;
            }
        }
        return null;
    }

    private static Service[] table(List<Service> services) {
        if (services.isEmpty()) {
            return new Service[1];
        }
        Service[] slots = new Service[BitUtil.findNextPositivePowerOfTwo(Math.max(8, services.size() * 2))];
        for (Service service : services) {
            int port = service.isRange() ? 0 : service.port();
            int slot = hash(service.high(), service.low(), port, service.protocol()) & (slots.length - 1);
            while (slots[slot] != null) {
                slot = (slot + 1) & (slots.length - 1);
            }
            slots[slot] = service;
        }
        return slots;
    }

    private static void add(AddressSet.Builder addresses, Service service) {
        addresses.add(service.high(), service.low());
        addresses.addAll(service.endpoints().ownAddresses());
    }

    private static int hash(long high, long low, int port, int protocol) {
        int mixed = AddressSet.hash(high, low) ^ (port * 0x85EB_CA6B) + protocol * 0x9E37_79B1;
        return mixed ^ (mixed >>> 15);
    }
}
