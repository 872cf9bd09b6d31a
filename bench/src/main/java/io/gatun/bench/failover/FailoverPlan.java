package io.gatun.bench.failover;

import io.gatun.bench.report.Spread;

/**
 * How the failover case is run.
 *
 * @param rounds takeovers of each contender, at least {@link Spread#SAMPLES_MIN}
 * @param advertMs between adverts, of all contenders, a multiple of ten
 * @param connections of TCP that are open when the node dies
 * @param flows of UDP that are
 */
public record FailoverPlan(int rounds, int advertMs, int connections, int flows) {
    private static final int ADVERT_MIN_MS = 10;
    private static final int ADVERT_MAX_MS = 1_000;
    private static final int CONNECTIONS = 1_000;
    private static final int FLOWS = 200;

    public FailoverPlan {
        if (rounds < Spread.SAMPLES_MIN) {
            throw new IllegalArgumentException("rounds=" + rounds + ", give at least " + Spread.SAMPLES_MIN);
        }
        if (advertMs < ADVERT_MIN_MS || advertMs > ADVERT_MAX_MS || advertMs % ADVERT_MIN_MS != 0) {
            throw new IllegalArgumentException(
                    "adverts=" + advertMs + ", give a multiple of " + ADVERT_MIN_MS + " up to " + ADVERT_MAX_MS);
        }
    }

    /** With the connections that the targets name. */
    public static FailoverPlan of(int rounds, int advertMs) {
        return new FailoverPlan(rounds, advertMs, CONNECTIONS, FLOWS);
    }
}
