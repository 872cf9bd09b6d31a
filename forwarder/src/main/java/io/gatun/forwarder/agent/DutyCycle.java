package io.gatun.forwarder.agent;

import java.util.concurrent.TimeUnit;

/**
 * The longest duty cycle of the last minute or two: a maximum since the start would tell of the start alone. What ended
 * in idling is not measured, so that no more than one reading of the clock is needed for a cycle. One thread.
 */
final class DutyCycle {
    static final long WINDOW_NS = TimeUnit.MINUTES.toNanos(1);

    private boolean began;
    private boolean worked;
    private long beganNs;
    private long windowEndNs;
    private long windowMaxNs;
    private long lastMaxNs;

    /** A duty cycle begins, and the one before ends if it did something. */
    void begin(long nowNs) {
        if (worked) {
            windowMaxNs = Math.max(windowMaxNs, nowNs - beganNs);
        }
        if (!began || nowNs - windowEndNs >= 0) {
            began = true;
            lastMaxNs = windowMaxNs;
            windowMaxNs = 0;
            windowEndNs = nowNs + WINDOW_NS;
        }
        beganNs = nowNs;
    }

    /** Whether this cycle did something; the agent idles otherwise. */
    void worked(boolean something) {
        worked = something;
    }

    long maxNs() {
        return Math.max(windowMaxNs, lastMaxNs);
    }
}
