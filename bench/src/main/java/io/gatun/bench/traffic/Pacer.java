package io.gatun.bench.traffic;

/**
 * Finds the delay of the generator that yields a rate. What a turn and a frame cost depends on the machine and on how
 * the receiver is doing, so it steers by what was really sent.
 */
public final class Pacer {
    /** Some 8 dependent multiplications; the first guess, corrected at the first measurement. */
    private static final double TURN_NS = 8;

    private static final double NS_PER_S = 1e9;
    private static final double FIRST_FRAME_NS = 400;

    private final double periodNs;
    private double turnNs = TURN_NS;
    private int delay;
    private int lastDelay = -1;
    private double lastPeriodNs;

    /**
     * A pacer for one rate.
     *
     * @param framesPerSecond the rate, or 0 for as fast as can be
     */
    public Pacer(double framesPerSecond) {
        periodNs = framesPerSecond == 0 ? 0 : NS_PER_S / framesPerSecond;
        delay = bounded((periodNs - FIRST_FRAME_NS) / turnNs);
    }

    /** The delay to send with, turns. */
    public int delay() {
        return delay;
    }

    /** Takes in that with the present delay this many frames went out in this time. */
    public void observe(long frames, long elapsedNs) {
        if (periodNs == 0 || frames <= 0) {
            return;
        }
        double observedNs = (double) elapsedNs / frames;
        if (lastDelay >= 0 && Math.abs(delay - lastDelay) > 4) {
            double slope = (observedNs - lastPeriodNs) / (delay - lastDelay);
            turnNs = Math.min(4 * TURN_NS, Math.max(TURN_NS / 4, slope));
        }
        lastDelay = delay;
        lastPeriodNs = observedNs;
        delay = bounded(delay + (periodNs - observedNs) / turnNs);
    }

    private static int bounded(double turns) {
        return (int) Math.max(0, Math.min(GeneratorProgram.DELAY_MAX, Math.round(turns)));
    }
}
