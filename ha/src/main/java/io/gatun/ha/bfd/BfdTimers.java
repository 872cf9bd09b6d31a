package io.gatun.ha.bfd;

/**
 * What one end of a session wants.
 *
 * @param desiredMinTxUs the interval at which this end would like to send once it is Up, in microseconds; the peer may
 *     ask for a longer one
 * @param requiredMinRxUs the shortest interval between packets that this end takes, in microseconds
 * @param multiplier packets in a row that the peer must miss to call this end dead, 1-255
 */
public record BfdTimers(long desiredMinTxUs, long requiredMinRxUs, int multiplier) {
    /** 10 ms: below it a pause of the JVM is taken for death. */
    public static final long INTERVAL_MIN_US = 10_000;

    /** What fits the field on the wire. */
    public static final long INTERVAL_MAX_US = 0xffff_ffffL;

    /** 100 ms x 3. */
    public static final BfdTimers DEFAULT = ofMillis(100, 3);

    public BfdTimers {
        require("desiredMinTxUs", desiredMinTxUs, INTERVAL_MIN_US, INTERVAL_MAX_US);
        require("requiredMinRxUs", requiredMinRxUs, INTERVAL_MIN_US, INTERVAL_MAX_US);
        require("multiplier", multiplier, 1, 255);
    }

    /** The same interval in both directions. */
    public static BfdTimers ofMillis(long intervalMs, int multiplier) {
        return new BfdTimers(intervalMs * 1_000, intervalMs * 1_000, multiplier);
    }

    private static void require(String field, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException("bfd " + field + "=" + value + ", give " + min + " to " + max);
        }
    }
}
