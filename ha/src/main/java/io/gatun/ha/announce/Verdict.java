package io.gatun.ha.announce;

/** What a received frame deserves, whatever its protocol. */
sealed interface Verdict permits ArpVerdict, NdpVerdict {
    /** Where this verdict is counted. */
    AnnouncerCounter counter();

    /** What the agent does about it. */
    Reaction reaction();
}
