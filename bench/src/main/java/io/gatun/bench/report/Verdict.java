package io.gatun.bench.report;

/** What became of a figure between two runs. */
public enum Verdict {
    WORSE,
    BETTER,
    /** The ranges of both runs touch, or the medians are close. */
    WITHIN_NOISE,
    /** Worse, as is the same figure of a peer: the machine is. */
    WORSE_WITH_PEERS,
    /** It has no good side, or the machine is another one. */
    NOT_COMPARABLE
}
