package io.gatun.bench.cases;

import java.util.Locale;

/**
 * What a figure of ours should reach.
 *
 * @param peer beside whom, or empty for the figure alone
 * @param column the figure
 * @param text how the target reads
 */
public record Goal(Kind kind, String peer, String column, String text) {
    /** How ours and the peer's make one number. */
    public enum Kind {
        RATIO,
        DIFFERENCE,
        ALONE
    }

    /** Ours over the peer's of the same round. */
    public static Goal ratio(String peer, String column, String word, double target) {
        return new Goal(Kind.RATIO, peer, column, word + String.format(Locale.ROOT, " %.2f", target));
    }

    /** Ours less the peer's of the same round. */
    public static Goal difference(String peer, String column, String text) {
        return new Goal(Kind.DIFFERENCE, peer, column, text);
    }

    /** Ours alone. */
    public static Goal alone(String column, String text) {
        return new Goal(Kind.ALONE, "", column, text);
    }
}
