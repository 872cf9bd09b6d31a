package io.gatun.api.rest;

import io.gatun.api.model.SyncReport;
import io.gatun.forwarder.control.Forwarder;
import io.gatun.forwarder.control.SyncCount;
import io.javalin.config.RoutesConfig;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code GET /gatun/v1/sync}: how far other nodes have our connections, and we theirs. */
final class SyncRoutes {
    private final Forwarder forwarder;

    SyncRoutes(Forwarder forwarder) {
        this.forwarder = forwarder;
    }

    void register(RoutesConfig routes) {
        routes.get(GatunRoutes.ROOT + "/sync", context -> Replies.json(context, new SyncReport(counters(forwarder))));
    }

    static Map<String, Long> counters(Forwarder forwarder) {
        Map<String, Long> all = forwarder.counters();
        Map<String, Long> counters = new LinkedHashMap<>();
        for (SyncCount count : SyncCount.values()) {
            if (all.containsKey(count.label())) {
                counters.put(count.label(), all.get(count.label()));
            }
        }
        return counters;
    }
}
