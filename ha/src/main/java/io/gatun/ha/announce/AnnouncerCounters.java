package io.gatun.ha.announce;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** One number per {@link AnnouncerCounter}: written by the agent only, read from any thread. */
final class AnnouncerCounters {
    private final Map<AnnouncerCounter, AtomicLong> values = new EnumMap<>(AnnouncerCounter.class);

    AnnouncerCounters() {
        for (AnnouncerCounter counter : AnnouncerCounter.values()) {
            values.put(counter, new AtomicLong());
        }
    }

    void increment(AnnouncerCounter counter) {
        AtomicLong value = values.get(counter);
        value.setRelease(value.getPlain() + 1);
    }

    long value(AnnouncerCounter counter) {
        return values.get(counter).getAcquire();
    }

    Map<String, Long> snapshot() {
        Map<String, Long> snapshot = new LinkedHashMap<>();
        values.forEach((counter, value) -> snapshot.put(counter.label(), value.getAcquire()));
        return snapshot;
    }
}
