package io.gatun.ha.bfd;

/** What a session wants done, called from within its own methods; it must not be called back from here. */
interface BfdActions {
    /** Send now what {@link BfdSession#encode} writes with this argument. */
    void transmit(BfdSession session, boolean isFinal);

    /** The state is another; the packet that tells the peer was given to {@link #transmit} before. */
    void onState(BfdSession session, BfdState from, long nowNs);
}
