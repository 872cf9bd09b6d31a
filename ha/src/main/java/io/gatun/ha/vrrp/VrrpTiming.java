package io.gatun.ha.vrrp;

import java.util.concurrent.TimeUnit;

/** The times of RFC 9568 section 6.1, in nanoseconds. */
final class VrrpTiming {
    static final long CENTISECOND_NS = TimeUnit.MILLISECONDS.toNanos(10);

    /** Intervals of silence after which an owner counts as gone, but for the skew. */
    static final int ADVERTS_MISSED = 3;

    private static final int PRIORITIES = 256;

    private VrrpTiming() {}

    /** How much earlier a node of higher priority takes over. */
    static long skewNs(int priority, int intervalCs) {
        return (PRIORITIES - priority) * (intervalCs * CENTISECOND_NS) / PRIORITIES;
    }

    /** Silence of the owner after which a backup takes over. */
    static long activeDownNs(int priority, int intervalCs) {
        return intervalCs * CENTISECOND_NS * ADVERTS_MISSED + skewNs(priority, intervalCs);
    }
}
