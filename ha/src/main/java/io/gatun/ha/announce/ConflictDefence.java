package io.gatun.ha.announce;

import java.util.concurrent.TimeUnit;

/**
 * The manner of RFC 5227 section 2.4(c) for an address that is never given up: keep it, and answer claimants at most
 * once per DEFEND_INTERVAL, so that two owners make no storm.
 */
public final class ConflictDefence {
    /** DEFEND_INTERVAL of RFC 5227 section 1.1. */
    public static final long DEFEND_INTERVAL_NS = TimeUnit.SECONDS.toNanos(10);

    private boolean defended;
    private long lastDefenceNs;
    private long unanswered;

    /**
     * Another host claimed the VIP.
     *
     * @return true when it is to be answered and logged, false when the last answer is less than 10 s old
     */
    public boolean onConflict(long nowNs) {
        if (defended && nowNs - lastDefenceNs < DEFEND_INTERVAL_NS) {
            unanswered++;
            return false;
        }
        defended = true;
        lastDefenceNs = nowNs;
        return true;
    }

    /** Claims left unanswered since this was last asked. */
    public long takeUnanswered() {
        long count = unanswered;
        unanswered = 0;
        return count;
    }
}
