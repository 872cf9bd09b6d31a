package io.gatun.ha.incident;

import io.gatun.ha.vrrp.Takeover;
import java.time.Instant;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows each takeover on a thread of its own, until all is known that will be, and puts it down. */
public final class IncidentRecorder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IncidentRecorder.class);
    private static final double MILLISECOND_NS = TimeUnit.MILLISECONDS.toNanos(1);
    /** Announcement and first packet come soon, and are to be known to the millisecond. */
    private static final int SOON_LOOKS = 1_000;

    private static final int SOON_MS = 1;
    private static final int LATER_MS = 20;
    private static final int FAMILIES = 2;

    private final TakeoverMeter meter;
    private long alarmNs;
    private final Incidents incidents = new Incidents();
    private final Observation[] followed = new Observation[FAMILIES];
    private long number;
    private int looks;
    private boolean closed;

    /**
     * Starts the thread.
     *
     * @param alarmNs how long after a takeover packets may stay away before that is told; 0 for ever
     */
    public IncidentRecorder(TakeoverMeter meter, long alarmNs) {
        this.meter = meter;
        this.alarmNs = alarmNs;
        Thread.ofPlatform().daemon().name("gatun-incidents").start(this::run);
    }

    public Incidents incidents() {
        return incidents;
    }

    /** How long packets may stay away after takeovers from the next one on; 0 for ever. */
    public synchronized void alarm(long afterNs) {
        alarmNs = afterNs;
    }

    /** This node takes the VIPs of a family over; called before it tells anybody. */
    public synchronized void begin(boolean ipv6, Takeover takeover) {
        end(ipv6);
        Instant at = Instant.now().minusNanos(System.nanoTime() - takeover.atNs());
        Observation observation = new Observation(++number, at, ipv6, takeover, meter, alarmNs);
        followed[index(ipv6)] = observation;
        incidents.put(observation.incident());
        looks = 0;
        notifyAll();
    }

    /** The VIPs of a family are not ours any more. */
    public synchronized void end(boolean ipv6) {
        look(index(ipv6), true);
    }

    private static int index(boolean ipv6) {
        return ipv6 ? 1 : 0;
    }

    private synchronized void run() {
        try {
            while (!closed) {
                boolean follows = false;
                for (int i = 0; i < FAMILIES; i++) {
                    follows |= look(i, false);
                }
                wait(!follows ? 0 : ++looks < SOON_LOOKS ? SOON_MS : LATER_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return whether there is more to be known */
    private boolean look(int family, boolean ended) {
        Observation observation = followed[family];
        if (observation == null) {
            return false;
        }
        Incident before = observation.incident();
        Incident now = observation.look(System.nanoTime(), ended);
        incidents.put(now);
        if (now.alarm() && !before.alarm()) {
            LOG.warn(
                    "takeover {}: no packet was forwarded in {} ms: nobody needs the VIPs, or the network does not believe"
                            + " the announcements, see where its switches and routers have the VIPs",
                    now.number(),
                    TimeUnit.NANOSECONDS.toMillis(alarmNs));
        }
        if (now.complete()) {
            followed[family] = null;
            tell(now);
        }
        return !now.complete();
    }

    private static void tell(Incident incident) {
        TakeoverEvent.commit(incident);
        LOG.info(
                "takeover {} of {}: detected_by={} silent={} held_back={} announced={} first_packet={} outage={}"
                        + " connections_inherited={} connections_lost={}",
                incident.number(),
                incident.ipv6() ? "IPv6" : "IPv4",
                incident.detection().text(),
                text(OptionalLong.of(incident.silenceNs())),
                incident.heldBack(),
                text(incident.announcedNs()),
                text(incident.firstPacketNs()),
                text(incident.outageNs()),
                incident.inherited(),
                incident.lost());
    }

    private static String text(OptionalLong ns) {
        return ns.isEmpty() ? "-" : String.format(Locale.ROOT, "%.1fms", ns.getAsLong() / MILLISECOND_NS);
    }

    /** Completes what is under way. */
    @Override
    public synchronized void close() {
        closed = true;
        for (int i = 0; i < FAMILIES; i++) {
            look(i, true);
        }
        notifyAll();
    }
}
