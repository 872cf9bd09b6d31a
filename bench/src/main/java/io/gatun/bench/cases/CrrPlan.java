package io.gatun.bench.cases;

import io.gatun.bench.report.Spread;

/**
 * How the cases crr and rps are run.
 *
 * @param requests which of the two
 *
 * @param rounds how often each contender is started, measured and stopped, at least {@link Spread#SAMPLES_MIN}
 * @param warmUpS seconds of requests before the ones that count
 * @param compilingS further seconds at most, as long as a JVM still compiles
 * @param seconds seconds that do
 * @param connections at a time
 */
public record CrrPlan(Requests requests, int rounds, int warmUpS, int compilingS, int seconds, int connections) {
    private static final int CONNECTIONS = 32;

    public CrrPlan {
        if (rounds < Spread.SAMPLES_MIN) {
            throw new IllegalArgumentException("rounds=" + rounds + ", give at least " + Spread.SAMPLES_MIN);
        }
    }

    /** About a minute and a quarter. */
    public static CrrPlan quick(Requests requests, int rounds) {
        return new CrrPlan(requests, rounds, 2, 6, 2, CONNECTIONS);
    }

    /** About two minutes and a half. */
    public static CrrPlan full(Requests requests, int rounds) {
        return new CrrPlan(requests, rounds, 3, 10, 3, CONNECTIONS);
    }

    /** How many requests a connection carries. */
    public enum Requests {
        ONE_EACH("crr", "connections/s", "a connection for each request"),
        MANY_EACH("rps", "requests/s", "connections are kept");

        private final String test;
        private final String rate;
        private final String text;

        Requests(String test, String rate, String text) {
            this.test = test;
            this.rate = rate;
            this.text = text;
        }

        /** The case. */
        String test() {
            return test;
        }

        String rate() {
            return rate;
        }

        String text() {
            return text;
        }

        boolean kept() {
            return this == MANY_EACH;
        }
    }
}
