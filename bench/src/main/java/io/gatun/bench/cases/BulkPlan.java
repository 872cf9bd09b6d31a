package io.gatun.bench.cases;

import io.gatun.bench.report.Spread;

/**
 * How the bulk case is run.
 *
 * @param rounds how often each contender is started, measured and stopped, at least {@link Spread#SAMPLES_MIN}
 * @param omitS seconds of each transfer that do not count
 * @param seconds seconds that do
 */
public record BulkPlan(int rounds, int omitS, int seconds) {
    public BulkPlan {
        if (rounds < Spread.SAMPLES_MIN) {
            throw new IllegalArgumentException("rounds=" + rounds + ", give at least " + Spread.SAMPLES_MIN);
        }
    }

    /** About a minute. */
    public static BulkPlan quick(int rounds) {
        return new BulkPlan(rounds, 1, 2);
    }

    /** About three minutes. */
    public static BulkPlan full(int rounds) {
        return new BulkPlan(rounds, 2, 4);
    }
}
