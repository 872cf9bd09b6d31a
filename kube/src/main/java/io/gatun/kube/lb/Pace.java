package io.gatun.kube.lb;

import io.gatun.kube.model.Backoff;
import java.time.Duration;

/**
 * How often and how long.
 *
 * @param probe from the start of one health probe to that of the next
 * @param probeDeadline how long its answer may take
 * @param misses probes in a row without an answer that make a member dead
 * @param call how long any other answer may take
 * @param compare from one reading of a member's rules to the next
 * @param retryMin first pause after a failure; it doubles
 * @param retryMax longest pause
 * @param settle in which a protocol between load balancers has followed a preference, if it will
 * @param giveUp after so long without an answer nothing waits for a member any more
 * @param parallel requests to one member at a time
 */
record Pace(
        Duration probe,
        Duration probeDeadline,
        int misses,
        Duration call,
        Duration compare,
        Duration retryMin,
        Duration retryMax,
        Duration settle,
        Duration giveUp,
        int parallel) {
    static final Pace USUAL = new Pace(
            Duration.ofMillis(500),
            Duration.ofMillis(400),
            2,
            Duration.ofSeconds(5),
            Duration.ofMinutes(1),
            Duration.ofMillis(200),
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            Duration.ofMinutes(10),
            4);

    /** The pauses after failures in a row. */
    Backoff backoff() {
        return new Backoff(retryMin, retryMax);
    }

    /** For a member that answers, but one rule after the other with 500: each waits by itself, and the next may pass. */
    Duration shortPause() {
        return retryMax.dividedBy(15);
    }
}
