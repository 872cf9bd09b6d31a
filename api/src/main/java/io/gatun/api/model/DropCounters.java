package io.gatun.api.model;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Drop reasons among the forwarder's counters, by the names that docs/packet-walk.md explains. */
public final class DropCounters {
    private static final String PREFIX = "drop_";

    private DropCounters() {}

    /** For what reason the packets of this counter were dropped, if that is what it counts. */
    public static Optional<String> reason(String counter) {
        return counter.startsWith(PREFIX) ? Optional.of(counter.substring(PREFIX.length())) : Optional.empty();
    }

    /** Packets dropped so far, by reason, also those that there were none of. */
    public static Map<String, Long> all(Map<String, Long> counters) {
        Map<String, Long> drops = new TreeMap<>();
        counters.forEach((counter, value) -> reason(counter).ifPresent(reason -> drops.put(reason, value)));
        return drops;
    }

    /** Packets dropped so far, by reason; those that there were. */
    public static Map<String, Long> of(Map<String, Long> counters) {
        Map<String, Long> drops = all(counters);
        drops.values().removeIf(packets -> packets == 0);
        return drops;
    }
}
