package io.gatun.forwarder.nexthop;

import java.util.HashMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/** IPv6 routes while a table is built. */
final class Routes6 {
    private static final int LENGTH_MAX = 128;

    private final Map<WideTable.Key, RouteDraft> routes = new HashMap<>();

    void put(long high, long low, int length, RouteDraft route) {
        if (length < 0 || length > LENGTH_MAX) {
            throw new IllegalArgumentException("prefix length=" + length + ", give 0-128");
        }
        long networkHigh = high & NextHopTable.highMask(length);
        long networkLow = low & NextHopTable.lowMask(length);
        routes.merge(new WideTable.Key(length, networkHigh, networkLow), route, RouteDraft::better);
    }

    /** The prefix lengths there are, longest first. */
    int[] lengths() {
        return routes.keySet().stream()
                .mapToInt(key -> -key.scope())
                .distinct()
                .sorted()
                .map(length -> -length)
                .toArray();
    }

    /** All prefixes, their length as the scope, with this value for each route. */
    WideTable table(ToLongFunction<RouteDraft> value) {
        Map<WideTable.Key, Long> entries = new HashMap<>();
        routes.forEach((key, route) -> entries.put(key, value.applyAsLong(route)));
        return WideTable.of(entries);
    }
}
