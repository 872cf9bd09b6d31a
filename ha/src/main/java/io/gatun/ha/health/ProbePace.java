package io.gatun.ha.health;

import java.util.concurrent.TimeUnit;

/**
 * How often is asked and what it takes to change one's mind.
 *
 * @param intervalMs from one question to the next, at least {@link #INTERVAL_MIN_MS}
 * @param timeoutMs after which an answer counts as none
 * @param fall failures in a row that make an endpoint down, at least 1
 * @param rise successes in a row that make it up again, at least 1
 */
public record ProbePace(long intervalMs, long timeoutMs, int fall, int rise) {
    /** Faster than this nobody is asked. */
    public static final long INTERVAL_MIN_MS = 100;

    /** loxilb's, contract section 3.5. */
    public static final long INTERVAL_DEFAULT_MS = 60_000;

    public static final int FALL_DEFAULT = 2;
    public static final int RISE_DEFAULT = 1;

    /** One that is down is asked again after this time, if it is not asked more often anyway. */
    private static final long RETRY_MAX_MS = 4_000;

    private static final long TIMEOUT_DEFAULT_MS = 1_000;

    /** Where nobody has said anything. */
    public static final ProbePace USUAL =
            new ProbePace(INTERVAL_DEFAULT_MS, TIMEOUT_DEFAULT_MS, FALL_DEFAULT, RISE_DEFAULT);

    public ProbePace {
        if (intervalMs < INTERVAL_MIN_MS || timeoutMs < 1 || fall < 1 || rise < 1) {
            throw new IllegalArgumentException("interval " + intervalMs + " ms, timeout " + timeoutMs + " ms, fall "
                    + fall + ", rise " + rise + ", give at least " + INTERVAL_MIN_MS + ", 1, 1, 1");
        }
    }

    /** With 0 for what shall be as usual. */
    public static ProbePace of(long intervalMs, long timeoutMs, int fall, int rise) {
        return of(intervalMs, timeoutMs, fall, rise, USUAL);
    }

    /** With 0 for what shall be as in another. A timeout is never longer than the interval, so that silence is found soon. */
    public static ProbePace of(long intervalMs, long timeoutMs, int fall, int rise, ProbePace other) {
        long interval = intervalMs == 0 ? other.intervalMs : intervalMs;
        return new ProbePace(
                interval,
                Math.min(interval, timeoutMs == 0 ? other.timeoutMs : timeoutMs),
                fall == 0 ? other.fall : fall,
                rise == 0 ? other.rise : rise);
    }

    /** The more eager of two: whatever either wants to know it knows no later. */
    ProbePace fastest(ProbePace other) {
        return new ProbePace(
                Math.min(intervalMs, other.intervalMs),
                Math.min(timeoutMs, other.timeoutMs),
                Math.min(fall, other.fall),
                Math.max(rise, other.rise));
    }

    /** From the beginning of one question to the next. */
    long intervalNs(boolean up) {
        return TimeUnit.MILLISECONDS.toNanos(up ? intervalMs : Math.min(intervalMs, RETRY_MAX_MS));
    }
}
