package io.gatun.api.rules;

import static io.gatun.api.model.ApiException.invalid;

import io.gatun.api.model.ApiException;
import io.gatun.api.model.IpLiteral;
import io.gatun.forwarder.control.EndpointSpec;
import io.gatun.forwarder.control.NatMode;
import java.net.InetAddress;

/**
 * What of a rule makes sense only together: mode, families of VIP, endpoints and source. Holds for every rule that comes
 * into force, also for one that endpoints were attached to.
 */
final class Combinations {
    private Combinations() {}

    /**
     * Checks a rule.
     *
     * @throws ApiException when its parts contradict each other
     */
    static void check(Rule rule) {
        InetAddress first = rule.endpoints().getFirst().address();
        for (EndpointSpec endpoint : rule.endpoints()) {
            if (!IpLiteral.sameFamily(endpoint.address(), first)) {
                throw invalid(
                        "endpoints-range error",
                        "endpoints",
                        IpLiteral.text(first) + " and " + IpLiteral.text(endpoint.address()),
                        "give endpoints of one family, all IPv4 or all IPv6");
            }
        }
        if (rule.nat64() && rule.mode() == NatMode.DSR) {
            throw invalid(
                    "service-args error",
                    "mode",
                    "3 (dsr)",
                    "an IPv4 endpoint cannot answer for the IPv6 VIP "
                            + IpLiteral.text(rule.key().vip()) + ", give 1 (onearm) or 2 (fullnat)");
        }
        InetAddress source = rule.privateAddress();
        if (source != null && !IpLiteral.sameFamily(source, first)) {
            throw invalid(
                    "malformed-service error",
                    "privateIP",
                    IpLiteral.text(source),
                    "give an " + IpLiteral.family(first) + " address as those of the endpoints are");
        }
    }
}
