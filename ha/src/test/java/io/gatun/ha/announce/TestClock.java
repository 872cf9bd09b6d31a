package io.gatun.ha.announce;

import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;

/** Stands still until told; begins shortly before nanoTime wraps around. */
final class TestClock implements NanoClock {
    private long nowNs = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(3);

    void advanceMs(long milliseconds) {
        nowNs += TimeUnit.MILLISECONDS.toNanos(milliseconds);
    }

    @Override
    public long nanoTime() {
        return nowNs;
    }
}
