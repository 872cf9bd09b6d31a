package io.gatun.api.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gatun.ha.incident.Incident;
import io.gatun.ha.incident.Incidents;
import io.gatun.ha.incident.OutageHistogram;
import java.util.List;
import java.util.OptionalLong;

/**
 * A takeover by the node that is asked; times are milliseconds, and absent while it has not come to that.
 *
 * @param time of the decision, ISO 8601
 * @param detectedBy {@code silence}, {@code bfd}, {@code left}, {@code preference}, {@code freeze} or {@code nobody}
 * @param silentMs since the last sign of the owner, before {@code time}
 * @param heldBack answers to probes that held the takeover back
 * @param announcedMs first announcement, after {@code time}
 * @param firstPacketMs first packet forwarded, after {@code time}
 * @param outageMs how long nobody had the VIPs
 * @param connectionsLost packets of connections that were not inherited, in five seconds
 * @param alarm whether no packet came in the time set by {@code --traffic-alarm}
 * @param complete whether nothing is added any more
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record IncidentReport(
        long number,
        String time,
        String family,
        String detectedBy,
        double silentMs,
        int heldBack,
        Double announcedMs,
        Double firstPacketMs,
        Double outageMs,
        long connectionsInherited,
        long connectionsLost,
        boolean alarm,
        boolean complete) {
    private static final long NS_PER_TENTH = 100_000;

    public static IncidentReport of(Incident incident) {
        return new IncidentReport(
                incident.number(),
                incident.at().toString(),
                incident.ipv6() ? "IPv6" : "IPv4",
                incident.detection().text(),
                ms(incident.silenceNs()),
                incident.heldBack(),
                ms(incident.announcedNs()),
                ms(incident.firstPacketNs()),
                ms(incident.outageNs()),
                incident.inherited(),
                incident.lost(),
                incident.alarm(),
                incident.complete());
    }

    private static Double ms(OptionalLong ns) {
        return ns.isPresent() ? ms(ns.getAsLong()) : null;
    }

    /** In tenths. */
    private static double ms(long ns) {
        return Math.round((double) ns / NS_PER_TENTH) / 10.0;
    }

    /**
     * The last incidents, oldest first.
     *
     * @param outageSeconds of all since the start, in the buckets of a Prometheus histogram
     */
    public record All(List<IncidentReport> incidents, OutageHistogram.Snapshot outageSeconds) {
        public static All of(Incidents incidents) {
            return new All(
                    incidents.all().stream().map(IncidentReport::of).toList(),
                    incidents.outages().snapshot());
        }
    }
}
