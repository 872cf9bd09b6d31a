package io.gatun.bench.report;

/**
 * Who has figures in a case.
 *
 * @param setup how it was set up, in words
 * @param note what it said of itself, or empty
 */
public record Subject(String name, Kind kind, String setup, String note) {
    /** What a change of its figures tells. */
    public enum Kind {
        /** Gatun, or a part of it. */
        OURS,
        /** Another program on the same links: when it changes, the machine did. */
        PEER,
        /** Ours over a peer's of the same round: what drifts on the machine is in both. */
        RATIO
    }
}
