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
    private final int[] devices = new int[CAPACITY];
    private final int[] links = new int[CAPACITY];
    private final long[] highs = new long[CAPACITY];
    private final long[] lows = new long[CAPACITY];
    private final long[] deadlinesNs = new long[CAPACITY];
    private int size;

    /** What becomes of a frame that waited. */
    interface Outcome {
        /** MAC of the next hop, or negative while unknown. */
        long macOf(int link, long high, long low);

        void resolved(int offset, int length, int offload, int device, long mac);

        void givenUp(int offset);
    }

    boolean isEmpty() {
        return size == 0;
    }

    boolean isFull() {
        return size == CAPACITY;
    }

    /**
     * Adds a frame.
     *
     * @param device the interface that it leaves by
     * @param link the link of its next hop, a VLAN of the device or the device itself
     * @param high upper half of the next hop's address
     * @param low lower half
     */
    void add(int offset, int length, int offload, int device, int link, long high, long low, long nowNs) {
        offsets[size] = offset;
        lengths[size] = length;
        offloads[size] = offload;
        devices[size] = device;
        links[size] = link;
        highs[size] = high;
        lows[size] = low;
        deadlinesNs[size] = nowNs + PATIENCE_NS;
        size++;
    }

    /** Lets go of every frame whose next hop is known by now or whose time is over. */
    void review(long nowNs, Outcome outcome) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            long mac = outcome.macOf(links[i], highs[i], lows[i]);
            if (mac >= 0) {
                outcome.resolved(offsets[i], lengths[i], offloads[i], devices[i], mac);
            } else if (nowNs - deadlinesNs[i] >= 0) {
                outcome.givenUp(offsets[i]);
            } else {
                move(i, kept);
                kept++;
            }
        }
        size = kept;
    }

    private void move(int from, int to) {
        offsets[to] = offsets[from];
        lengths[to] = lengths[from];
        offloads[to] = offloads[from];
        devices[to] = devices[from];
        links[to] = links[from];
        highs[to] = highs[from];
        lows[to] = lows[from];
        deadlinesNs[to] = deadlinesNs[from];
    }
}
