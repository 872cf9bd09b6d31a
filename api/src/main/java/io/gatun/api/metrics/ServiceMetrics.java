package io.gatun.api.metrics;

import io.gatun.forwarder.control.AddressText;
import io.gatun.forwarder.control.EndpointSignals;
import io.gatun.forwarder.control.EndpointSnapshot;
import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.Forwarder;
import io.gatun.forwarder.control.NatSource;
import io.gatun.forwarder.control.Protocol;
import io.gatun.forwarder.control.ServiceKey;
import io.gatun.forwarder.control.ServiceSnapshot;
import io.gatun.ha.health.HealthMonitor;
import io.gatun.ha.health.HealthPlan;
import io.gatun.ha.health.ProbeSnapshot;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;

/** Of services, their endpoints, probes and source ports. */
final class ServiceMetrics {
    private static final double NS = 1e9;
    private static final List<Protocol> COUNTED = List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP);

    private final Forwarder forwarder;
    private final HealthMonitor monitor;
    private final IntSupplier rules;
    private final TrafficTotals totals = new TrafficTotals();

    /** @param rules how many there are, with those that the forwarder does not serve at the moment */
    ServiceMetrics(Forwarder forwarder, HealthMonitor monitor, IntSupplier rules) {
        this.forwarder = forwarder;
        this.monitor = monitor;
        this.rules = rules;
    }

    void addTo(Families families) {
        List<ServiceSnapshot> services = forwarder.services();
        Map<ServiceKey, NatSource> sources = forwarder.natSources();
        Set<HealthPlan.Place> ejected = monitor.ejected();
        totals.read(services);
        families.gauge("loxilb_lb_rules", "Rules", rules.getAsInt());
        for (Protocol protocol : COUNTED) {
            protocol(families, protocol);
        }
        for (ServiceSnapshot service : services) {
            service(families, service);
            for (EndpointSnapshot endpoint : service.endpoints()) {
                endpoint(families, service, endpoint, ejected);
                ports(families, service.spec().key(), endpoint, sources);
            }
        }
        for (EndpointSignals signals : forwarder.endpointSignals()) {
            signals(families, signals);
        }
        probes(families);
    }

    private void protocol(Families families, Protocol protocol) {
        String text = protocol.text();
        TrafficTotals.Traffic traffic = totals.of(protocol);
        String what = protocol.name() + " of services, in both directions";
        families.counter("loxilb_processed_" + text + "_packets", "Packets of " + what, traffic.packets());
        families.counter("loxilb_processed_" + text + "_bytes", "Bytes of " + what, traffic.bytes());
        families.gauge("loxilb_active_flow_count_" + text, protocol.name() + " connections of services", 0);
    }

    /** By name, as loxilb has it; several ports of a service have one. */
    private void service(Families families, ServiceSnapshot service) {
        TrafficTotals.Traffic traffic = totals.of(service.spec().key());
        String name = name(service);
        families.counter("loxilb_service_traffic_packets", "Packets of a service", traffic.packets(), "service", name);
        families.counter("loxilb_service_traffic_bytes", "Bytes of a service", traffic.bytes(), "service", name);
    }

    private static String name(ServiceSnapshot service) {
        return service.spec().name().isEmpty()
                ? service.spec().key().toString()
                : service.spec().name();
    }

    private static void endpoint(
            Families families, ServiceSnapshot service, EndpointSnapshot endpoint, Set<HealthPlan.Place> ejected) {
        ServiceKey key = service.spec().key();
        EndpointSpec spec = endpoint.spec();
        Protocol protocol = key.protocol();
        if (COUNTED.contains(protocol)) {
            families.gauge(
                    "loxilb_active_flow_count_" + protocol.text(),
                    protocol.name() + " connections of services",
                    endpoint.flows());
        }
        families.counter(
                "loxilb_endpoint_traffic_bytes",
                "Bytes of an endpoint",
                endpoint.bytes(),
                "service",
                name(service),
                "dip",
                AddressText.of(spec.address()));
        String[] labels = {"service", key.toString(), "endpoint", AddressText.of(spec.address(), spec.port())};
        families.gauge(
                "gatun_endpoint_active", "Whether an endpoint gets new connections", endpoint.active() ? 1 : 0, labels);
        families.gauge("gatun_endpoint_connections", "Connections of an endpoint", endpoint.flows(), labels);
        families.gauge("gatun_endpoint_weight", "Share of an endpoint", spec.weight(), labels);
        families.gauge(
                "gatun_endpoint_ejected",
                "Whether an endpoint is out because it answers no connections",
                ejected.contains(new HealthPlan.Place(key, spec.address(), spec.port())) ? 1 : 0,
                labels);
    }

    /** A connection has one port; services with the same source and endpoint share them. */
    private static void ports(
            Families families, ServiceKey key, EndpointSnapshot endpoint, Map<ServiceKey, NatSource> sources) {
        NatSource source = sources.get(key);
        if (source != null) {
            families.gauge(
                    "gatun_nat_ports_used",
                    "Source ports in use towards an endpoint",
                    endpoint.flows(),
                    "source",
                    AddressText.of(source.address()),
                    "endpoint",
                    AddressText.of(endpoint.spec().address(), endpoint.spec().port()),
                    "protocol",
                    key.protocol().text());
            families.largest(
                    "gatun_nat_ports_max",
                    "Source ports that there are towards one endpoint",
                    source.ports(),
                    "source",
                    AddressText.of(source.address()));
        }
    }

    private static void signals(Families families, EndpointSignals signals) {
        failures(families, signals, "refused", signals.refused());
        failures(families, signals, "unreachable", signals.unreachable());
        failures(families, signals, "unanswered", signals.unanswered());
    }

    private static void failures(Families families, EndpointSignals signals, String kind, long count) {
        families.counter(
                "gatun_endpoint_failures",
                "SYNs and INITs that did not become a connection",
                count,
                "service",
                signals.service().toString(),
                "endpoint",
                AddressText.of(signals.address(), signals.port()),
                "kind",
                kind);
    }

    private void probes(Families families) {
        families.gauge("loxilb_healthy_endpoints", "Probes whose endpoint is well", 0);
        families.gauge("loxilb_unhealthy_endpoints", "Probes whose endpoint is not", 0);
        for (ProbeSnapshot probe : monitor.probes()) {
            String[] labels = {
                "address",
                AddressText.of(probe.target().address()),
                "type",
                probe.target().type().text(),
                "port",
                Integer.toString(probe.target().port()),
                "request",
                probe.target().request()
            };
            families.gauge(
                    probe.up() ? "loxilb_healthy_endpoints" : "loxilb_unhealthy_endpoints", "Probes by verdict", 1);
            families.gauge("gatun_probe_up", "Whether a probed endpoint is well", probe.up() ? 1 : 0, labels);
            families.gauge("gatun_probe_flaps", "Falls held against a probed endpoint", probe.flaps(), labels);
            if (probe.answered()) {
                families.gauge(
                        "gatun_probe_delay_seconds",
                        "Mean delay of answers to a probe",
                        probe.avgDelayNs() / NS,
                        labels);
            }
        }
    }
}
