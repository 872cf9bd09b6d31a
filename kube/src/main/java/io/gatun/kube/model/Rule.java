package io.gatun.kube.model;

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
 * @param endpoints at least one
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
        List<RuleEndpoint> endpoints) {

    public Rule {
        secondaryAddresses = secondaryAddresses.stream().sorted().distinct().toList();
        allowedSources = allowedSources.stream().sorted().distinct().toList();
        endpoints = endpoints.stream().sorted().distinct().toList();
    }
}
