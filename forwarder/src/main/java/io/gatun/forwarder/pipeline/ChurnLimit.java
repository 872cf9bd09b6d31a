package io.gatun.forwarder.pipeline;

import java.util.concurrent.TimeUnit;

/**
 * Keeps datagrams in fragments, and half-open connections that are given up, from filling the connection table: a token
 * bucket, so many a second for each agent that, at the few seconds that a slot of one is taken, they have a tenth of the
 * table at most.
 */
final class ChurnLimit {
    private static final int SHARE = 40;
    private static final int LEAST = 16;

    private final long intervalNs;
    private final int burst;
    private long lastNs;
    private int tokens;

    private ChurnLimit(int perSecond) {
        intervalNs = TimeUnit.SECONDS.toNanos(1) / perSecond;
        burst = perSecond;
        tokens = burst;
    }

    static ChurnLimit forTable(long slots) {
        return new ChurnLimit((int) Math.max(LEAST, slots / SHARE));
    }

    boolean tryAcquire(long nowNs) {
        long earned = (nowNs - lastNs) / intervalNs;
        if (earned != 0) {
            tokens = (int) Math.min(burst, tokens + Math.max(0, earned));
            lastNs += earned * intervalNs;
        }
        if (tokens == 0) {
            return false;
        }
        tokens--;
        return true;
    }
}
