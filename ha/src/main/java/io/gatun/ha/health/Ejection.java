package io.gatun.ha.health;

import java.util.concurrent.TimeUnit;

/**
 * Whether an endpoint is out because of what its packets say. Pure: counts and times in, verdict out. It only suspects;
 * who knows the other endpoints ejects.
 */
final class Ejection {
    /** So many failures without an answer between them make it a suspect. */
    static final int FAILURES = 5;

    private static final long FIRST_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long LONGEST_NS = TimeUnit.MINUTES.toNanos(5);

    private boolean counted;
    private long failures;
    private int answer;
    private long failuresInRow;
    private int times;
    private boolean out;
    private long untilNs;

    /**
     * Takes what was counted so far.
     *
     * @param failuresNow of all time
     * @param answerNow another value than before when a connection was accepted since
     */
    void on(long failuresNow, int answerNow, long nowNs) {
        boolean answered = !counted || answerNow != answer;
        long more = counted ? Math.max(0, failuresNow - failures) : 0;
        counted = true;
        failures = failuresNow;
        answer = answerNow;
        failuresInRow = answered ? 0 : failuresInRow + more;
        if (out && nowNs - untilNs >= 0) {
            admit();
        }
        if (!out && times > 0 && nowNs - untilNs >= 2 * lengthNs()) {
            times = 0;
        }
    }

    /** Whether it should be put out, if it can be spared. */
    boolean suspect() {
        return !out && failuresInRow >= FAILURES;
    }

    /** Puts it out, each time for twice as long. */
    void eject(long nowNs) {
        times++;
        out = true;
        untilNs = nowNs + lengthNs();
        failuresInRow = 0;
    }

    /** Takes it back. */
    void admit() {
        out = false;
        failuresInRow = 0;
    }

    boolean out() {
        return out;
    }

    /** When it comes back. */
    long untilNs() {
        return untilNs;
    }

    private long lengthNs() {
        return Math.min(LONGEST_NS, FIRST_NS << Math.min(times - 1, 10));
    }
}
