package io.gatun.forwarder.nexthop;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/** IPv4 routes by prefix length, longest first, while a table is built. */
final class Routes4 {
    private static final int LENGTH_MAX = 32;

    private final Map<Integer, Map<Integer, RouteDraft>> byLength = new TreeMap<>(Collections.reverseOrder());

    void put(int prefix, int length, RouteDraft route) {
        if (length < 0 || length > LENGTH_MAX) {
            throw new IllegalArgumentException("prefix length=" + length + ", give 0-32");
        }
        byLength.computeIfAbsent(length, _ -> new HashMap<>()).merge(prefix & mask(length), route, RouteDraft::better);
    }

    int[] masks() {
        return byLength.keySet().stream().mapToInt(Routes4::mask).toArray();
    }

    /** One table for each mask, with this value for each route. */
    LongTable[] tables(ToLongFunction<RouteDraft> value) {
        LongTable[] tables = new LongTable[byLength.size()];
        int i = 0;
        for (Map<Integer, RouteDraft> routes : byLength.values()) {
            Map<Long, Long> entries = new HashMap<>();
            routes.forEach((prefix, route) -> entries.put((long) prefix, value.applyAsLong(route)));
            tables[i++] = LongTable.of(entries);
        }
        return tables;
    }

    private static int mask(int length) {
        return length == 0 ? 0 : -1 << (LENGTH_MAX - length);
    }
}
