package io.gatun.forwarder.pipeline;

import java.util.concurrent.TimeUnit;

/** A token bucket for the RSTs and port-unreachables that one agent sends: 1,000 a second, bursts of 100. */
final class RefusalLimit {
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int BURST = 100;

    private long lastNs;
    private int tokens = BURST;

    boolean tryAcquire(long nowNs) {
        long earned = (nowNs - lastNs) / INTERVAL_NS;
        if (earned != 0) { // below zero only at first, when the clock is young
            tokens = (int) Math.min(BURST, tokens + Math.max(0, earned));
            lastNs += earned * INTERVAL_NS;
        }
        if (tokens == 0) {
            return false;
        }
        tokens--;
        return true;
    }
}
