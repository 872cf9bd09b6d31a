package io.gatun.forwarder.pipeline;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * The services of now, of which {@link ServiceTable}s are made: what a change costs follows from what it touches, and
 * little from how many services there are. For one thread.
 */
public final class ServiceTables {
    private final Int2ObjectHashMap<List<Service>> services = new Int2ObjectHashMap<>();
    private final Int2ObjectHashMap<SynSignals> signals = new Int2ObjectHashMap<>();
    private final CountedAddresses owned = new CountedAddresses();
    private final CountedAddresses answering = new CountedAddresses();

    /** None yet. */
    public ServiceTables() {}

    /** These, and nobody counts how their endpoints answer. */
    static ServiceTables of(Collection<Service> services) {
        ServiceTables tables = new ServiceTables();
        services.stream().collect(Collectors.groupingBy(Service::id)).forEach((id, made) -> tables.put(id, made, null));
        return tables;
    }

    /**
     * Adds or replaces what has this id.
     *
     * @param made one for each address by which the service is reached
     * @param counters how its endpoints answer, or null when nobody counts
     */
    public void put(int id, List<Service> made, SynSignals counters) {
        List<Service> before = services.put(id, made);
        if (counters == null) {
            signals.remove(id);
        } else {
            signals.put(id, counters);
        }
        // Added first: an address that stays is never gone.
        made.forEach(service -> forEachAddress(service, CountedAddresses::add));
        removeAddresses(before);
    }

    /** Removes what has this id, if there is any. */
    public void remove(int id) {
        signals.remove(id);
        removeAddresses(services.remove(id));
    }

    /**
     * The table of this moment.
     *
     * @param quietUntilNs until when packets of unknown connections are dropped and not refused, because news of them
     *     may be under way from the node that served before; or {@link ServiceTable#NEVER}
     */
    public ServiceTable table(long quietUntilNs) {
        List<Service> all = new ArrayList<>(services.size());
        services.forEachInt((id, made) -> all.addAll(made));
        return new ServiceTable(all, new Int2ObjectHashMap<>(signals), owned.set(), answering.set(), quietUntilNs);
    }

    /** For each address that a service makes ours, and each set that it belongs to. */
    private void forEachAddress(Service service, BiConsumer<CountedAddresses, AddressSet.Address> counting) {
        List<AddressSet.Address> addresses = new ArrayList<>(service.endpoints().ownAddresses());
        addresses.add(new AddressSet.Address(service.high(), service.low()));
        for (AddressSet.Address address : addresses) {
            counting.accept(owned, address);
            if (service.admitsNewFlows()) {
                counting.accept(answering, address);
            }
        }
    }

    private void removeAddresses(List<Service> gone) {
        if (gone != null) {
            gone.forEach(service -> forEachAddress(service, CountedAddresses::remove));
        }
    }
}
