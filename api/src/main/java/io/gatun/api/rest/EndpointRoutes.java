package io.gatun.api.rest;

import io.gatun.api.endpoints.EndpointStore;
import io.gatun.api.model.ApiException;
import io.gatun.api.model.EndpointEntry;
import io.gatun.api.model.EndpointHostState;
import io.gatun.api.model.EndpointState;
import io.gatun.api.model.IpLiteral;
import io.gatun.api.model.Json;
import io.gatun.api.rules.Rule;
import io.gatun.api.rules.RuleStore;
import io.gatun.forwarder.control.EndpointSnapshot;
import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.Forwarder;
import io.gatun.forwarder.control.ServiceSnapshot;
import io.gatun.ha.health.HealthMonitor;
import io.gatun.ha.health.ProbeSnapshot;
import io.gatun.ha.health.ProbeTarget;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** {@code config/endpoint} and {@code config/endpointhoststate}: contract sections 2 and 3.5. */
final class EndpointRoutes {
    private static final String BASE = RestServer.ROOT + "/config/endpoint";
    private static final double NS_PER_MS = 1e6;
    private static final long MS_PER_S = 1_000;

    private final RuleStore rules;
    private final EndpointStore endpoints;
    private final HealthMonitor monitor;
    private final Forwarder forwarder;

    EndpointRoutes(RuleStore rules, EndpointStore endpoints, HealthMonitor monitor, Forwarder forwarder) {
        this.rules = rules;
        this.endpoints = endpoints;
        this.monitor = monitor;
        this.forwarder = forwarder;
    }

    void register(RoutesConfig routes) {
        routes.get(BASE + "/all", this::all);
        routes.post(BASE, this::post);
        routes.delete(BASE + "/epipaddress/{ip}", this::delete);
        routes.post(RestServer.ROOT + "/config/endpointhoststate", this::state);
    }

    private void post(Context context) throws IOException {
        EndpointEntry entry = Json.read(Replies.body(context), EndpointEntry.class);
        if (entry.hostName().isEmpty()) {
            throw ApiException.unreadable("hostName is missing, give the address of a server");
        }
        endpoints.post(entry);
        Replies.success(context);
    }

    private void delete(Context context) {
        String port = Json.orEmpty(context.queryParam("probe_port"));
        endpoints.delete(
                context.pathParam("ip"),
                Json.orEmpty(context.queryParam("name")),
                Json.orEmpty(context.queryParam("probe_type")),
                port.isEmpty() ? -1 : port(port));
        Replies.success(context);
    }

    private void state(Context context) throws IOException {
        endpoints.state(Json.read(Replies.body(context), EndpointHostState.class));
        Replies.success(context);
    }

    private void all(Context context) {
        Map<String, EndpointState> rows = new LinkedHashMap<>();
        Map<ProbeTarget, String> names = names();
        for (ProbeSnapshot probe : monitor.probes()) {
            EndpointState row = row(probe, names.getOrDefault(probe.target(), name(probe.target())));
            rows.putIfAbsent(row.name() + ' ' + row.probeReq() + ' ' + row.probeResp(), row);
        }
        addUnprobed(rows);
        Replies.json(context, new EndpointState.All(List.copyOf(rows.values())));
    }

    private Map<ProbeTarget, String> names() {
        Map<ProbeTarget, String> names = new LinkedHashMap<>();
        List<EndpointEntry> entries = endpoints.entries();
        endpoints
                .plan()
                .probes()
                .forEach(probe -> entries.stream()
                        .filter(entry -> entry.hostName()
                                        .equals(IpLiteral.text(probe.target().address()))
                                && entry.probeType()
                                        .equals(probe.target().type().text())
                                && entry.probePort() == probe.target().port())
                        .findFirst()
                        .ifPresent(entry -> names.put(probe.target(), entry.name())));
        return names;
    }

    private EndpointState row(ProbeSnapshot probe, String name) {
        ProbeTarget target = probe.target();
        return new EndpointState(
                IpLiteral.text(target.address()),
                name,
                probe.pace().fall(),
                target.type().text(),
                target.request(),
                target.expected(),
                Math.ceilDiv(probe.pace().intervalMs(), MS_PER_S),
                target.port(),
                delay(probe.answered(), probe.minDelayNs()),
                delay(probe.answered(), probe.avgDelayNs()),
                delay(probe.answered(), probe.maxDelayNs()),
                endpoints.isRed(target) ? "red" : probe.up() ? "ok" : "nok",
                probe.pace().intervalMs(),
                probe.reason());
    }

    /** Endpoints of rules that do not monitor: they are as well as the forwarder says. */
    private void addUnprobed(Map<String, EndpointState> rows) {
        Set<EndpointSpec> active = new HashSet<>();
        for (ServiceSnapshot service : forwarder.services()) {
            for (EndpointSnapshot endpoint : service.endpoints()) {
                if (endpoint.active()) {
                    active.add(endpoint.spec());
                }
            }
        }
        for (Rule rule : rules.rules()) {
            if (!rule.arguments().monitor()) {
                for (EndpointSpec endpoint : rule.endpoints()) {
                    EndpointState row = unprobed(rule.arguments().protocol(), endpoint, active.contains(endpoint));
                    rows.putIfAbsent(row.name() + "  ", row);
                }
            }
        }
    }

    private static EndpointState unprobed(String protocol, EndpointSpec endpoint, boolean active) {
        String address = IpLiteral.text(endpoint.address());
        String name = address + "_" + protocol + "_" + endpoint.port();
        return new EndpointState(address, name, 0, "none", "", "", 0, 0, "", "", "", active ? "ok" : "nok", 0, "");
    }

    private static String name(ProbeTarget target) {
        return IpLiteral.text(target.address()) + "_" + target.type().text() + "_" + target.port();
    }

    private static String delay(boolean known, long ns) {
        return known ? String.format(Locale.ROOT, "%.3fms", ns / NS_PER_MS) : "";
    }

    private static int port(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw ApiException.invalid("host-args error", "probe_port", text, "give a whole number");
        }
    }
}
