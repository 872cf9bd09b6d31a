package io.gatun.kube.model;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait after failures in a row: twice as long each time, and never all at the same moment.
 *
 * @param first after one failure
 * @param longest after many
 */
public record Backoff(Duration first, Duration longest) {
    private static final int DOUBLINGS_MAX = 30;

    /** After this many failures in a row, at least one. */
    public long delayNs(int failures) {
        long whole = first.toNanos() << Math.min(failures - 1, DOUBLINGS_MAX);
        long delay = whole <= 0 ? longest.toNanos() : Math.min(whole, longest.toNanos());
        return delay / 2 + ThreadLocalRandom.current().nextLong(delay / 2 + 1);
    }
}
