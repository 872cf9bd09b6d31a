package io.gatun.api.rules;

import io.gatun.api.model.LoadBalancer;
import io.gatun.api.model.ServiceArguments;
import io.gatun.api.roles.InstanceRole;
import io.gatun.forwarder.control.EndpointSnapshot;
import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.ServiceKey;
import io.gatun.forwarder.control.ServiceSnapshot;
import io.gatun.forwarder.control.ServiceSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * A checked rule.
 *
 * @param arguments with every default filled in, so that equal rules are equal records
 * @param endpoints in round-robin order
 */
public record Rule(ServiceKey key, ServiceArguments arguments, List<EndpointSpec> endpoints) {
    public Rule {
        endpoints = List.copyOf(endpoints);
    }

    /** The same rule with other endpoints. */
    Rule with(List<EndpointSpec> others) {
        return new Rule(key, arguments, others);
    }

    /** What the forwarder is asked for. */
    ServiceSpec spec() {
        return new ServiceSpec(
                key,
                arguments.name(),
                RuleReader.mode(arguments.mode()),
                RuleReader.selection(arguments.sel()),
                arguments.inactiveTimeOut(),
                endpoints);
    }

    /** The instance whose role the VIP follows: what stands behind the colon of the name. */
    String instance() {
        int colon = arguments.name().lastIndexOf(':');
        String instance = arguments.name().substring(colon + 1);
        return colon < 0 || instance.isEmpty() ? InstanceRole.DEFAULT_INSTANCE : instance;
    }

    /** Whether the VIP is ours to answer for; names of this kind say that somebody else does. */
    boolean announced() {
        return !arguments.name().contains("ipvs") && !arguments.name().contains("static");
    }

    /** What is written to the file. */
    LoadBalancer entry() {
        List<LoadBalancer.Endpoint> wire = new ArrayList<>();
        for (EndpointSpec endpoint : endpoints) {
            wire.add(wire(endpoint, "", ""));
        }
        return new LoadBalancer(arguments, null, null, wire, null);
    }

    /**
     * What a client is shown.
     *
     * @param service the same rule in the forwarder, or null when the forwarder has refused it for now
     */
    public LoadBalancer entry(ServiceSnapshot service) {
        List<LoadBalancer.Endpoint> wire = new ArrayList<>();
        for (EndpointSpec endpoint : endpoints) {
            EndpointSnapshot seen = service == null ? null : find(service, endpoint);
            wire.add(
                    seen == null
                            ? wire(endpoint, "inactive", "0:0")
                            : wire(
                                    endpoint,
                                    seen.active() ? "active" : "inactive",
                                    seen.packets() + ":" + seen.bytes()));
        }
        return new LoadBalancer(arguments, null, null, wire, service == null ? null : service.survivesTakeover());
    }

    private static EndpointSnapshot find(ServiceSnapshot service, EndpointSpec endpoint) {
        for (EndpointSnapshot snapshot : service.endpoints()) {
            if (snapshot.spec().equals(endpoint)) {
                return snapshot;
            }
        }
        return null;
    }

    private static LoadBalancer.Endpoint wire(EndpointSpec endpoint, String state, String counter) {
        return new LoadBalancer.Endpoint(
                endpoint.address().getHostAddress(), endpoint.port(), endpoint.weight(), state, counter);
    }
}
