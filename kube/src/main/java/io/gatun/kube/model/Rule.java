package io.gatun.kube.model;

import java.util.ArrayList;
import java.util.List;

/**
 * One rule of a load balancer, as the controller wants it. Two that are equal need no call. Lists are sorted and
 * without duplicates.
 *
 * @param key virtual IP, port and protocol
 * @param name {@code <namespace>_<service>:<instance>}
 * @param mode number of the NAT mode: 0 default, 1 onearm, 2 fullnat, 3 dsr, 4 fullproxy, 5 hostonearm
 * @param select number of the policy: 0 round robin, 1 hash, 2 weights, 3 source persistence, 4 least connections
 * @param inactiveTimeoutSeconds how long a connection may be idle
 * @param monitor whether endpoints are probed
 * @param probe how
 * @param proxyProtocol whether a PROXY header is wanted
 * @param privateAddress address behind a NAT in front of the load balancer, empty for none
 * @param secondaryAddresses further virtual IPs of SCTP
 * @param allowedSources CIDRs that may connect, empty for all
 * @param endpoints at least one, except where others may have some of the same rule
 * @param absent where others may have endpoints of the same rule: those of ours that must not be there any more, each
 *     of weight 0
 * @param preferLocal whether a load balancer that is an endpoint itself uses only itself
 */
public record Rule(
        RuleKey key,
        String name,
        int mode,
        int select,
        int inactiveTimeoutSeconds,
        boolean monitor,
        RuleProbe probe,
        boolean proxyProtocol,
        String privateAddress,
        List<String> secondaryAddresses,
        List<String> allowedSources,
        List<RuleEndpoint> endpoints,
        List<RuleEndpoint> absent,
        boolean preferLocal) {

    public Rule {
        secondaryAddresses = secondaryAddresses.stream().sorted().distinct().toList();
        allowedSources = allowedSources.stream().sorted().distinct().toList();
        endpoints = endpoints.stream().sorted().distinct().toList();
        absent = absent.stream().map(RuleEndpoint::target).sorted().distinct().toList();
    }

    /** With endpoints of one owner, which are all that there are. */
    public Rule(
            RuleKey key,
            String name,
            int mode,
            int select,
            int inactiveTimeoutSeconds,
            boolean monitor,
            RuleProbe probe,
            boolean proxyProtocol,
            String privateAddress,
            List<String> secondaryAddresses,
            List<String> allowedSources,
            List<RuleEndpoint> endpoints) {
        this(
                key,
                name,
                mode,
                select,
                inactiveTimeoutSeconds,
                monitor,
                probe,
                proxyProtocol,
                privateAddress,
                secondaryAddresses,
                allowedSources,
                endpoints,
                List.of(),
                false);
    }

    /** The same rule of that name with those endpoints. */
    public Rule with(String otherName, List<RuleEndpoint> otherEndpoints, List<RuleEndpoint> otherAbsent) {
        return new Rule(
                key,
                otherName,
                mode,
                select,
                inactiveTimeoutSeconds,
                monitor,
                probe,
                proxyProtocol,
                privateAddress,
                secondaryAddresses,
                allowedSources,
                otherEndpoints,
                otherAbsent,
                preferLocal);
    }

    /**
     * As one load balancer is to have it.
     *
     * @param host its address; connections go nowhere else when that is an endpoint that takes some
     */
    public Rule on(String host) {
        if (!preferLocal) {
            return this;
        }
        List<RuleEndpoint> local = new ArrayList<>(endpoints);
        local.removeIf(endpoint -> !endpoint.address().equals(host));
        if (local.stream().allMatch(endpoint -> endpoint.weight() == 0)) {
            return this;
        }
        List<RuleEndpoint> others = new ArrayList<>(endpoints);
        others.removeAll(local);
        others.addAll(absent);
        return with(name, local, others);
    }
}
