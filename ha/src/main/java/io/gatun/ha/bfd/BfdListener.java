package io.gatun.ha.bfd;

import java.net.InetAddress;

/**
 * Is told whether peers are alive, from the thread that keeps them alive: return within a millisecond or two. What is
 * thrown is logged.
 */
public interface BfdListener {
    /**
     * The session with this peer is Up: both directions work.
     *
     * @param afterNs since the start, or since it was down
     */
    void onPeerUp(InetAddress peer, long afterNs);

    /**
     * The session with this peer is Up no more. Not called for a session that this end closes.
     *
     * @param diagnostic {@link BfdDiagnostic#DETECTION_TIME_EXPIRED} when it fell silent, {@link
     *     BfdDiagnostic#NEIGHBOUR_SIGNALLED_DOWN} when it said so
     * @param administrative whether it said AdminDown: it leaves on purpose
     * @param silentNs since its last packet
     */
    void onPeerDown(InetAddress peer, BfdDiagnostic diagnostic, boolean administrative, long silentNs);
}
