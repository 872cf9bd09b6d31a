package io.gatun.forwarder.pipeline;

import java.util.concurrent.TimeUnit;

/** Rewritten frames that wait for the MAC of their next hop: a bounded queue in order of arrival. */
final class HeldFrames {
    static final int CAPACITY = 256;

    /** ARP asks three times, a second apart; whoever sent the packet repeats it sooner than that. */
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(1);

    private final int[] offsets = new int[CAPACITY];
    private final int[] lengths = new int[CAPACITY];
    private final int[] offloads = new int[CAPACITY];
    private final long[] nextHops = new long[CAPACITY];
    private final long[] deadlinesNs = new long[CAPACITY];
    private int size;

    /** What becomes of a frame that waited. */
    interface Outcome {
        /** MAC of the next hop, or negative while unknown. */
        long macOf(long nextHop);

        void resolved(int offset, int length, int offload, long mac);

        void givenUp(int offset);
    }

    boolean isEmpty() {
        return size == 0;
    }

    boolean isFull() {
        return size == CAPACITY;
    }

    void add(int offset, int length, int offload, long nextHop, long nowNs) {
        offsets[size] = offset;
        lengths[size] = length;
        offloads[size] = offload;
        nextHops[size] = nextHop;
        deadlinesNs[size] = nowNs + PATIENCE_NS;
        size++;
    }

    /** Lets go of every frame whose next hop is known by now or whose time is over. */
    void review(long nowNs, Outcome outcome) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            long mac = outcome.macOf(nextHops[i]);
            if (mac >= 0) {
                outcome.resolved(offsets[i], lengths[i], offloads[i], mac);
            } else if (nowNs - deadlinesNs[i] >= 0) {
                outcome.givenUp(offsets[i]);
            } else {
                offsets[kept] = offsets[i];
                lengths[kept] = lengths[i];
                offloads[kept] = offloads[i];
                nextHops[kept] = nextHops[i];
                deadlinesNs[kept] = deadlinesNs[i];
                kept++;
            }
        }
        size = kept;
    }
}
