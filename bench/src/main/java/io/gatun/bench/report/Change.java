package io.gatun.bench.report;

/**
 * A figure in two runs.
 *
 * @param test the case
 */
public record Change(String test, Subject.Kind kind, Figure before, Figure after, Verdict verdict) {
    /** Medians closer than this are alike, however narrow the ranges: each start of a JVM differs by about as much. */
    static final double NOISE = 0.05;

    /** What two spreads say: beyond the noise are ranges that do not touch and medians that are not close. */
    static Verdict verdict(Better better, Spread before, Spread after) {
        if (better == Better.NEITHER) {
            return Verdict.NOT_COMPARABLE;
        }
        boolean isHigher = after.min() > before.max();
        boolean isLower = after.max() < before.min();
        boolean isClose = Math.abs(after.median() - before.median()) <= NOISE * Math.abs(before.median());
        if (isClose || (!isHigher && !isLower)) {
            return Verdict.WITHIN_NOISE;
        }
        return isHigher == (better == Better.HIGHER) ? Verdict.BETTER : Verdict.WORSE;
    }

    boolean isSameFigureAs(Change other) {
        return test.equals(other.test) && before.name().equals(other.before.name());
    }

    Change with(Verdict other) {
        return new Change(test, kind, before, after, other);
    }
}
