package io.gatun.bench.cases;

import io.gatun.bench.report.Spread;

/**
 * How the crr case is run.
 *
 * @param rounds how often each contender is started, measured and stopped, at least {@link Spread#SAMPLES_MIN}
 * @param warmUpS seconds of requests before the ones that count
 * @param compilingS further seconds at most, as long as a JVM still compiles
 * @param seconds seconds that do
 * @param connections at a time
 */
public record CrrPlan(int rounds, int warmUpS, int compilingS, int seconds, int connections) {
    private static final int CONNECTIONS = 32;

    public CrrPlan {
        if (rounds < Spread.SAMPLES_MIN) {
            throw new IllegalArgumentException("rounds=" + rounds + ", give at least " + Spread.SAMPLES_MIN);
        }
    }

    /** About three minutes. */
    public static CrrPlan quick(int rounds) {
        return new CrrPlan(rounds, 4, 15, 3, CONNECTIONS);
    }

    /** About eight minutes. */
    public static CrrPlan full(int rounds) {
        return new CrrPlan(rounds, 8, 30, 10, CONNECTIONS);
    }
}
