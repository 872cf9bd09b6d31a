package io.gatun.ha.incident;

import io.gatun.ha.vrrp.Detection;
import io.gatun.ha.vrrp.Takeover;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** An incident in the making: readings of the meter and the time in, what is known so far out. Pure; one thread. */
final class Observation {
    /** Connections that were lost show themselves within this time. */
    static final long LOST_WINDOW_NS = TimeUnit.SECONDS.toNanos(5);

    private final TakeoverMeter meter;
    private final Takeover takeover;
    private final long alarmNs;
    private final long announcedBefore;
    private final long forwardedBefore;
    private final long withoutConnectionBefore;
    private Incident incident;

    /**
     * Reads the meter for the first time, before anything is announced.
     *
     * @param alarmNs how long packets may stay away, 0 for ever
     */
    Observation(long number, Instant at, boolean ipv6, Takeover takeover, TakeoverMeter meter, long alarmNs) {
        this.meter = meter;
        this.takeover = takeover;
        // Nobody need send anything to VIPs that had no owner.
        this.alarmNs = takeover.detection() == Detection.NOBODY ? 0 : alarmNs;
        announcedBefore = meter.announced(ipv6);
        forwardedBefore = meter.forwarded();
        withoutConnectionBefore = meter.withoutConnection();
        incident = new Incident(
                number,
                at,
                ipv6,
                takeover.detection(),
                takeover.silenceNs(),
                takeover.heldBack(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                meter.connections(),
                0,
                false,
                false);
    }

    long atNs() {
        return takeover.atNs();
    }

    Incident incident() {
        return incident;
    }

    /** Looks again, for the last time when the VIPs are not ours any more. */
    Incident look(long nowNs, boolean ended) {
        long afterNs = nowNs - takeover.atNs();
        boolean announced = meter.announced(incident.ipv6()) > announcedBefore;
        boolean forwarded = meter.forwarded() > forwardedBefore;
        boolean late = alarmNs > 0 && afterNs >= alarmNs;
        OptionalLong firstPacketNs = since(incident.firstPacketNs(), forwarded, afterNs);
        boolean alarm = incident.alarm() || (late && !ended && firstPacketNs.isEmpty());
        boolean waits = alarmNs > 0 && !late && firstPacketNs.isEmpty();
        boolean complete = ended || (afterNs >= LOST_WINDOW_NS && !waits);
        incident = new Incident(
                incident.number(),
                incident.at(),
                incident.ipv6(),
                incident.detection(),
                incident.silenceNs(),
                incident.heldBack(),
                since(incident.announcedNs(), announced, afterNs),
                firstPacketNs,
                incident.inherited(),
                afterNs <= LOST_WINDOW_NS ? meter.withoutConnection() - withoutConnectionBefore : incident.lost(),
                alarm,
                complete);
        return incident;
    }

    private static OptionalLong since(OptionalLong known, boolean now, long afterNs) {
        return known.isPresent() || !now ? known : OptionalLong.of(afterNs);
    }
}
