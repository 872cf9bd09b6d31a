package io.gatun.forwarder.pipeline;

import java.util.Collection;
import org.agrona.BitUtil;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.IntHashSet;

/** Services by (address, protocol, port) and by id; an immutable snapshot with open addressing. */
public final class ServiceTable {
    private final Service[] slots;
    private final int mask;
    private final Int2ObjectHashMap<Service> byId = new Int2ObjectHashMap<>();
    private final IntHashSet addresses = new IntHashSet();
    private final IntHashSet answering = new IntHashSet();

    public ServiceTable(Collection<Service> services) {
        slots = new Service[BitUtil.findNextPositivePowerOfTwo(Math.max(8, services.size() * 2))];
        mask = slots.length - 1;
        for (Service service : services) {
            int slot = hash(service.address(), service.port(), service.protocol()) & mask;
            while (slots[slot] != null) {
                slot = (slot + 1) & mask;
            }
            slots[slot] = service;
            byId.put(service.id(), service);
            add(addresses, service);
            if (service.admitsNewFlows()) {
                add(answering, service);
            }
        }
    }

    /** The service with this destination, or null. */
    public Service find(int address, int port, int protocol) {
        for (int slot = hash(address, port, protocol) & mask; ; slot = (slot + 1) & mask) {
            Service service = slots[slot];
            if (service == null
                    || (service.port() == port && service.address() == address && service.protocol() == protocol)) {
                return service;
            }
        }
    }

    /** Whether packets to this address end here: a VIP, or a source address of ours. */
    public boolean owns(int address) {
        return addresses.contains(address);
    }

    /** Whether this node is the one that answers for the address when nothing else takes a packet to it. */
    public boolean answersFor(int address) {
        return answering.contains(address);
    }

    /** The service with this id, or null. */
    public Service byId(int id) {
        return byId.get(id);
    }

    private static void add(IntHashSet addresses, Service service) {
        addresses.add(service.address());
        if (service.isOneArm()) {
            addresses.add(service.snatAddress());
        }
    }

    private static int hash(int address, int port, int protocol) {
        int mixed = ((address * 0x9E37_79B1) ^ (port * 0x85EB_CA6B)) + protocol;
        return mixed ^ (mixed >>> 15);
    }
}
