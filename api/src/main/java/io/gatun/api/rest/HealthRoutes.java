package io.gatun.api.rest;

import io.gatun.api.endpoints.EndpointStore;
import io.gatun.api.model.EndpointReport;
import io.gatun.forwarder.control.AddressText;
import io.gatun.forwarder.control.EndpointSignals;
import io.gatun.forwarder.control.EndpointSnapshot;
import io.gatun.forwarder.control.Forwarder;
import io.gatun.forwarder.control.ServiceKey;
import io.gatun.forwarder.control.ServiceSnapshot;
import io.gatun.ha.health.HealthMonitor;
import io.gatun.ha.health.HealthPlan;
import io.gatun.ha.health.ProbeSnapshot;
import io.gatun.ha.health.ProbeTarget;
import io.javalin.config.RoutesConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code GET /gatun/v1/health}: probes and packets beside each other, and what became of endpoints of weight 0. */
final class HealthRoutes {
    private final EndpointStore endpoints;
    private final HealthMonitor monitor;
    private final Forwarder forwarder;

    HealthRoutes(EndpointStore endpoints, HealthMonitor monitor, Forwarder forwarder) {
        this.endpoints = endpoints;
        this.monitor = monitor;
        this.forwarder = forwarder;
    }

    /** What a probe says, in a word and a few. */
    private record Verdict(String word, String reason) {
        private static final Verdict NONE = new Verdict("none", null);
    }

    void register(RoutesConfig routes) {
        routes.get(GatunRoutes.ROOT + "/health", context -> Replies.json(context, new EndpointReport.All(reports())));
    }

    /** Of all endpoints of all rules in force. */
    List<EndpointReport> reports() {
        Map<HealthPlan.Place, Verdict> verdicts = verdicts();
        Map<HealthPlan.Place, EndpointSignals> signals = new HashMap<>();
        for (EndpointSignals signal : forwarder.endpointSignals()) {
            signals.put(new HealthPlan.Place(signal.service(), signal.address(), signal.port()), signal);
        }
        Set<HealthPlan.Place> ejected = monitor.ejected();
        List<EndpointReport> rows = new ArrayList<>();
        for (ServiceSnapshot service : forwarder.services()) {
            for (EndpointSnapshot endpoint : service.endpoints()) {
                ServiceKey key = service.spec().key();
                HealthPlan.Place place = new HealthPlan.Place(
                        key, endpoint.spec().address(), endpoint.spec().port());
                rows.add(row(
                        key,
                        endpoint,
                        verdicts.getOrDefault(place, Verdict.NONE),
                        ejected.contains(place),
                        signals.get(place)));
            }
        }
        return rows;
    }

    private Map<HealthPlan.Place, Verdict> verdicts() {
        Map<ProbeTarget, ProbeSnapshot> probes = new HashMap<>();
        monitor.probes().forEach(probe -> probes.put(probe.target(), probe));
        Map<HealthPlan.Place, Verdict> verdicts = new HashMap<>();
        for (HealthPlan.Endpoint endpoint : endpoints.plan().endpoints()) {
            ProbeSnapshot probe = probes.get(endpoint.probe().target());
            if (probe != null) {
                String word = endpoint.forcedDown() ? "red" : probe.up() ? "ok" : "nok";
                verdicts.put(endpoint.place(), new Verdict(word, probe.reason().isEmpty() ? null : probe.reason()));
            }
        }
        return verdicts;
    }

    private static EndpointReport row(
            ServiceKey key, EndpointSnapshot endpoint, Verdict verdict, boolean ejected, EndpointSignals signal) {
        int weight = endpoint.spec().weight();
        return new EndpointReport(
                key.toString(),
                AddressText.of(endpoint.spec().address(), endpoint.spec().port()),
                weight,
                endpoint.active(),
                verdict.word(),
                verdict.reason(),
                ejected,
                signal == null ? 0 : signal.refused(),
                signal == null ? 0 : signal.unreachable(),
                signal == null ? 0 : signal.unanswered(),
                endpoint.flows(),
                (weight > 0 || signal == null) ? null : signal.drained());
    }
}
