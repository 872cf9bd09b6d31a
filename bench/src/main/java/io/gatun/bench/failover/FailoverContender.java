package io.gatun.bench.failover;

/** Two nodes that share a VIP in front of three endpoints, the first of them active. */
interface FailoverContender {
    String name();

    /** How it is set up, in a line. */
    String setup();

    /** Returns when the first node serves and the second one stands by. */
    Pair start(FailoverBed bed, int advertMs) throws Exception;

    /** Two nodes that run. */
    interface Pair extends AutoCloseable {
        /** Returns when the second node knows what it would inherit. */
        default void settle() throws Exception {}

        /** SIGKILL to what makes the first node active. */
        void kill();

        @Override
        void close();
    }
}
