package io.gatun.kube.lb;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** What the members of a fleet did, added up. */
final class Counts {
    final LongAdder drift = new LongAdder();
    final LongAdder deaths = new LongAdder();
    final LongAdder roleChanges = new LongAdder();
    private final Map<Reply.Outcome, LongAdder> requests = new EnumMap<>(Reply.Outcome.class);

    Counts() {
        for (Reply.Outcome outcome : Reply.Outcome.values()) {
            requests.put(outcome, new LongAdder());
        }
    }

    void request(Reply.Outcome outcome) {
        requests.get(outcome).increment();
    }

    Map<String, Long> requests() {
        Map<String, Long> all = new TreeMap<>();
        requests.forEach((outcome, count) -> all.put(outcome.label(), count.sum()));
        return all;
    }
}
