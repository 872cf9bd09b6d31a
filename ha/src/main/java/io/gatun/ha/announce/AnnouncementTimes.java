package io.gatun.ha.announce;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * When a VIP is announced after it has become ours. The burst outlives frames lost while switches reconverge; the period
 * stays well under the 300 s after which switches forget a silent MAC.
 *
 * @param burstMs after the start, in milliseconds: 0 first, then rising, at most 16 up to 60000
 * @param periodMs after the last of those, and from then on, for as long as the VIP is ours, 1000-300000
 */
public record AnnouncementTimes(List<Long> burstMs, long periodMs) {
    public static final AnnouncementTimes DEFAULT =
            new AnnouncementTimes(List.of(0L, 100L, 500L, 1_000L, 2_000L, 5_000L), 30_000);

    private static final int BURST_MAX = 16;
    private static final long BURST_MAX_MS = 60_000;
    private static final long PERIOD_MIN_MS = 1_000;
    private static final long PERIOD_MAX_MS = 300_000;

    /** @throws IllegalArgumentException when they cannot be, in one sentence */
    public AnnouncementTimes {
        burstMs = List.copyOf(burstMs);
        boolean rising = !burstMs.isEmpty() && burstMs.size() <= BURST_MAX && burstMs.getFirst() == 0;
        for (int i = 1; i < burstMs.size(); i++) {
            rising &= burstMs.get(i) > burstMs.get(i - 1);
        }
        if (!rising || burstMs.getLast() > BURST_MAX_MS) {
            throw new IllegalArgumentException("announcementBurstMs=" + burstMs + ", give 0 and up to "
                    + (BURST_MAX - 1) + " more, rising to at most " + BURST_MAX_MS);
        }
        if (periodMs < PERIOD_MIN_MS || periodMs > PERIOD_MAX_MS) {
            throw new IllegalArgumentException(
                    "announcementPeriodMs=" + periodMs + ", give " + PERIOD_MIN_MS + "-" + PERIOD_MAX_MS);
        }
    }

    int burstSize() {
        return burstMs.size();
    }

    long burstNs(int point) {
        return TimeUnit.MILLISECONDS.toNanos(burstMs.get(point));
    }

    long periodNs() {
        return TimeUnit.MILLISECONDS.toNanos(periodMs);
    }
}
