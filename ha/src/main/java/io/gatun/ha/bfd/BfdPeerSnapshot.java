package io.gatun.ha.bfd;

import java.net.InetAddress;

/**
 * A session as it was a moment ago.
 *
 * @param remoteState as the peer says; Down when nothing is heard
 * @param diagnostic why this end changed its state last
 * @param intervalNs at which this end sends, before jitter
 * @param detectionNs silence of the peer after which it is down; 0 when it was never heard
 * @param multiplier packets in a row that the peer must miss to call this end dead
 */
public record BfdPeerSnapshot(
        InetAddress peer,
        BfdState state,
        BfdState remoteState,
        BfdDiagnostic diagnostic,
        long intervalNs,
        long detectionNs,
        int multiplier) {}
