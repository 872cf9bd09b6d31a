package io.gatun.ha.health;

/**
 * A probe and what it has found.
 *
 * @param up the verdict
 * @param asked whether there was an outcome yet
 * @param reason why the last outcome was none that is wished for; empty when it was
 * @param flaps falls that are still held against it
 * @param answered whether an answer's delay was measured
 * @param minDelayNs of all answers
 */
public record ProbeSnapshot(
        ProbeTarget target,
        ProbePace pace,
        boolean up,
        boolean asked,
        String reason,
        int flaps,
        boolean answered,
        long minDelayNs,
        long avgDelayNs,
        long maxDelayNs) {}
