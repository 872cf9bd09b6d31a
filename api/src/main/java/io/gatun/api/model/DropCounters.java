package io.gatun.api.model;

import java.util.Map;
import java.util.TreeMap;

/** Drop reasons among the forwarder's counters. */
public final class DropCounters {
    private static final String PREFIX = "drop_";

    private DropCounters() {}

    /** Packets dropped so far, by reason; those that there were. */
    public static Map<String, Long> of(Map<String, Long> counters) {
        Map<String, Long> drops = new TreeMap<>();
        counters.forEach((counter, value) -> {
            if (counter.startsWith(PREFIX) && value > 0) {
                drops.put(counter.substring(PREFIX.length()), value);
            }
        });
        return drops;
    }
}
