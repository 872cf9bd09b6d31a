package io.gatun.api.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * A load balancer rule on the wire.
 *
 * @param secondaryIPs null when there are none; Gatun takes none
 * @param allowedSources null when there are none
 * @param survivesTakeover in answers only: whether connections keep working when another node takes the VIP over
 */
public record LoadBalancer(
        ServiceArguments serviceArguments,
        List<SecondaryIp> secondaryIPs,
        List<AllowedSource> allowedSources,
        List<Endpoint> endpoints,
        @JsonInclude(JsonInclude.Include.NON_NULL) Boolean survivesTakeover) {

    /** All rules, as {@code GET config/loadbalancer/all} answers. */
    public record All(List<LoadBalancer> lbAttr) {}

    /** A further VIP of an SCTP service. */
    public record SecondaryIp(String secondaryIP) {}

    /** A source network in CIDR notation, or an address alone. */
    public record AllowedSource(String prefix) {}

    /**
     * A server.
     *
     * @param targetPort 1-65535. 0 keeps the port that the client asked for: only for a range of ports, or where the
     *     endpoint uses the same port anyway (direct server return). Always 0 for ICMP
     * @param weight 1 when absent
     * @param state in answers: {@code active} or {@code inactive}
     * @param counter in answers: {@code packets:bytes}
     */
    public record Endpoint(String endpointIP, int targetPort, Integer weight, String state, String counter) {
        public Endpoint {
            weight = weight == null ? Integer.valueOf(1) : weight;
        }
    }
}
