package io.gatun.api.rest;

import io.gatun.api.model.Conntrack;
import io.gatun.api.model.EndpointState;
import io.gatun.api.model.IpLiteral;
import io.gatun.api.model.Port;
import io.gatun.api.model.ServiceArguments;
import io.gatun.api.rules.Rule;
import io.gatun.api.rules.RuleStore;
import io.gatun.forwarder.control.ConnectionSnapshot;
import io.gatun.forwarder.control.EndpointSnapshot;
import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.Forwarder;
import io.gatun.forwarder.control.PortSnapshot;
import io.gatun.forwarder.control.ServiceSnapshot;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What can only be looked at: connections, interfaces, endpoints. */
final class ObserverRoutes {
    /** Directions of connections in one answer: a bound on its size, about 250 bytes each. */
    private static final int CONNECTIONS_MAX = 200_000;

    private final RuleStore rules;
    private final Forwarder forwarder;

    ObserverRoutes(RuleStore rules, Forwarder forwarder) {
        this.rules = rules;
        this.forwarder = forwarder;
    }

    void register(RoutesConfig routes) {
        routes.get(RestServer.ROOT + "/config/conntrack/all", this::connections);
        routes.get(RestServer.ROOT + "/config/port/all", this::ports);
        routes.get(RestServer.ROOT + "/config/endpoint/all", this::endpoints);
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

    /** Nothing is probed yet, so an endpoint is as well as the forwarder says: {@code ok} when it gets new flows. */
    private void endpoints(Context context) {
        Set<EndpointSpec> active = new HashSet<>();
        for (ServiceSnapshot service : forwarder.services()) {
            for (EndpointSnapshot endpoint : service.endpoints()) {
                if (endpoint.active()) {
                    active.add(endpoint.spec());
                }
            }
        }
        Map<String, EndpointState> rows = new LinkedHashMap<>();
        for (Rule rule : rules.rules()) {
            for (EndpointSpec endpoint : rule.endpoints()) {
                EndpointState row = endpointRow(rule.arguments(), endpoint, active.contains(endpoint));
                rows.putIfAbsent(row.name(), row);
            }
        }
        Replies.json(context, new EndpointState.All(List.copyOf(rows.values())));
    }

    private static EndpointState endpointRow(ServiceArguments arguments, EndpointSpec endpoint, boolean active) {
        String address = IpLiteral.text(endpoint.address());
        return new EndpointState(
                address,
                address + "_" + arguments.protocol() + "_" + endpoint.port(),
                arguments.probeRetries(),
                arguments.probetype().isEmpty() ? "none" : arguments.probetype(),
                arguments.probereq(),
                arguments.proberesp(),
                arguments.probeTimeout(),
                arguments.probeport(),
                "",
                "",
                "",
                active ? "ok" : "nok");
    }
}
