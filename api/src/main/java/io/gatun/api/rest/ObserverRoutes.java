package io.gatun.api.rest;

import io.gatun.api.model.Conntrack;
import io.gatun.api.model.Port;
import io.gatun.forwarder.control.ConnectionSnapshot;
import io.gatun.forwarder.control.Forwarder;
import io.gatun.forwarder.control.PortSnapshot;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;

/** What can only be looked at: connections, interfaces. */
final class ObserverRoutes {
    /** Directions of connections in one answer: a bound on its size, about 250 bytes each. */
    private static final int CONNECTIONS_MAX = 200_000;

    private final Forwarder forwarder;

    ObserverRoutes(Forwarder forwarder) {
        this.forwarder = forwarder;
    }

    void register(RoutesConfig routes) {
        routes.get(RestServer.ROOT + "/config/conntrack/all", this::connections);
        routes.get(RestServer.ROOT + "/config/port/all", this::ports);
    }

    private void connections(Context context) {
        List<Conntrack> rows = new ArrayList<>();
        for (ConnectionSnapshot connection : forwarder.connections(CONNECTIONS_MAX)) {
            rows.add(ConntrackRow.of(connection));
        }
        Replies.json(context, new Conntrack.All(rows));
    }

    private void ports(Context context) {
        List<Port> rows = new ArrayList<>();
        for (PortSnapshot port : forwarder.ports()) {
            rows.add(PortRow.of(port));
        }
        Replies.json(context, new Port.All(rows));
    }
}
