package io.gatun.ha.incident;

import java.util.ArrayList;
import java.util.List;

/** Outages in the buckets of a histogram of Prometheus: each counts those up to its bound. Any thread. */
public final class OutageHistogram {
    private static final double NS = 1e9;
    private static final double[] BOUNDS_S = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};

    private final long[] counts = new long[BOUNDS_S.length];
    private long count;
    private double sumS;

    /**
     * Outages up to a bound.
     *
     * @param le the bound in seconds as Prometheus writes it, {@code +Inf} for the last
     */
    public record Bucket(String le, long count) {}

    /**
     * All of it at one moment.
     *
     * @param sumS seconds of all together
     */
    public record Snapshot(List<Bucket> buckets, double sumS, long count) {}

    synchronized void observe(long outageNs) {
        double seconds = outageNs / NS;
        for (int i = 0; i < BOUNDS_S.length; i++) {
            if (seconds <= BOUNDS_S[i]) {
                counts[i]++;
            }
        }
        count++;
        sumS += seconds;
    }

    public synchronized Snapshot snapshot() {
        List<Bucket> buckets = new ArrayList<>();
        for (int i = 0; i < BOUNDS_S.length; i++) {
            buckets.add(new Bucket(Double.toString(BOUNDS_S[i]), counts[i]));
        }
        buckets.add(new Bucket("+Inf", count));
        return new Snapshot(buckets, sumS, count);
    }
}
