package io.gatun.ha.health;

/**
 * What came of a probe.
 *
 * @param well whether the endpoint answered as it should
 * @param delayNs from question to answer, 0 when there was none
 * @param reason why it is not well, in a few words; empty when it is
 */
public record Outcome(boolean well, long delayNs, String reason) {
    static Outcome up(long delayNs) {
        return new Outcome(true, delayNs, "");
    }

    static Outcome down(String reason) {
        return new Outcome(false, 0, reason);
    }
}
