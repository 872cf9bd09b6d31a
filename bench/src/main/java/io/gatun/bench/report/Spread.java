package io.gatun.bench.report;

import java.util.Arrays;
import java.util.Locale;

/**
 * A figure that was measured several times.
 *
 * @param median the middle one, or the mean of the two in the middle
 * @param samples how many, at least {@link #SAMPLES_MIN}
 */
public record Spread(double median, double min, double max, int samples) {
    /** Two say nothing about how much a figure varies. */
    public static final int SAMPLES_MIN = 3;

    /**
     * The spread of these samples.
     *
     * @throws IllegalArgumentException when they are too few or one is not a number
     */
    public static Spread of(double... samples) {
        if (samples.length < SAMPLES_MIN) {
            throw new IllegalArgumentException(
                    "samples=" + samples.length + ", a figure needs at least " + SAMPLES_MIN + " rounds");
        }
        double[] sorted = samples.clone();
        Arrays.sort(sorted);
        if (Double.isNaN(sorted[sorted.length - 1])) {
            throw new IllegalArgumentException("samples=" + Arrays.toString(samples) + ", one is not a number");
        }
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1], sorted.length);
    }

    /** {@code 1.32 (1.28-1.35)}, each number multiplied by {@code scale} and with this many decimals. */
    public String text(double scale, int decimals) {
        String number = "%." + decimals + "f";
        return String.format(
                Locale.ROOT, number + " (" + number + "-" + number + ")", median * scale, min * scale, max * scale);
    }
}
