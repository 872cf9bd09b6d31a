package io.gatun.ha.health;

import io.gatun.forwarder.control.ServiceKey;
import java.net.InetAddress;
import java.util.List;

/**
 * All that shall be watched.
 *
 * @param endpoints of services that want to know
 * @param probes what is asked besides, and at which pace; that pace holds for endpoints that ask the same
 */
public record HealthPlan(List<Endpoint> endpoints, List<Probe> probes) {
    /** Nothing. */
    public static final HealthPlan EMPTY = new HealthPlan(List.of(), List.of());

    public HealthPlan {
        endpoints = List.copyOf(endpoints);
        probes = List.copyOf(probes);
    }

    /** What is asked, and how often. */
    public record Probe(ProbeTarget target, ProbePace pace) {}

    /**
     * An endpoint of a service.
     *
     * @param port as in the endpoint's spec
     * @param weighted whether it would get new flows if it is well
     * @param probe what tells whether it is
     * @param forcedDown whether somebody has said that it is not
     */
    public record Endpoint(
            ServiceKey service, InetAddress address, int port, boolean weighted, Probe probe, boolean forcedDown) {
        /** Where it stands. */
        public Place place() {
            return new Place(service, address, port);
        }
    }

    /** Where an endpoint stands. */
    public record Place(ServiceKey service, InetAddress address, int port) {}
}
