package io.gatun.api.rest;

import io.gatun.api.model.IncidentReport;
import io.gatun.ha.incident.Incidents;
import io.javalin.config.RoutesConfig;

/** What takeovers left on record. */
final class IncidentRoutes {
    private final Incidents incidents;

    IncidentRoutes(Incidents incidents) {
        this.incidents = incidents;
    }

    void register(RoutesConfig routes) {
        routes.get(GatunRoutes.ROOT + "/incidents", context -> Replies.json(context, IncidentReport.All.of(incidents)));
    }
}
