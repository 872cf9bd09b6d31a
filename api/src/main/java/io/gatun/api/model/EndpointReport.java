package io.gatun.api.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * All that is known of an endpoint of a rule: what its probe says beside what its packets say.
 *
 * @param rule key of the rule
 * @param endpoint address and port
 * @param active whether it gets new connections
 * @param probe {@code ok}, {@code nok}, {@code red} when a client has said so, {@code none} when the rule does not monitor
 * @param reason why the probe fails; absent when it does not
 * @param ejected whether it is out because of what its packets say
 * @param refused RSTs to a SYN, ABORTs to an INIT
 * @param unreachable ICMP errors about a SYN or an INIT
 * @param unanswered SYNs and INITs that expired
 * @param connections in the table now
 * @param drained of weight 0 only: whether its last connection has ended
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EndpointReport(
        String rule,
        String endpoint,
        int weight,
        boolean active,
        String probe,
        String reason,
        boolean ejected,
        long refused,
        long unreachable,
        long unanswered,
        long connections,
        Boolean drained) {
    /** All endpoints of all rules. */
    public record All(List<EndpointReport> endpoints) {}
}
