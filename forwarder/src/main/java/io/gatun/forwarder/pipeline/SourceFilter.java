package io.gatun.forwarder.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who may use a service: networks, of which the longest that holds an address decides; without any network everybody.
 * Immutable; asked once per new flow.
 */
public final class SourceFilter {
    /** Lets everybody in. */
    public static final SourceFilter EVERYBODY = new SourceFilter(List.of());

    private static final int IPV4_SHIFT = 96;

    private final int[] lengths;
    private final AddressSet[] networks;

    /**
     * A network.
     *
     * @param high upper half of the address, 0 for IPv4
     * @param low lower half; of IPv4 the mapped address
     * @param length bits that count, 0-128; of an IPv4 network 96 more than its own
     */
    public record Network(long high, long low, int length) {
        /** An IPv4 network. */
        public static Network ofIpv4(int address, int length) {
            return new Network(AddressSet.MAPPED_HIGH, AddressSet.mapped(address), IPV4_SHIFT + length);
        }
    }

    public SourceFilter(List<Network> allowed) {
        Map<Integer, List<AddressSet.Address>> byLength = new TreeMap<>((a, b) -> Integer.compare(b, a));
        for (Network network : allowed) {
            byLength.computeIfAbsent(network.length(), _ -> new ArrayList<>())
                    .add(new AddressSet.Address(
                            network.high() & maskHigh(network.length()), network.low() & maskLow(network.length())));
        }
        lengths = byLength.keySet().stream().mapToInt(Integer::intValue).toArray();
        networks = byLength.values().stream().map(AddressSet::new).toArray(AddressSet[]::new);
    }

    /** Whether this IPv4 address may. */
    public boolean allows(int source) {
        return allows(AddressSet.MAPPED_HIGH, AddressSet.mapped(source));
    }

    /** Whether this IPv6 (or mapped) address may. */
    public boolean allows(long high, long low) {
        for (int i = 0; i < lengths.length; i++) {
            if (networks[i].contains(high & maskHigh(lengths[i]), low & maskLow(lengths[i]))) {
                return true;
            }
        }
        return lengths.length == 0;
    }

    /** Bits of the longest network that holds the address, as given to the constructor, or -1. */
    public int longest(long high, long low) {
        for (int i = 0; i < lengths.length; i++) {
            if (networks[i].contains(high & maskHigh(lengths[i]), low & maskLow(lengths[i]))) {
                return lengths[i];
            }
        }
        return -1;
    }

    static long maskHigh(int length) {
        return length >= 64 ? -1L : length == 0 ? 0 : -1L << (64 - length);
    }

    static long maskLow(int length) {
        return length <= 64 ? 0 : -1L << (128 - length);
    }
}
