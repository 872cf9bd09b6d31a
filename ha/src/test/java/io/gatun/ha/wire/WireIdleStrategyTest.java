package io.gatun.ha.wire;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class WireIdleStrategyTest {
    private static final long MILLISECOND_NS = 1_000_000;

    @Test
    void workThatNeverEndsLeavesOthersTheirTime() {
        try (WireIdleStrategy idle = new WireIdleStrategy()) {
            long startNs = System.nanoTime();
            for (int i = 0; i < 10 * WireIdleStrategy.BURST; i++) {
                idle.idle(1);
            }
            assertTrue(System.nanoTime() - startNs >= 10 * MILLISECOND_NS);
        }
    }

    @Test
    void whoSleepsInBetweenMayDoAsMuchAgain() {
        try (WireIdleStrategy idle = new WireIdleStrategy()) {
            idle.sleepAtMost(0);
            long soonestNs = Long.MAX_VALUE;
            for (int i = 0; i < 100; i++) {
                long startNs = System.nanoTime();
                idle.idle(WireIdleStrategy.BURST - 1);
                idle.idle(0);
                idle.idle(WireIdleStrategy.BURST - 1);
                soonestNs = Math.min(soonestNs, System.nanoTime() - startNs);
                idle.idle(0);
            }
            assertTrue(soonestNs < MILLISECOND_NS);
        }
    }
}
