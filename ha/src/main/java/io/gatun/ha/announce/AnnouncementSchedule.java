package io.gatun.ha.announce;

import java.util.concurrent.TimeUnit;

/**
 * When a VIP is to be announced: 0, 0.1, 0.5, 1, 2 and 5 s after the start, then every 30 s for as long as it is ours.
 * The burst outlives frames lost while switches reconverge; the period stays well under the 300 s after which switches
 * forget a silent MAC.
 *
 * <p>Times are of one monotonic clock with any origin, compared by subtraction.
 */
public final class AnnouncementSchedule {
    /** Between announcements after the burst. */
    public static final long PERIOD_NS = TimeUnit.SECONDS.toNanos(30);

    private static final long[] BURST_NS = {
        0,
        TimeUnit.MILLISECONDS.toNanos(100),
        TimeUnit.MILLISECONDS.toNanos(500),
        TimeUnit.SECONDS.toNanos(1),
        TimeUnit.SECONDS.toNanos(2),
        TimeUnit.SECONDS.toNanos(5)
    };

    private boolean running;
    private long startNs;
    private long deadlineNs;
    private int burstIndex;

    /** Begins the burst; from its first point again when it runs already. */
    public void start(long nowNs) {
        running = true;
        startNs = nowNs;
        burstIndex = 0;
        deadlineNs = nowNs;
    }

    /** No announcement is due until the next start. */
    public void stop() {
        running = false;
    }

    /**
     * Whether to announce now; true once per point. Points that passed unseen (a frozen process, a long cycle) count as
     * one: two frames back to back tell no more than one.
     */
    public boolean due(long nowNs) {
        if (!running || nowNs - deadlineNs < 0) {
            return false;
        }
        while (burstIndex < BURST_NS.length && nowNs - deadlineNs >= 0) {
            burstIndex++;
            deadlineNs = burstIndex < BURST_NS.length ? startNs + BURST_NS[burstIndex] : deadlineNs + PERIOD_NS;
        }
        if (nowNs - deadlineNs >= 0) {
            deadlineNs += ((nowNs - deadlineNs) / PERIOD_NS + 1) * PERIOD_NS;
        }
        return true;
    }

    /** When the next announcement is due; meaningful while running. */
    public long deadlineNs() {
        return deadlineNs;
    }
}
