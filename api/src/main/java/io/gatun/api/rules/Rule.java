package io.gatun.api.rules;

import io.gatun.api.model.IpLiteral;
import io.gatun.api.model.IpNetwork;
import io.gatun.api.model.LoadBalancer;
import io.gatun.api.model.ServiceArguments;
import io.gatun.api.roles.InstanceRole;
import io.gatun.forwarder.control.EndpointSnapshot;
import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.NatMode;
import io.gatun.forwarder.control.Selection;
import io.gatun.forwarder.control.ServiceKey;
import io.gatun.forwarder.control.ServiceSnapshot;
import io.gatun.forwarder.control.ServiceSpec;
import io.gatun.forwarder.control.SourcePrefix;
import io.gatun.ha.health.HealthPlan;
import io.gatun.ha.health.ProbePace;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A checked rule.
 *
 * @param arguments with every default filled in, so that equal rules are equal records
 * @param endpoints in round-robin order
 * @param allowedSources sorted; empty for everybody
 */
public record Rule(
        ServiceKey key, ServiceArguments arguments, List<EndpointSpec> endpoints, List<SourcePrefix> allowedSources) {
    public Rule {
        endpoints = List.copyOf(endpoints);
        allowedSources = List.copyOf(allowedSources);
    }

    /** The same rule with other endpoints. */
    Rule with(List<EndpointSpec> others) {
        return new Rule(key, arguments, others, allowedSources);
    }

    /** The mode as it was asked for. */
    public NatMode mode() {
        return RuleReader.mode(arguments.mode());
    }

    /** Whether the VIP is IPv6 and the endpoints are IPv4. */
    boolean nat64() {
        return !IpLiteral.sameFamily(key.vip(), endpoints.getFirst().address());
    }

    /** The source of full-NAT traffic, or null for the VIP. */
    InetAddress privateAddress() {
        return arguments.privateIP().isEmpty()
                ? null
                : IpLiteral.parse(arguments.privateIP()).orElseThrow();
    }

    /**
     * What the forwarder is asked for. NAT64 cannot leave the client's address as the source, so mode 0, which
     * kube-loxilb sends for it, is served as one-arm.
     */
    ServiceSpec spec() {
        return new ServiceSpec(
                key,
                arguments.name(),
                mode() == NatMode.DNAT && nat64() ? NatMode.ONE_ARM : mode(),
                selection(),
                arguments.inactiveTimeOut(),
                endpoints,
                privateAddress(),
                allowedSources);
    }

    /**
     * How its endpoints are probed; none when it does not want to know.
     *
     * @param usual where it says nothing
     */
    public Map<EndpointSpec, HealthPlan.Probe> probes(ProbePace usual) {
        Map<EndpointSpec, HealthPlan.Probe> probes = new LinkedHashMap<>();
        for (EndpointSpec endpoint : endpoints) {
            ProbeArguments.probe(this, endpoint, usual).ifPresent(probe -> probes.put(endpoint, probe));
        }
        return probes;
    }

    /** How an endpoint is chosen. */
    public Selection selection() {
        return RuleReader.selection(arguments.sel());
    }

    /** The instance whose role the VIP follows: what stands behind the colon of the name. */
    public String instance() {
        int colon = arguments.name().lastIndexOf(':');
        String instance = arguments.name().substring(colon + 1);
        return colon < 0 || instance.isEmpty() ? InstanceRole.DEFAULT_INSTANCE : instance;
    }

    /**
     * Whether the VIP is ours to answer for. Names of some kinds say that somebody else does; the addresses of the host,
     * which are what 0.0.0.0 stands for, the host itself answers for.
     */
    public boolean announced() {
        return !key.vip().isAnyLocalAddress()
                && !arguments.name().contains("ipvs")
                && !arguments.name().contains("static");
    }

    /** What is written to the file. */
    LoadBalancer entry() {
        List<LoadBalancer.Endpoint> wire = new ArrayList<>();
        for (EndpointSpec endpoint : endpoints) {
            wire.add(wire(endpoint, "", ""));
        }
        return new LoadBalancer(arguments, null, sources(), wire, null);
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
        return new LoadBalancer(arguments, null, sources(), wire, service == null ? null : service.survivesTakeover());
    }

    private List<LoadBalancer.AllowedSource> sources() {
        return allowedSources.isEmpty()
                ? null
                : allowedSources.stream()
                        .map(source -> new LoadBalancer.AllowedSource(IpNetwork.text(source)))
                        .toList();
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
                IpLiteral.text(endpoint.address()), endpoint.port(), endpoint.weight(), state, counter);
    }
}
