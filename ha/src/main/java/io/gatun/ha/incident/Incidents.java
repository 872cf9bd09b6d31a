package io.gatun.ha.incident;

import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;

/** The last incidents, oldest first. Written by the recorder, read from any thread. */
public final class Incidents {
    static final int KEPT = 64;

    private final ConcurrentSkipListMap<Long, Incident> byNumber = new ConcurrentSkipListMap<>();
    private final OutageHistogram outages = new OutageHistogram();

    /** Adds it, or what is known of it by now. */
    void put(Incident incident) {
        Incident before = byNumber.put(incident.number(), incident);
        boolean known = before != null && before.outageNs().isPresent();
        if (!known) {
            incident.outageNs().ifPresent(outages::observe);
        }
        while (byNumber.size() > KEPT) {
            byNumber.pollFirstEntry();
        }
    }

    public List<Incident> all() {
        return List.copyOf(byNumber.values());
    }

    /** Of all since the start. */
    public OutageHistogram outages() {
        return outages;
    }
}
