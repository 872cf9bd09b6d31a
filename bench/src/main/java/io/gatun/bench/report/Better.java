package io.gatun.bench.report;

/** Which way a figure is good. */
public enum Better {
    HIGHER,
    LOWER,
    /** It describes the run, such as what was offered: a change is neither gain nor loss. */
    NEITHER
}
