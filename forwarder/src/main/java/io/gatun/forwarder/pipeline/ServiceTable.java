package io.gatun.forwarder.pipeline;

import java.util.Collection;
import java.util.List;
import org.agrona.BitUtil;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.LongLongConsumer;

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

    /** Of these services, for as long as it is used. */
    public static ServiceTable of(Collection<Service> services) {
        return ServiceTables.of(services).table(NEVER);
    }

    /**
     * A table of {@link ServiceTables}.
     *
     * @param signals by the ids of services; not changed from now on
     */
    ServiceTable(
            List<Service> services,
            Int2ObjectHashMap<SynSignals> signals,
            AddressSet owned,
            AddressSet answering,
            long quietUntilNs) {
        this.signals = signals;
        this.owned = owned;
        this.answering = answering;
        this.quietUntilNs = quietUntilNs;
        single = table(services, /* range= */ false);
        ranges = table(services, /* range= */ true);
        byId = new Int2ObjectHashMap<>(Math.max(MAP_MIN, services.size() * 2), LOAD_FACTOR);
        for (Service service : services) {
            byId.put(service.id(), service);
        }
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

    /** Whether both answer for the same addresses because nothing of them has changed in between. */
    public boolean answersForSame(ServiceTable other) {
        return answering == other.answering;
    }

    /** Each address that this node answers for, as {@link #answersFor(long, long)}. */
    public void forEachAnswered(LongLongConsumer consumer) {
        answering.forEach(consumer);
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

    private static Service[] table(List<Service> services, boolean range) {
        int size = 0;
        for (Service service : services) {
            size += service.isRange() == range ? 1 : 0;
        }
        if (size == 0) {
            return new Service[1];
        }
        Service[] slots = new Service[BitUtil.findNextPositivePowerOfTwo(Math.max(8, size * 2))];
        for (Service service : services) {
            if (service.isRange() == range) {
                put(slots, service);
            }
        }
        return slots;
    }

    private static void put(Service[] slots, Service service) {
        int port = service.isRange() ? 0 : service.port();
        int slot = hash(service.high(), service.low(), port, service.protocol()) & (slots.length - 1);
        while (slots[slot] != null) {
            slot = (slot + 1) & (slots.length - 1);
        }
        slots[slot] = service;
    }

    private static int hash(long high, long low, int port, int protocol) {
        int mixed = AddressSet.hash(high, low) ^ (port * 0x85EB_CA6B) + protocol * 0x9E37_79B1;
        return mixed ^ (mixed >>> 15);
    }
}
