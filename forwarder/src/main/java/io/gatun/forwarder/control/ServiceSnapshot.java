package io.gatun.forwarder.control;

import java.util.List;

/**
 * A service and what it has done.
 *
 * @param spec the service as asked for
 * @param survivesTakeover whether its connections keep working when another node takes the VIP over
 * @param endpoints in the order of the spec
 */
public record ServiceSnapshot(ServiceSpec spec, boolean survivesTakeover, List<EndpointSnapshot> endpoints) {
    public ServiceSnapshot {
        endpoints = List.copyOf(endpoints);
    }
}
