package io.gatun.api.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/**
 * All that a person wants to see of a node at once: {@code GET /gatun/v1/status}, from which the status page starts.
 *
 * @param node name of the machine
 * @param time now, and {@code since} the start of the process; ISO 8601
 * @param roles of instances, as they are in force
 * @param drops packets dropped since the start of the process, by reason; those that there were
 * @param sync counters of {@code GET /gatun/v1/sync}; empty without peers
 * @param incidents the last takeovers, oldest first
 * @param stalled what stands still; absent when nothing does
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StatusReport(
        String node,
        String version,
        String time,
        String since,
        List<RoleOf> roles,
        List<Vip> vips,
        List<Service> services,
        List<IoPort> ports,
        Map<String, Long> drops,
        Map<String, Long> sync,
        List<IncidentReport> incidents,
        String stalled) {
    /**
     * An instance of the cluster on this node.
     *
     * @param active whether this node serves its VIPs
     */
    public record RoleOf(String instance, String role, boolean active) {}

    /**
     * An address that is answered for.
     *
     * @param instance whose role it follows
     * @param active whether this node answers for it
     */
    public record Vip(String vip, String instance, boolean active, int services) {}

    /**
     * A rule.
     *
     * @param rule its key
     * @param mode in words, such as {@code one-arm}; likewise {@code selection}
     * @param served false for a rule that is kept but cannot be in force
     * @param survivesTakeover whether its connections go on when another node takes the VIP over
     */
    public record Service(
            String rule,
            String name,
            String mode,
            String selection,
            boolean served,
            boolean survivesTakeover,
            List<EndpointReport> endpoints) {}
}
