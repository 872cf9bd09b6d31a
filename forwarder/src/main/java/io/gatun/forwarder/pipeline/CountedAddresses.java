package io.gatun.forwarder.pipeline;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Addresses, each with how many need it. Their set is made anew only after one has come or gone. For one thread. */
final class CountedAddresses {
    private final Map<AddressSet.Address, Integer> counts = new HashMap<>();
    private AddressSet set = new AddressSet(List.of());

    void add(AddressSet.Address address) {
        if (counts.merge(address, 1, Integer::sum) == 1) {
            set = null;
        }
    }

    /** Once for each {@link #add}. */
    void remove(AddressSet.Address address) {
        if (counts.computeIfPresent(address, (same, count) -> count == 1 ? null : count - 1) == null) {
            set = null;
        }
    }

    /** The addresses of now; the same object as long as they are the same. */
    AddressSet set() {
        if (set == null) {
            set = new AddressSet(counts.keySet());
        }
        return set;
    }
}
