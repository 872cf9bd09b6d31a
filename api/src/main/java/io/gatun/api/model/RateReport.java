package io.gatun.api.model;

import java.util.List;
import java.util.Map;

/**
 * What went through in about the last second: the event {@code rates} of {@code GET /gatun/v1/events}. Rates are per
 * second; packets and bytes are those of all interfaces.
 *
 * @param time of the measurement, ISO 8601
 * @param newFlows connections opened
 * @param activeFlows connections in the table now
 * @param drops by reason, those that there were
 * @param dropped by reason, since the start of the process
 * @param services that had traffic, the busiest first
 * @param servicesOmitted how many more had traffic
 * @param fresh whether services were measured this time; a large table is walked less often, and what was sent holds on
 */
public record RateReport(
        String time,
        double rxPackets,
        double rxBytes,
        double txPackets,
        double txBytes,
        double newFlows,
        long activeFlows,
        Map<String, Double> drops,
        Map<String, Long> dropped,
        List<Service> services,
        int servicesOmitted,
        boolean fresh) {
    /**
     * A service with traffic; packets and bytes in both directions.
     *
     * @param rule key of its rule
     */
    public record Service(String rule, double packets, double bytes, long connections, List<Endpoint> endpoints) {}

    /** An endpoint of such a service, with or without traffic. */
    public record Endpoint(String endpoint, double packets, double bytes, long connections) {}
}
