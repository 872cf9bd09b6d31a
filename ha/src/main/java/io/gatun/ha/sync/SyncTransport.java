package io.gatun.ha.sync;

import org.agrona.DirectBuffer;

/** Carries messages to and from peers, those to one peer in their order; may lose them. For one thread. */
interface SyncTransport extends AutoCloseable {
    /** What became of a message. */
    enum Offer {
        SENT,
        /** There is no room now; offer it again. */
        BUSY,
        /** Nobody is there. */
        AWAY
    }

    /** Takes what was received. */
    @FunctionalInterface
    interface Receiver {
        /** One message, in memory that is valid during the call only. */
        void onMessage(DirectBuffer buffer, int offset, int length);
    }

    /** Peers, which are numbered from 0. */
    int peers();

    /** Sends a message of at most {@link SyncMessage#LENGTH_MAX} bytes. */
    Offer offer(int peer, DirectBuffer buffer, int length);

    /** Hands over up to {@code limit} messages. @return how many */
    int poll(Receiver receiver, int limit);

    @Override
    void close();
}
