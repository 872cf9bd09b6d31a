package io.gatun.ha.health;

import java.util.concurrent.TimeUnit;

/**
 * Whether something that is probed is up. It starts up: what nobody has asked yet is given a chance. Pure: outcomes and
 * times in, verdict out.
 *
 * <p>Flaps are damped. The first fall costs nothing more than itself; the one after it, unless the endpoint stayed up long
 * enough to be trusted again, costs a time during which every answer must be good before it counts as up; each further one
 * doubles that time.
 */
final class HealthState {
    /** The shortest penalty, in intervals. */
    private static final int HOLD_INTERVALS = 8;

    private static final long HOLD_MIN_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long HOLD_MAX_NS = TimeUnit.MINUTES.toNanos(1);

    /** Up for so many penalties, it is trusted as if it had never fallen. */
    private static final int TRUST_HOLDS = 10;

    private ProbePace pace;
    private boolean up = true;
    private int failuresInRow;
    private int successesInRow;
    private long goodSinceNs;
    private int flaps;
    private long upSinceNs;

    HealthState(ProbePace pace, long nowNs) {
        this.pace = pace;
        this.upSinceNs = nowNs;
    }

    /** Changes the rules from the next outcome on. */
    void pace(ProbePace wanted) {
        pace = wanted;
    }

    ProbePace pace() {
        return pace;
    }

    boolean up() {
        return up;
    }

    /** Falls that are still held against it. */
    int flaps() {
        return flaps;
    }

    /** Takes an outcome. @return whether the verdict has changed */
    boolean on(boolean well, long nowNs) {
        return well ? onSuccess(nowNs) : onFailure(nowNs);
    }

    /** How long every answer must be good before it is up again. */
    long holdNs() {
        if (flaps < 2) {
            return 0;
        }
        long shortest = Math.max(HOLD_MIN_NS, HOLD_INTERVALS * TimeUnit.MILLISECONDS.toNanos(pace.intervalMs()));
        int doublings = Math.min(flaps - 2, 30);
        return Math.min(HOLD_MAX_NS, shortest << Math.min(doublings, Long.numberOfLeadingZeros(shortest) - 1));
    }

    private boolean onSuccess(long nowNs) {
        failuresInRow = 0;
        if (up) {
            return false;
        }
        if (successesInRow == 0) {
            goodSinceNs = nowNs;
        }
        successesInRow++;
        if (successesInRow < pace.rise() || nowNs - goodSinceNs < holdNs()) {
            return false;
        }
        up = true;
        upSinceNs = nowNs;
        return true;
    }

    private boolean onFailure(long nowNs) {
        successesInRow = 0;
        failuresInRow++;
        if (!up || failuresInRow < pace.fall()) {
            return false;
        }
        flaps = trusted(nowNs) ? 1 : flaps + 1;
        up = false;
        return true;
    }

    private boolean trusted(long nowNs) {
        long shortest = Math.max(HOLD_MIN_NS, HOLD_INTERVALS * TimeUnit.MILLISECONDS.toNanos(pace.intervalMs()));
        return flaps == 0 || nowNs - upSinceNs >= TRUST_HOLDS * Math.min(HOLD_MAX_NS, Math.max(shortest, holdNs()));
    }
}
