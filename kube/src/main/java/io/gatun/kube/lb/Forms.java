package io.gatun.kube.lb;

import io.gatun.kube.model.Rule;
import io.gatun.kube.model.RuleEndpoint;
import io.gatun.kube.model.RuleProbe;

/**
 * When a rule that a load balancer tells of is the one that is wanted. Gatun tells every value, and those that it does
 * not tell are 0 or empty. loxilb keeps some to itself (private address, what probes ask, how often) and fills others
 * in, so for it a value differs only when both sides say one.
 */
final class Forms {
    private static final int STREAM_TIMEOUT_S = 240;
    private static final int DATAGRAM_TIMEOUT_S = 20;

    private Forms() {}

    /**
     * Whether it is the same rule.
     *
     * @param told as {@link Wire#rules} reads it
     */
    static boolean same(Rule wanted, Rule told, boolean gatun) {
        return sameTargets(wanted, told)
                && sameKind(wanted, told)
                && (gatun ? exactly(wanted, told) : compatible(wanted, told));
    }

    /** Whether what every load balancer tells, and fills nothing into, is the same. */
    static boolean alike(Rule wanted, Rule told) {
        return sameTargets(wanted, told) && sameKind(wanted, told);
    }

    /** Whether nothing but endpoints and allowed sources differs, which loxilb changes in place. */
    static boolean differOnlyInTargets(Rule wanted, Rule told) {
        return sameKind(wanted, told) && compatible(wanted, told);
    }

    /** Whether both are sent the same way. */
    static boolean sentAlike(Rule one, Rule other) {
        return Wire.rule(one).equals(Wire.rule(other));
    }

    private static boolean sameTargets(Rule wanted, Rule told) {
        return told.endpoints()
                        .equals(wanted.endpoints().stream()
                                .map(endpoint -> new RuleEndpoint(
                                        Addresses.orAsIs(endpoint.address()), endpoint.port(), endpoint.weight()))
                                .sorted()
                                .distinct()
                                .toList())
                && told.allowedSources()
                        .equals(wanted.allowedSources().stream()
                                .map(Addresses::network)
                                .sorted()
                                .distinct()
                                .toList());
    }

    private static boolean sameKind(Rule wanted, Rule told) {
        return wanted.name().equals(told.name())
                && wanted.mode() == told.mode()
                && wanted.select() == told.select()
                && monitored(wanted) == monitored(told)
                && wanted.proxyProtocol() == told.proxyProtocol()
                && (!wanted.key().protocol().equals("sctp")
                        || wanted.secondaryAddresses().stream()
                                .map(Addresses::orAsIs)
                                .sorted()
                                .toList()
                                .equals(told.secondaryAddresses()));
    }

    private static boolean exactly(Rule wanted, Rule told) {
        return timeout(wanted) == told.inactiveTimeoutSeconds()
                && wanted.probe().equals(told.probe())
                && privateAddress(wanted).equals(told.privateAddress());
    }

    private static boolean compatible(Rule wanted, Rule told) {
        RuleProbe asked = wanted.probe();
        RuleProbe seen = told.probe();
        return compatible(wanted.inactiveTimeoutSeconds(), told.inactiveTimeoutSeconds())
                && compatible(kind(asked), kind(seen))
                && compatible(asked.port(), seen.port())
                && compatible(asked.request(), seen.request())
                && compatible(asked.response(), seen.response())
                && compatible(asked.timeoutSeconds(), seen.timeoutSeconds())
                && compatible(asked.retries(), seen.retries())
                && compatible(privateAddress(wanted), told.privateAddress());
    }

    private static boolean compatible(int wanted, int told) {
        return wanted == 0 || told == 0 || wanted == told;
    }

    private static boolean compatible(String wanted, String told) {
        return wanted.isEmpty() || told.isEmpty() || wanted.equals(told);
    }

    /** A kind of probe switches monitoring on. */
    private static boolean monitored(Rule rule) {
        return rule.monitor() || !kind(rule.probe()).isEmpty();
    }

    private static String kind(RuleProbe probe) {
        return probe.type().equals("none") ? "" : probe.type();
    }

    private static int timeout(Rule rule) {
        if (rule.inactiveTimeoutSeconds() != 0) {
            return rule.inactiveTimeoutSeconds();
        }
        return rule.key().protocol().equals("udp") ? DATAGRAM_TIMEOUT_S : STREAM_TIMEOUT_S;
    }

    /** The VIP itself says no more than nothing does. */
    private static String privateAddress(Rule rule) {
        String address = Addresses.orAsIs(rule.privateAddress());
        return address.equals(Addresses.orAsIs(rule.key().address())) ? "" : address;
    }
}
