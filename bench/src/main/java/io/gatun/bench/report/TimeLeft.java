package io.gatun.bench.report;

import java.util.concurrent.TimeUnit;

/** What remains of a run, by what the part that is done took. */
public final class TimeLeft {
    private static final long ROUNDED_UP_NS = TimeUnit.SECONDS.toNanos(1) - 1;

    private TimeLeft() {}

    /**
     * {@code 2 min 05 s left}.
     *
     * @param elapsedNs since the begin
     * @param done what that was spent on, in any measure, more than 0
     * @param all the whole in the same measure
     */
    public static String text(long elapsedNs, double done, double all) {
        long leftNs = (long) (elapsedNs * Math.max(0, all - done) / done);
        return ofSeconds((leftNs + ROUNDED_UP_NS) / TimeUnit.SECONDS.toNanos(1)) + " left";
    }

    /** {@code 2 min 05 s}, or {@code 5 s}. */
    public static String ofSeconds(long seconds) {
        long minutes = seconds / 60;
        return minutes == 0 ? seconds + " s" : "%d min %02d s".formatted(minutes, seconds % 60);
    }
}
